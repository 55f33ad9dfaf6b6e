// What the trials of a sweep will need: steps, files, and by those that have finished, time and space.
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../experiment';
import { secondsOf } from '../protocol/status';
import { median } from '../math/median';
import { onDisk } from '../run/diskAccess';
import { sweepPaths, type Trial } from './sweepDirectory';
import { stateOf } from './trialState';

export interface SweepCost {
  readonly steps: number;
  /** Files and folders. */
  readonly files: number;
  /** Of one processor after another; null before a trial has finished. */
  readonly seconds: number | null;
  readonly bytes: number | null;
}

/** The cost of trials with these experiments, beyond that of the trials of the plan that have finished. */
export function costOf(directory: string, planned: readonly Trial[], experiments: readonly Experiment[]): SweepCost {
  const measured = finishedRuns(directory, planned);
  const steps = experiments.reduce((sum, experiment) => sum + experiment.steps, 0);
  return {
    steps,
    files: experiments.reduce((sum, experiment) => sum + filesOf(experiment), 0),
    seconds: measured === null ? null : steps * measured.secondsPerStep,
    bytes: measured === null ? null : experiments.length * measured.bytes,
  };
}

/** A run has 13 files and folders, 9 in each checkpoint that it keeps, and its sample grids. */
function filesOf({ steps, samples, checkpoints }: Experiment): number {
  const saved = Math.min(checkpoints.keep, Math.ceil(steps / checkpoints.every));
  return 13 + 9 * saved + Math.ceil(steps / samples.every);
}

/** Medians over some of the runs that have finished; null if there are none. */
function finishedRuns(directory: string, planned: readonly Trial[]) {
  const statuses = planned.flatMap(({ trial }) => {
    const { state, status } = stateOf(directory, trial);
    return state === 'finished' && status !== null && status.step > 0 ? [{ trial, status }] : [];
  });
  if (statuses.length === 0) return null;
  const some = statuses.slice(0, 20);
  return {
    secondsPerStep: median(some.map(({ status }) => secondsOf(status) / status.step)),
    bytes: median(some.map(({ trial }) => bytesIn(sweepPaths(directory).run(trial)))),
  };
}

/** The bytes of all files in a run directory; links are not followed. */
function bytesIn(folder: string): number {
  return onDisk('list', folder, () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .slice(0, 10_000)
      .reduce((sum, name) => sum + (lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0),
  );
}
