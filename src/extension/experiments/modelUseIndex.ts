// An index of the model files that the experiment files of the workspace use.
import * as vscode from 'vscode';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { samePath } from '../runs/runRegistry';
import type { ModelUse } from './modelReferences';

export interface ExperimentIndex extends vscode.Disposable {
  /** The uses of a model file, sorted by experiment file. Excludes experiments that quick starts wrote. */
  usesOf(module: string): Promise<readonly ModelUse[]>;
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
    async usesOf(module) {
      uses ??= readUses();
      return (await uses).filter((use) => samePath(use.module, module));
    },
    dispose: () => vscode.Disposable.from(changed, watcher, ...events).dispose(),
  };
}

/** At most this many files are read: a workspace has tens of experiments, an archive has thousands. */
const maxFiles = 1000;

async function readUses(): Promise<readonly ModelUse[]> {
  const files = await vscode.workspace.findFiles('**/*.gan.{json,jsonc}', '**/{node_modules,.earthmover}/**', maxFiles);
  const names = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const texts = await Promise.all(names.sort().map(async (file) => ({ file, text: await textOf(file) })));
  if (texts.length === 0) return [];
  const { modelUses } = await import('../lazy');
  return texts.flatMap(({ file, text }) => modelUses(file, text));
}

/** The text of an experiment file, which can have 1 MiB; '' if it is larger, or no ordinary file. */
const textOf = (file: string): Promise<string> => readOrdinaryAsync(file, 1 << 20, 'follow').then(String, () => '');
