// Texts about a sweep: the counts of its trials by state, and the setting of a trial.
import { median } from '../../math/median';
import { type RunStatus, secondsOf } from '../../protocol/status';
import { significant } from '../../shared/text';
import type { Sweep, Trial } from '../../sweep/sweepDirectory';
import { isResult, stateOf, trialStates, type TrialState, type TrialStatus } from '../../sweep/trialState';

/** The state of each trial, in the order of the plan. */
export const statesOf = ({ directory, trials }: Sweep): TrialStatus[] =>
  trials.map(({ trial }) => stateOf(directory, trial));

/** The number of trials in each state; states without trials are left out. */
export function countStates(states: readonly TrialStatus[]): Partial<Record<TrialState, number>> {
  const counts: Partial<Record<TrialState, number>> = {};
  for (const state of trialStates) {
    const count = states.filter((each) => each.state === state).length;
    if (count > 0) counts[state] = count;
  }
  return counts;
}

/** `12 of 40 ended: 11 finished, 1 failed; 2 running, 26 waiting`. */
export function countsText(counts: Partial<Record<TrialState, number>>, total: number): string {
  const shown = (states: readonly TrialState[]): string[] =>
    states.flatMap((state) => (counts[state] ? [`${counts[state]} ${stateTexts[state]}`] : []));
  const results = shown(['finished', 'diverged', 'stopped', 'failed']);
  const others = shown(['running', 'interrupted', 'exited', 'waiting']);
  const ended = (['finished', 'diverged', 'stopped', 'failed'] as const).reduce(
    (sum, state) => sum + (counts[state] ?? 0),
    0,
  );
  const head = `${ended} of ${total} ended${results.length > 0 ? `: ${results.join(', ')}` : ''}`;
  return others.length > 0 ? `${head}; ${others.join(', ')}` : head;
}

/** Seconds per step of a trial so far, with its samples and checkpoints; null before the first step. */
export const secondsPerStep = (status: RunStatus): number | null =>
  status.step > 0 ? secondsOf(status) / status.step : null;

/**
 * Seconds until all trials have ended if as many run as now, at the median pace; null if none runs or no step has been
 * timed.
 */
export function secondsLeftOf({ trials }: Sweep, states: readonly TrialStatus[]): number | null {
  const running = states.filter(({ state }) => state === 'running').length;
  const times = states.flatMap(({ status }) => (status && secondsPerStep(status)) ?? []);
  if (running === 0 || times.length === 0) return null;
  const steps = states.reduce((sum, { state, status }, k) => {
    return isResult(state) ? sum : sum + Math.max(0, trials[k].resolved.steps - (status?.step ?? 0));
  }, 0);
  return (steps * median(times)) / running;
}

/** How states are named. */
export const stateTexts: Readonly<Record<TrialState, string>> = {
  waiting: 'waiting',
  running: 'running',
  interrupted: 'interrupted',
  exited: 'exited unexpectedly',
  stopped: 'stopped',
  finished: 'finished',
  diverged: 'diverged',
  failed: 'failed',
};

/** `case GAN, critic.width 64, sample 2, seed 1`. */
export function settingText({ axes, sample, seed }: Trial): string {
  const settings = Object.entries(axes).map(([name, value]) => `${name} ${valueText(value)}`);
  return [...settings, ...(sample === null ? [] : [`sample ${sample + 1}`]), `seed ${seed}`].join(', ');
}

/** A value of a setting in a table or a line. */
const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? significant(value) : JSON.stringify(value);
