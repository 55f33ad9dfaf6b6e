// Texts about a sweep: the counts of its trials by state, and the setting of a trial.
import { type RunStatus, secondsOf } from '../../protocol/status';
import { sweepSecondsLeft } from '../../protocol/sweep';
import { grouped, plural, significant } from '../../shared/text';
import type { Sweep, Trial } from '../../sweep/sweepDirectory';
import { countTrials } from '../../sweep/trials';
import { stateOf, stateTexts, trialStates, type TrialState, type TrialStatus } from '../../sweep/trialState';

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
  const others = shown(['running', 'interrupted', 'exited', 'waiting', 'canceled']);
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

/** Seconds until all trials have ended; null if that is unknown. */
export const secondsLeftOf = ({ trials }: Sweep, states: readonly TrialStatus[]): number | null =>
  sweepSecondsLeft(
    states.map(({ state, status }, k) => ({
      state,
      step: status?.step ?? 0,
      steps: status?.steps ?? trials[k].resolved.steps,
      seconds: status === null ? 0 : secondsOf(status),
    })),
  );

/** `case GAN, critic.width 64, sample 2, seed 1`. */
export function settingText({ axes, sample, seed }: Trial): string {
  const settings = Object.entries(axes).map(([name, value]) => `${name} ${valueText(value)}`);
  return [...settings, ...(sample === null ? [] : [`sample ${sample + 1}`]), `seed ${seed}`].join(', ');
}

/** A value of a setting in a table or a line. */
const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? significant(value) : JSON.stringify(value);

/** That only some trials of the sweep file are planned; null if all are. */
export function limitText({ file, trials }: Pick<Sweep, 'file' | 'trials'>): string | null {
  const count = countTrials(file);
  if (count <= trials.length) return null;
  const by = (file.limits?.trials ?? null) === null ? '--max' : '--max or "limits.trials"';
  return `The plan has the first ${grouped(trials.length)} of the ${plural(count, 'trial')} of the sweep file, by ${by}. A larger limit adds the others.`;
}
