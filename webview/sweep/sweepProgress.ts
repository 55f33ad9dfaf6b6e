// How far a sweep is: its trials by state, and the time that is left.
import { isResult, trialStates, type TrialProgress, type TrialState } from '../../src/protocol/sweep';

export type StateCounts = Readonly<Record<TrialState, number>>;

export function countStates(trials: readonly Pick<TrialProgress, 'state'>[]): StateCounts {
  const counts = Object.fromEntries(trialStates.map((state) => [state, 0])) as Record<TrialState, number>;
  for (const { state } of trials) counts[state]++;
  return counts;
}

/** Trials that a sweep does not continue by itself. */
export const endedCount = (counts: StateCounts): number =>
  trialStates.filter(isResult).reduce((sum, state) => sum + counts[state], 0);

/** Trials that "Resume" trains. */
export const resumableCount = ({ waiting, canceled, interrupted, exited, stopped }: StateCounts): number =>
  waiting + canceled + interrupted + exited + stopped;

/**
 * The share in [0, 1] of the steps that are done, of trials that ended all; a trial that has not begun counts as many
 * as the median of the others.
 */
export function shareDone(trials: readonly TrialProgress[]): number {
  if (trials.length === 0) return 0;
  const done = trials.reduce((sum, { state, step, steps }) => {
    if (isResult(state)) return sum + 1;
    return sum + (steps > 0 ? Math.min(1, step / steps) : 0);
  }, 0);
  return done / trials.length;
}

/** Trials that failed or diverged for the same reason. */
export interface Failure {
  readonly state: TrialState;
  readonly message: string;
  readonly trials: readonly number[];
}

/** The trials that failed, exited or diverged, by reason; the most frequent first. */
export function failuresOf(trials: readonly TrialProgress[]): Failure[] {
  const failures = new Map<string, { state: TrialState; message: string; trials: number[] }>();
  for (const { trial, state, message } of trials) {
    if (state !== 'failed' && state !== 'exited' && state !== 'diverged') continue;
    // Steps and numbers differ from trial to trial.
    const key = `${state} ${message?.replace(/\d[\d.,e+-]*/g, '#')}`;
    const known = failures.get(key);
    if (known) known.trials.push(trial);
    else failures.set(key, { state, message: message ?? '', trials: [trial] });
  }
  return [...failures.values()].sort((a, b) => b.trials.length - a.trials.length);
}
