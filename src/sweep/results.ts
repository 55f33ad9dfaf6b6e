// The results of trials: one number each, from the curves of their runs.
import { metrics, rankedNumbers, type MetricId, type ResultConfig } from '../catalog';
import type { Rows } from '../run/metricsReader';
import { openRunMetrics } from '../run/runMetrics';
import { isRunError } from '../run/errors';
import { shortFloat32 } from '../shared/float32';
import { experimentOf } from './plan';
import { sweepPaths, type Sweep, type Trial } from './sweepDirectory';
import { stateOf, type TrialState } from './trialState';

/** How trials are compared. */
export interface Comparison {
  readonly metric: string;
  readonly maximize: boolean;
  readonly value: ResultConfig['value'];
  readonly tail: number;
  readonly thresholds: readonly number[];
}

/** A trial and its number; null if it has not finished, or has no finite value. */
export interface TrialResult {
  readonly trial: Trial;
  readonly state: TrialState;
  readonly value: number | null;
}

/** What the sweep file says, else the first metric of the samples that is measured; null if there is none. */
export function comparisonOf(sweep: Sweep): Comparison | null {
  const { result } = sweep.file;
  const metric = result?.metric ?? measuredMetric(sweep);
  if (metric === undefined) return null;
  const { goal = 'auto', value = 'last', tail = 0.2, thresholds = [] } = result ?? {};
  const maximize = goal === 'auto' ? isHigherBetter(metric) : goal === 'maximize';
  return { metric, maximize, value, tail, thresholds };
}

const isHigherBetter = (metric: string): boolean =>
  Object.hasOwn(rankedNumbers, metric) && rankedNumbers[metric].better === 'higher';

function measuredMetric(sweep: Sweep): string | undefined {
  if (sweep.trials.length === 0) return undefined;
  const { experiment } = experimentOf(sweep, sweep.trials[0]);
  const preferred: readonly MetricId[] = ['w1', 'swd', 'modes'];
  const id = preferred.find((each) => experiment.metrics.includes(each));
  return id && Object.keys(metrics[id].yields)[0];
}

/** The result of each trial, in the order of the plan. */
export async function readResults(sweep: Sweep, comparison: Comparison | null): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const atOnce = 16;
  for (let from = 0; from < sweep.trials.length; from += atOnce) {
    const part = sweep.trials.slice(from, from + atOnce);
    results.push(...(await Promise.all(part.map((trial) => readResult(sweep, trial, comparison)))));
  }
  return results;
}

async function readResult({ directory }: Sweep, trial: Trial, comparison: Comparison | null): Promise<TrialResult> {
  const { state } = stateOf(directory, trial.trial);
  // A trial that was stopped has trained less than the others.
  if (state !== 'finished' || comparison === null) return { trial, state, value: null };
  return { trial, state, value: await resultOfRun(sweepPaths(directory).run(trial.trial), comparison) };
}

/** The number of a finished run; null if it has no finite value, or cannot be read. */
export async function resultOfRun(run: string, comparison: Comparison): Promise<number | null> {
  try {
    const curve = await openRunMetrics(run);
    try {
      return valueOf(await curve.read(), comparison);
    } finally {
      await curve.close();
    }
  } catch (error) {
    // A damaged run must not hide the others.
    if (isRunError(error)) return null;
    throw error;
  }
}

/** The number of a curve, with the digits of a float32 or as a mean of them; null if it has no finite value. */
export function valueOf({ step, columns }: Pick<Rows, 'step' | 'columns'>, comparison: Comparison): number | null {
  const { metric, maximize, value, tail } = comparison;
  const column = Object.hasOwn(columns, metric) ? columns[metric] : new Float32Array();
  const measured = Array.from(column, (y, k) => ({ at: step[k], y })).filter(({ y }) => Number.isFinite(y));
  if (measured.length === 0) return null;
  if (value === 'last') return shortFloat32(measured[measured.length - 1].y);
  if (value === 'best')
    return shortFloat32(
      measured.reduce((best, { y }) => (maximize ? Math.max(best, y) : Math.min(best, y)), measured[0].y),
    );
  const from = (1 - tail) * step[step.length - 1];
  const last = measured.filter(({ at }) => at > from);
  // A metric that is measured rarely has at least its last value.
  const kept = last.length > 0 ? last : measured.slice(-1);
  return kept.reduce((sum, { y }) => sum + y, 0) / kept.length;
}
