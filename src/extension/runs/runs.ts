// The registry of the workspace's runs: one list for tree, lenses, commands and monitor, read from disk while it matters.
import * as vscode from 'vscode';
import { poll, type Polling } from '../../run/polling';
import { contextIds, settingIds } from '../ids';
import type { Log } from '../log';
import { onSetting, runsFolders } from '../settings';
import { createRunIndex, isLive, type Run } from './runIndex';
import { nearestExisting, watchFolders } from './watchFolders';

export interface Runs extends vscode.Disposable {
  /** Newest first, as last seen. */
  readonly all: readonly Run[];
  /** Fires when the list, a state or a step changed. */
  readonly onDidChange: vscode.Event<readonly Run[]>;
  find(directory: string): Run | undefined;
  /** The runs that were started from an experiment file, newest first. */
  of(source: string): readonly Run[];
  /** Lists a run that this window is starting, before its trainer has written anything; until the returned value is disposed of. */
  expect(run: { directory: string; name: string; source: string }): vscode.Disposable;
  /** Somebody looks at the list: it is kept fresh until the returned value is disposed of. */
  watch(): vscode.Disposable;
  /** Looks again, and settles when that is done. */
  refresh(): Promise<void>;
}

/** How often the folders are looked at, in milliseconds, while somebody looks or something is trained. */
const everyMs = 1000;

/** Of so many runs, the newest, it is seen at once when a terminal goes on with them. */
const maxWatched = 20;

export function createRuns(log: Log): Runs {
  const index = createRunIndex();
  const expected = new Map<string, Run>();
  const changed = new vscode.EventEmitter<readonly Run[]>();
  let all: readonly Run[] = [];
  let watchers = 0;
  let polling: Polling | undefined;

  const look = async () => {
    const found = await index.read(runsFolders());
    const now = found.map((run) => (run.status === null ? (expected.get(run.directory) ?? run) : run));
    const same = now.length === all.length && now.every((run, i) => run === all[i]);
    all = now;
    if (!same) {
      changed.fire(all);
      void setContext(all);
    }
    adjust();
  };
  const onError = (error: unknown) => log.warn(`The runs cannot be listed: ${String(error)}`);
  // A terminal begins a run by its folder, and says a moment later in it that it is alive.
  let lookUntil = 0;
  const beside = watchFolders(() => {
    lookUntil = Date.now() + 10 * everyMs;
    adjust();
  });
  // Nothing is polled while nobody looks and nothing is trained: then a change of the folders is waited for.
  const adjust = () => {
    const soon = Date.now() < lookUntil;
    const wanted =
      soon || watchers > 0 || expected.size > 0 || all.some((run) => isLive(run) && run.liveness !== 'elsewhere');
    if (wanted) {
      polling ??= poll(lookInTurn, everyMs, onError);
      beside.set([]);
    } else {
      polling?.stop();
      polling = undefined;
      const newest = all.slice(0, maxWatched).map(({ directory }) => ({ folder: directory, name: 'status.json' }));
      beside.set([...runsFolders().flatMap(nearestExisting), ...newest]);
    }
  };
  // One look at a time: the index remembers what it saw last.
  let looking = Promise.resolve();
  const lookInTurn = () => (looking = looking.then(look, look));
  const refresh = () => lookInTurn().catch(onError);
  const events = [
    beside,
    vscode.workspace.onDidChangeWorkspaceFolders(() => void refresh()),
    onSetting([settingIds.runsFolder], () => void refresh()),
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
      expected.set(run.directory, { ...run, status: null, liveness: 'alive', estimate: null, problem: null });
      adjust();
      return new vscode.Disposable(() => {
        expected.delete(run.directory);
        void refresh();
      });
    },
    watch() {
      watchers++;
      adjust();
      return new vscode.Disposable(() => {
        watchers--;
        adjust();
      });
    },
    refresh,
    dispose() {
      polling?.stop();
      vscode.Disposable.from(changed, ...events).dispose();
    },
  };
}

/** Windows writes the same drive with a small and a capital letter. */
export const samePath = (a: string, b: string): boolean =>
  process.platform === 'win32' ? a.toLowerCase() === b.toLowerCase() : a === b;

async function setContext(all: readonly Run[]): Promise<void> {
  await vscode.commands.executeCommand('setContext', contextIds.hasRuns, all.length > 0);
  await vscode.commands.executeCommand('setContext', contextIds.hasLiveRuns, all.some(isLive));
}
