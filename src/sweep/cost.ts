// What the trials of a sweep will need: steps, files, and by those or similar runs that have finished, time and space.
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../experiment';
import { secondsOf, type RunStatus } from '../protocol/status';
import { median } from '../math/median';
import { openRun } from '../run/directory';
import { onDisk } from '../run/diskAccess';
import { isRunError } from '../run/errors';
import { listRuns } from '../run/listRuns';
import { isRecord } from '../shared/isRecord';
import { sweepPaths, type Trial } from './sweepDirectory';
import { stateOf } from './trialState';

export interface SweepCost {
  readonly steps: number;
  /** Files and folders. */
  readonly files: number;
  /** Of one processor after another; null if nothing similar has finished. */
  readonly seconds: number | null;
  readonly bytes: number | null;
  /** What time and space are taken from: trials of this sweep, or runs of the same kind in the folder. */
  readonly measuredBy: 'trials' | 'runs' | null;
}

/**
 * The cost of trials with these experiments, beyond that of the trials of the plan that have finished.
 * @param root whose runs are looked at if no trial has finished
 */
export function costOf(
  directory: string,
  root: string,
  planned: readonly Trial[],
  experiments: readonly Experiment[],
): SweepCost {
  const trials = finishedTrials(directory, planned);
  const measured = measure(trials.length > 0 || experiments.length === 0 ? trials : similarRuns(root, experiments));
  const steps = experiments.reduce((sum, experiment) => sum + experiment.steps, 0);
  return {
    steps,
    files: experiments.reduce((sum, experiment) => sum + filesOf(experiment), 0),
    seconds: measured === null ? null : steps * measured.secondsPerStep,
    bytes: measured === null ? null : experiments.length * measured.bytes,
    measuredBy: measured === null ? null : trials.length > 0 ? 'trials' : 'runs',
  };
}

/** A run has 13 files and folders, 9 in each checkpoint that it keeps, and its sample grids. */
function filesOf({ steps, samples, checkpoints }: Experiment): number {
  const saved = Math.min(checkpoints.keep, Math.ceil(steps / checkpoints.every));
  return 13 + 9 * saved + Math.ceil(steps / samples.every);
}

interface FinishedRun {
  readonly directory: string;
  readonly status: RunStatus;
}

/** A few are enough. */
const most = 20;

function finishedTrials(directory: string, planned: readonly Trial[]): FinishedRun[] {
  const finished = planned.flatMap(({ trial }) => {
    const { state, status } = stateOf(directory, trial);
    return state === 'finished' && status !== null && status.step > 0 ? [{ trial, status }] : [];
  });
  return finished.slice(0, most).map(({ trial, status }) => ({ directory: sweepPaths(directory).run(trial), status }));
}

/** The newest finished runs under `root` whose data, networks and batches are of a kind that a trial has. */
function similarRuns(root: string, experiments: readonly Experiment[]): FinishedRun[] {
  const kinds = new Set(experiments.map(kindOf));
  return listRuns(root)
    .flatMap(({ directory, status }) =>
      status?.state === 'finished' && status.step > 0 ? [{ directory, status }] : [],
    )
    .slice(0, 5 * most)
    .filter(({ directory }) => kinds.has(kindOf(experimentOf(directory))))
    .slice(0, most);
}

/** Null for a run that cannot be read: it says nothing about time and space. */
function experimentOf(directory: string): unknown {
  try {
    return openRun(directory).manifest.experiment;
  } catch (error) {
    if (!isRunError(error)) throw error;
    return null;
  }
}

/** What the time of a step depends on most, as text. */
function kindOf(experiment: unknown): string {
  if (!isRecord(experiment)) return '';
  const { data, generator, critic, batchSize } = experiment;
  const network = (value: unknown) => isRecord(value) && (value.network ?? [value.module, value.export]);
  return JSON.stringify([isRecord(data) && data.source, network(generator), network(critic), batchSize]);
}

/** Medians; null without runs. */
function measure(runs: readonly FinishedRun[]) {
  if (runs.length === 0) return null;
  return {
    secondsPerStep: median(runs.map(({ status }) => secondsOf(status) / status.step)),
    bytes: median(runs.map(({ directory }) => bytesIn(directory))),
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
