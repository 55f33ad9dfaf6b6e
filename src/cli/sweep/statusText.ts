// The lines of `earthmover sweep status`.
import { secondsOf } from '../../protocol/status';
import { clean, grouped } from '../../shared/text';
import type { Sweep } from '../../sweep/sweepDirectory';
import { isResult, stateTexts, type TrialState, type TrialStatus } from '../../sweep/trialState';
import { alignColumns, duration, throughput } from '../format';
import type { Style } from '../output';
import { shortPath } from '../summary';
import { countStates, countsText, limitText, secondsLeftOf, secondsPerStep, settingText } from './describeSweep';

/** Trials in these states have a line with the reason, after those that run. */
const withReason: readonly TrialState[] = ['exited', 'failed', 'diverged'];

/**
 * The counts, and a line for each trial that runs, that has not ended as it should have, or of which a cluster reports
 * something.
 */
export function statusText(
  sweep: Sweep,
  states: readonly TrialStatus[],
  reports: ReadonlyMap<number, string>,
  style: Style,
): string[] {
  const secondsLeft = secondsLeftOf(sweep, states);
  const left = secondsLeft === null ? '' : `, about ${duration(secondsLeft)} left`;
  const limit = limitText(sweep);
  const rows = sweep.trials.flatMap((trial, k) => {
    const { state, status, message } = states[k];
    const label = [`  ${trial.trial}`, clean(settingText(trial))];
    const report = clean(reports.get(trial.trial) ?? '');
    if (state === 'running' && status) {
      const pace = secondsPerStep(status);
      const facts = [
        `step ${status.step} of ${status.steps}${pace ? `, ${throughput(1 / pace)}` : ''}`,
        `${duration(secondsOf(status))} on ${clean(status.host)}`,
      ];
      return [{ rank: 0, cells: [...label, ...facts, report] }];
    }
    if (withReason.includes(state))
      return [{ rank: 1, cells: [...label, stateTexts[state], clean(message ?? ''), report] }];
    return report === '' || isResult(state) ? [] : [{ rank: 2, cells: [...label, stateTexts[state], '', report] }];
  });
  const cells = rows.sort((a, b) => a.rank - b.rank).map((row) => row.cells);
  return [
    `${style.bold(clean(sweep.name))}  ${countsText(countStates(states), states.length)}${left}`,
    style.dim(shortPath(sweep.directory)),
    ...(limit === null ? [] : [limit]),
    ...(cells.length > 0 ? ['', ...alignColumns(cells)] : []),
  ];
}

/** The lines that fit on a terminal of this height, and the number of the others. */
export function statusScreen(lines: readonly string[], height: number): string[] {
  const room = Math.max(3, height - 1);
  if (lines.length <= room) return [...lines];
  return [...lines.slice(0, room - 1), `  … ${grouped(lines.length - room + 1)} more lines without --watch`];
}
