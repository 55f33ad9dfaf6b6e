// The list of the workspace's sweeps, read from disk while it is shown.
import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { contextIds } from '../ids';
import type { Log } from '../log';
import { createWatchedReading } from '../watchedReading';
import type { Sweeps, SweepSummary } from './sweepSummary';

/** Milliseconds between two looks; more if a look takes long, as on a network disk. */
const everyMs = 2000;
const slowEveryMs = 10_000;
const slowMs = 1000;

export function createSweeps(log: Log): Sweeps {
  const changed = new vscode.EventEmitter<void>();
  let all: readonly SweepSummary[] = [];
  let index: { read(folders: readonly string[]): Promise<readonly SweepSummary[]> } | undefined;
  let lookMs = 0;
  const read = async () => {
    const began = performance.now();
    const folders = await sweepFolders();
    // The code that reads sweeps is loaded where there are some.
    if (folders.length === 0 && index === undefined) return;
    index ??= (await import('../lazy')).createSweepIndex();
    const now = await index.read(folders);
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
  void reading.refresh();
  return {
    get all() {
      return all;
    },
    onDidChange: changed.event,
    watch: reading.watch,
    refresh: reading.refresh,
    dispose() {
      reading.dispose();
      changed.dispose();
    },
  };
}

/** The existing folders of sweeps, one for each workspace folder on this machine's disk. */
async function sweepFolders(): Promise<string[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const folders = roots.map(({ uri }) => path.join(uri.fsPath, '.earthmover', 'sweeps'));
  const found = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => [folder],
        () => [],
      ),
    ),
  );
  return found.flat();
}
