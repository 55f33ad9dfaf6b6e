// The registry of the workspace's runs: one list for tree, CodeLenses, commands and monitor, polled from disk while it
// is needed.
import * as vscode from 'vscode';
import { contextIds } from '../ids';
import type { Log } from '../log';
import type { ListedFolders } from '../listedFolders';
import { createWatchedReading } from '../watchedReading';
import { createRunIndex, isLive, type Run } from './readRuns';
import { nearestExisting, watchFolders } from './watchFolders';

export interface Runs extends vscode.Disposable {
  /** Newest first, as of the last poll. */
  readonly all: readonly Run[];
  /** Fires when the list, a state or a step changed. */
  readonly onDidChange: vscode.Event<readonly Run[]>;
  find(directory: string): Run | undefined;
  /** The runs that were started from an experiment file, newest first. */
  of(source: string): readonly Run[];
  /**
   * Lists a run that this window is starting, before its trainer has written anything, until the result is disposed.
   */
  expect(run: ExpectedRun): vscode.Disposable;
  /** Keeps the list up to date until the result is disposed. */
  watch(): vscode.Disposable;
  /** Reads the runs again. */
  refresh(): Promise<void>;
}

type ExpectedRun = Pick<Run, 'directory' | 'name'> & Partial<Pick<Run, 'parent'>> & { readonly source: string };

/** Polling interval in milliseconds, while the list is shown or a run is live. */
const everyMs = 1000;

/** The number of latest runs that are watched for being resumed from a terminal. */
const maxWatched = 20;

export function createRuns(log: Log, folders: Pick<ListedFolders, 'all' | 'onDidChange'>): Runs {
  const index = createRunIndex();
  const expected = new Map<string, Run>();
  const changed = new vscode.EventEmitter<readonly Run[]>();
  let all: readonly Run[] = [];
  let disposed = false;

  const show = (found: readonly Run[]) => {
    const now = found.map((run) => (run.status === null ? (expected.get(run.directory) ?? run) : run));
    const same = now.length === all.length && now.every((run, i) => run === all[i]);
    all = now;
    if (!same) {
      changed.fire(all);
      void setContext(all);
    }
  };
  const read = async () => {
    show(await index.read(folders.all, show));
    reading.adjust();
  };
  const onError = (error: unknown) => log.warn(`Cannot list the runs: ${String(error)}`);
  // The command line creates the folder of a run first and its status a moment later.
  let pollUntil = 0;
  const folderWatch = watchFolders(() => {
    pollUntil = Date.now() + 10 * everyMs;
    reading.adjust();
  });
  // While the list is hidden and no run is live, file system events replace polling.
  const reading = createWatchedReading(read, {
    everyMs: () => everyMs,
    onError,
    isWanted: () =>
      Date.now() < pollUntil || expected.size > 0 || all.some((run) => isLive(run) && run.liveness !== 'elsewhere'),
    onAdjusted: () => {
      if (reading.polls) folderWatch.set([]);
      else void watchForRuns().catch(onError);
    },
  });
  const watchForRuns = async () => {
    const watched = (await Promise.all(folders.all.map(nearestExisting))).flat();
    const latest = all.slice(0, maxWatched).map(({ directory }) => ({ folder: directory, name: 'status.json' }));
    if (!reading.polls && !disposed) folderWatch.set([...watched, ...latest]);
  };
  const { refresh } = reading;
  const events = [
    folderWatch,
    folders.onDidChange(() => void refresh()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && void refresh()),
  ];
  void refresh();
  return {
    get all() {
      return all;
    },
    onDidChange: changed.event,
    find: (directory) => all.find((run) => run.directory === directory),
    of: (source) => all.filter((run) => run.source !== null && samePath(run.source, source)),
    expect(run) {
      expected.set(run.directory, startingRun(run));
      reading.adjust();
      return new vscode.Disposable(() => {
        expected.delete(run.directory);
        void refresh();
      });
    },
    watch: reading.watch,
    refresh,
    dispose() {
      disposed = true;
      reading.dispose();
      vscode.Disposable.from(changed, ...events).dispose();
    },
  };
}

/** A run whose trainer has written nothing yet. */
const startingRun = ({ parent = null, ...run }: ExpectedRun): Run => ({
  ...run,
  experimentName: run.name,
  experiment: null,
  parent,
  tags: [],
  notes: '',
  status: null,
  liveness: 'alive',
  estimate: null,
  estimateLabel: '',
  problem: null,
});

/** Case-insensitive on Windows, where drive letters vary in case. */
export const samePath = (a: string, b: string): boolean =>
  process.platform === 'win32' ? a.toLowerCase() === b.toLowerCase() : a === b;

async function setContext(all: readonly Run[]): Promise<void> {
  await vscode.commands.executeCommand('setContext', contextIds.hasRuns, all.length > 0);
  await vscode.commands.executeCommand('setContext', contextIds.hasLiveRuns, all.some(isLive));
}
