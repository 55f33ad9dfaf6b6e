// The folder of a run is renamed, moved away or deleted while its trainer works on it: what the editor lists and says.
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createRuns, type Runs } from '../../src/extension/runs/runRegistry';
import { shownState } from '../../src/extension/runs/describe';
import { registerFailureNotifications } from '../../src/extension/runs/failureNotifications';
import { isLive } from '../../src/extension/runs/readRuns';
import { removeTree } from '../support/removeTree';
import { EventEmitter, window } from '../support/vscode';
import { experiment, scratch, start, status, type Process } from './cliProcess';

vi.mock('vscode', () => import('../support/vscode'));

const log = { info: () => {}, warn: () => {}, error: () => {} } as never;
let folder = '';
let runs: Runs;
beforeEach(() => {
  folder = path.join(scratch(), '.earthmover', 'runs');
  mkdirSync(folder, { recursive: true });
  window.shown = [];
  runs = createRuns(log, { all: [folder], onDidChange: new EventEmitter<void>().event as never });
  const watching = runs.watch();
  const notifications = registerFailureNotifications({
    log,
    runs,
    actions: { openMonitor: () => {}, openLog: async () => {} },
    diagnostics: { show: () => {} },
    isShown: () => false,
    announceOnce: async () => true,
  });
  onTestFinished(() => {
    notifications.dispose();
    watching.dispose();
    runs.dispose();
  });
});

/** Trains a run for a long time; resolves when the editor lists it as running. */
async function training(): Promise<{ readonly directory: string; readonly trainer: Process }> {
  const directory = path.join(folder, '20240109-080706-ring');
  const file = experiment(path.dirname(path.dirname(folder)), { name: 'ring', steps: 1_000_000 });
  const trainer = start(['train', file, '--out', directory, '--json']);
  const runs30 = () => runs.find(directory)?.status?.step ?? 0;
  await vi.waitFor(() => expect(runs30()).toBeGreaterThan(30), { timeout: 60_000, interval: 50 });
  return { directory, trainer };
}

/** Until the list has been read twice after the process has exited. */
async function settled({ ended }: Process): Promise<void> {
  const { code } = await ended;
  expect(code).not.toBe(0);
  await runs.refresh();
  await runs.refresh();
  await vi.waitFor(() => expect(window.shown).not.toEqual([]), { timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 300));
}

const gone = (directory: string) => `ring ended because its folder was deleted or moved during training: ${directory}`;

it('a renamed run is said to have ended once, and is not taken for one that crashed', async () => {
  const { directory, trainer } = await training();
  const renamed = `${directory}-kept`;
  renameSync(directory, renamed);
  await settled(trainer);
  expect(window.shown).toEqual([gone(directory)]);
  expect(runs.all.map((run) => [run.directory, isLive(run)])).toEqual([[renamed, false]]);
  // Nothing is written where it was.
  expect(readdirSync(folder)).toEqual([path.basename(renamed)]);
  expect(status(renamed).step).toBeGreaterThan(30);
  expect(['dead', 'failed']).toContain(shownState(runs.all[0]));
});

it('a run that is moved out of the folder, or deleted, is no longer listed, and is said to have ended', async () => {
  const { directory, trainer } = await training();
  renameSync(directory, path.join(path.dirname(path.dirname(folder)), 'elsewhere'));
  await settled(trainer);
  expect([window.shown, runs.all]).toEqual([[gone(directory)], []]);

  window.shown = [];
  const second = await training();
  removeTree(second.directory);
  await settled(second.trainer);
  expect([window.shown, runs.all, existsSync(second.directory)]).toEqual([[gone(second.directory)], [], false]);
});
