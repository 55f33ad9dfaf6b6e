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
  let reading: Promise<Reading> | undefined;
  /** When a reading that failed is tried again, in milliseconds since 1970. */
  let retryAt = Infinity;
  const read = (): Promise<Reading> => {
    const started = readUses();
    const retryIn = (ms: number) => {
      if (reading === started) retryAt = Date.now() + ms;
    };
    retryAt = Infinity;
    started.then(
      ({ isWhole }) => {
        if (!isWhole) retryIn(retryMs);
      },
      () => retryIn(0),
    );
    return started;
  };
  const forget = () => {
    reading = undefined;
    changed.fire();
  };
  /** Watches from the first reading: until then, there is nothing to forget. */
  let watching: vscode.Disposable | undefined;
  return {
    onDidChange: changed.event,
    async usesOf(module) {
      watching ??= watchExperiments(forget);
      if (Date.now() >= retryAt) reading = undefined;
      const { uses } = await (reading ??= read());
      return uses.filter((use) => samePath(use.module, module));
    },
    dispose() {
      watching?.dispose();
      changed.dispose();
    },
  };
}

function watchExperiments(onChange: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.gan.{json,jsonc}');
  const events = [watcher.onDidCreate(onChange), watcher.onDidChange(onChange), watcher.onDidDelete(onChange)];
  return vscode.Disposable.from(watcher, ...events);
}

/** At most this many files are read: a workspace has tens of experiments, an archive has thousands. */
const maxFiles = 1000;

/** A file that could not be read may be readable without an event: its disk is back, or it got other permissions. */
const retryMs = 10_000;

interface Reading {
  readonly uses: readonly ModelUse[];
  /** Whether all files could be read. */
  readonly isWhole: boolean;
}

async function readUses(): Promise<Reading> {
  const files = await vscode.workspace.findFiles('**/*.gan.{json,jsonc}', '**/{node_modules,.earthmover}/**', maxFiles);
  const names = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const texts = await Promise.all(names.sort().map(async (file) => ({ file, text: await textOf(file) })));
  if (texts.length === 0) return { uses: [], isWhole: true };
  const { modelUses } = await import('../lazy');
  return {
    uses: texts.flatMap(({ file, text }) => (text === undefined ? [] : modelUses(file, text))),
    isWhole: texts.every(({ text }) => text !== undefined),
  };
}

/** The text of an experiment file, which can have 1 MiB; undefined if it is larger, or cannot be read. */
const textOf = (file: string): Promise<string | undefined> =>
  readOrdinaryAsync(file, 1 << 20, 'follow').then(String, () => undefined);
