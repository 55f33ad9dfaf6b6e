// The list of the workspace's sweeps, read from disk while it is shown.
import * as vscode from 'vscode';
import { contextIds } from '../ids';
import { exists } from '../exists';
import type { ListedFolders } from '../listedFolders';
import type { Log } from '../log';
import { createWatchedReading } from '../watchedReading';
import type { Sweeps, SweepSummary } from './sweepSummary';

/** Milliseconds between two looks; more if a look takes long, as on a network disk. */
const everyMs = 2000;
const slowEveryMs = 10_000;
const slowMs = 1000;

export function createSweeps(log: Log, folders: Pick<ListedFolders, 'all' | 'onDidChange' | 'remember'>): Sweeps {
  const changed = new vscode.EventEmitter<void>();
  let all: readonly SweepSummary[] = [];
  let index: { read(folders: readonly string[]): Promise<readonly SweepSummary[]> } | undefined;
  let lookMs = 0;
  const read = async () => {
    const began = performance.now();
    const existing = await existingOf(folders.all);
    // The code that reads sweeps is loaded where there are some.
    if (existing.length === 0 && index === undefined) return;
    index ??= (await import('../lazy')).createSweepIndex();
    const now = await index.read(existing);
    lookMs = performance.now() - began;
    if (now.length === all.length && now.every((each, i) => each === all[i])) return;
    all = now;
    await vscode.commands.executeCommand('setContext', contextIds.hasSweeps, all.length > 0);
    changed.fire();
  };
  const reading = createWatchedReading(read, {
    everyMs: () => (lookMs > slowMs ? slowEveryMs : everyMs),
    onError: (error) => log.warn(`Cannot list the sweeps: ${String(error)}`),
  });
  const folderChanges = folders.onDidChange(() => void reading.refresh());
  void reading.refresh();
  return {
    get all() {
      return all;
    },
    onDidChange: changed.event,
    watch: reading.watch,
    refresh: reading.refresh,
    remember: folders.remember,
    dispose() {
      folderChanges.dispose();
      reading.dispose();
      changed.dispose();
    },
  };
}

async function existingOf(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map(async (folder) => ((await exists(folder)) ? [folder] : [])));
  return found.flat();
}
