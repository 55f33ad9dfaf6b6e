// Which experiment files of the workspace name which model files.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import { samePath } from '../runs/runs';

export interface ModelUse {
  /** The experiment file. */
  readonly file: string;
  /** The model file and the name of the export. */
  readonly module: string;
  readonly exported: string;
}

export interface ExperimentIndex extends vscode.Disposable {
  /** The uses of a model file, by the experiment's name; experiments that quick starts wrote are left out. */
  naming(module: string): Promise<readonly ModelUse[]>;
  readonly onDidChange: vscode.Event<void>;
}

export function createExperimentIndex(): ExperimentIndex {
  const changed = new vscode.EventEmitter<void>();
  let uses: Promise<readonly ModelUse[]> | undefined;
  const forget = () => {
    uses = undefined;
    changed.fire();
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.gan.{json,jsonc}');
  const events = [watcher.onDidCreate(forget), watcher.onDidChange(forget), watcher.onDidDelete(forget)];
  return {
    onDidChange: changed.event,
    async naming(module) {
      uses ??= readUses();
      return (await uses).filter((use) => samePath(use.module, module));
    },
    dispose: () => vscode.Disposable.from(changed, watcher, ...events).dispose(),
  };
}

/** Files beyond this number are not read: a workspace has tens of experiments, a dump of them has thousands. */
const maxFiles = 1000;

async function readUses(): Promise<readonly ModelUse[]> {
  const files = await vscode.workspace.findFiles('**/*.gan.{json,jsonc}', '**/{node_modules,.earthmover}/**', maxFiles);
  const names = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const texts = await Promise.all(names.sort().map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') }))); // prettier-ignore
  return texts.flatMap(({ file, text }) => modelUses(file, text));
}

/** The modules that the text of an experiment file names, as absolute paths; whatever else is wrong with it. */
export function modelUses(file: string, text: string): ModelUse[] {
  const experiment: unknown = parse(text);
  if (typeof experiment !== 'object' || experiment === null) return [];
  return (['generator', 'critic'] as const).flatMap((role) => {
    const network = (experiment as Record<string, unknown>)[role];
    const { module, export: exported = role } = (network ?? {}) as { module?: unknown; export?: unknown };
    if (typeof module !== 'string' || typeof exported !== 'string') return [];
    return [{ file, module: path.resolve(path.dirname(file), module), exported }];
  });
}
