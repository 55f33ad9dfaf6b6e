// Reads how far the trials of a sweep are, again and again: finished ones once, and of the others only those whose
// status has changed, some at a time.
import { readdir } from 'node:fs/promises';
import { errno } from '../../files/errno';
import type { RunStatus } from '../../protocol/status';
import { hasEnded, secondsOf } from '../../protocol/status';
import type { TrialProgress } from '../../protocol/sweep';
import { folderInsideAsync, inside } from '../../run/diskAccess';
import { inspectStatusAsync, statusFile } from '../../run/status';
import { canceledBy, numbered } from '../../sweep/sweepDirectory';
import { findTrialState, readFailureAsync } from '../../sweep/trialState';
import { stampOf } from '../monitor/runFiles';

/** Trials that are read at the same time. */
const batch = 50;

/** The result of a finished trial from its run; null if it has none. */
export type ReadResult = (run: string) => Promise<number | null>;

export interface TrialReader {
  /**
   * Reads the trials 1 to `count`, and calls `onBatch` with those that have changed since the last call; at the first,
   * with all.
   */
  read(count: number, onBatch: (changed: readonly TrialProgress[]) => void): Promise<void>;
  /** As of the last call, in the order of the plan. */
  readonly trials: readonly TrialProgress[];
}

interface Known {
  readonly progress: TrialProgress;
  /** Changes with the file that it was read from; '' for a trial that has none. */
  readonly stamp: string;
  readonly status: RunStatus | null;
}

/** Names in folders of the sweep. */
interface Names {
  readonly runs: ReadonlySet<string>;
  readonly failures: ReadonlySet<string>;
  readonly isCanceled: (trial: number) => boolean;
}

export function createTrialReader(directory: string, resultOf: ReadResult): TrialReader {
  const known: Known[] = [];
  const readTrial = async (trial: number, names: Names): Promise<Known> => {
    const before = known[trial - 1] as Known | undefined;
    if (names.runs.has(numbered(trial))) {
      const run = inside(directory, 'runs', numbered(trial));
      const stamp = await stampOf(statusFile(run));
      if (stamp === before?.stamp && before.status !== null) {
        // A process that has exited changes nothing.
        if (hasEnded(before.status.state)) return before;
        const state = await findTrialState(before.status);
        return state === before.progress.state ? before : { ...before, progress: { ...before.progress, state } };
      }
      const { status, problem } = await inspectStatusAsync(run);
      if (problem !== null) return unstarted(trial, 'exited', problem);
      if (status !== null) {
        const state = await findTrialState(status);
        const value = state === 'finished' ? await resultOf(run) : null;
        const { step, steps, message } = status;
        return { progress: { trial, state, step, steps, seconds: secondsOf(status), value, message }, stamp, status };
      }
    }
    const failure = `${numbered(trial)}.json`;
    const message = names.failures.has(failure) ? await readFailureAsync(inside(directory, 'failures', failure)) : null;
    if (message !== null) return unstarted(trial, 'failed', message);
    return unstarted(trial, names.isCanceled(trial) ? 'canceled' : 'waiting', null);
  };
  return {
    get trials() {
      return known.map(({ progress }) => progress);
    },
    async read(count, onBatch) {
      const [runs, failures, canceled] = await Promise.all(
        (['runs', 'failures', 'canceled'] as const).map((name) => namesIn(directory, name)),
      );
      const names = { runs, failures, isCanceled: canceledBy(canceled) };
      const first = known.length === 0;
      const open = Array.from({ length: count }, (_, i) => i + 1).filter((trial) => !isFinal(known[trial - 1]));
      for (let from = 0; from < open.length; from += batch) {
        const part = open.slice(from, from + batch);
        const read = await Promise.all(part.map((trial) => readTrial(trial, names)));
        const changed = read.filter(({ progress }, i) => first || !same(progress, known[part[i] - 1]?.progress));
        for (const each of read) known[each.progress.trial - 1] = each;
        if (changed.length > 0) onBatch(changed.map(({ progress }) => progress));
      }
    },
  };
}

/** Whether a trial will not change any more: nothing resumes it. */
const isFinal = (trial: Known | undefined): boolean => trial?.progress.state === 'finished';

const same = (a: TrialProgress, b: TrialProgress | undefined): boolean =>
  b !== undefined && (Object.keys(a) as (keyof TrialProgress)[]).every((key) => a[key] === b[key]);

const unstarted = (trial: number, state: TrialProgress['state'], message: string | null): Known => ({
  progress: { trial, state, step: 0, steps: 0, seconds: 0, value: null, message },
  stamp: '',
  status: null,
});

/** The names of the folders, or of the files, in a folder of a sweep; none if it does not exist. Links are left out. */
async function namesIn(directory: string, name: 'runs' | 'failures' | 'canceled'): Promise<ReadonlySet<string>> {
  const folder = await folderInsideAsync(directory, name);
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const wanted = entries.filter((entry) => (name === 'runs' ? entry.isDirectory() : entry.isFile()));
    return new Set(wanted.map((entry) => entry.name));
  } catch (error) {
    if (errno(error) === 'ENOENT') return new Set();
    throw error;
  }
}
