// `earthmover sweep status`: how many trials of a sweep are in which state, and what those at work are doing.
import { clean, significant } from '../../shared/text';
import { secondsOf } from '../../protocol/status';
import { isResult } from '../../sweep/trialState';
import type { CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { alignColumns, duration } from '../format';
import { toJson } from '../output';
import { countStates, countsText, secondsLeftOf, secondsPerStep, settingText, statesOf } from '../sweep/describeSweep';
import { reportsOf } from '../sweep/runners';
import { sweepArgument } from '../sweep/sweepArgument';
import { shortPath } from '../summary';
import { type sweepStatusOptions } from './options';

export const sweepStatus: CommandHandler<typeof sweepStatusOptions> = async ({ out }, { values, rest }) => {
  const sweep = sweepArgument(rest[0]);
  const states = statesOf(sweep);
  const reports = await reportsOf(sweep);
  const counts = countStates(states);
  const secondsLeft = secondsLeftOf(sweep, states);
  if (values.json) {
    const { name, directory } = sweep;
    const trials = sweep.trials.map(({ trial, axes, sample, sampled, seed }, k) => {
      const { state, status, message } = states[k];
      const { step = 0, steps = null, host = null, metrics = {} } = status ?? {};
      const reason = reports.get(trial) ?? null;
      return { trial, axes, sample, sampled, seed, state, reason, step, steps, host, metrics, message };
    });
    out.line(toJson({ event: 'sweep', name, directory, counts, secondsLeft, trials }));
    return exitCode.ok;
  }
  const left = secondsLeft === null ? '' : `, about ${duration(secondsLeft)} left`;
  out.line(`${out.style.bold(clean(sweep.name))}  ${countsText(counts, states.length)}${left}`);
  out.line(out.style.dim(shortPath(sweep.directory)));
  const rows = sweep.trials.flatMap((trial, k) => {
    const { state, status, message } = states[k];
    const label = [`  ${trial.trial}`, clean(settingText(trial))];
    const report = clean(reports.get(trial.trial) ?? '');
    if (state === 'running' && status) {
      const pace = secondsPerStep(status);
      const facts = [
        `step ${status.step} of ${status.steps}${pace ? `, ${significant(1 / pace)} it/s` : ''}`,
        `${duration(secondsOf(status))} on ${clean(status.host)}`,
      ];
      return [[...label, ...facts, report]];
    }
    if (state === 'failed' || state === 'exited') return [[...label, state, clean(message ?? ''), report]];
    return report === '' || isResult(state) ? [] : [[...label, state, '', report]];
  });
  if (rows.length > 0) for (const line of ['', ...alignColumns(rows)]) out.line(line);
  return exitCode.ok;
};
