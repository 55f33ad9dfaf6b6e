// `earthmover sweep prepare`: reads the data of a sweep into the cache, before many processes would do so at once.
import path from 'node:path';
import { clean } from '../../shared/text';
import { experimentOf } from '../../sweep/plan';
import { openSweep, type Sweep, type Trial } from '../../sweep/sweepDirectory';
import { isResult, stateOf } from '../../sweep/trialState';
import { taskWorker } from '../bundlePaths';
import type { CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { abortOnInterrupt } from '../interrupts';
import { type sweepPrepareOptions } from './options';

export const sweepPrepare: CommandHandler<typeof sweepPrepareOptions> = (context, { rest: [directory] }) =>
  abortOnInterrupt(context, async (signal) => {
    const sweep = openSweep(directory);
    for (const trial of differentData(sweep)) {
      const { experiment, source } = experimentOf(sweep, trial);
      const notice = (message: string): void => context.err.line(clean(message));
      const { prepareData } = await import('../../trainer/train');
      await prepareData(experiment, { source, taskWorker, signal, notice });
    }
    return exitCode.ok;
  });

/** Of the trials without a result, the first with each data set. */
function differentData({ directory, trials, experiments }: Sweep): Trial[] {
  const found = new Map<string, Trial>();
  for (const trial of trials) {
    if (isResult(stateOf(directory, trial.trial).state)) continue;
    const folder = path.dirname(experiments[trial.experiment]?.path ?? '');
    const key = JSON.stringify([folder, trial.resolved.data]);
    if (!found.has(key)) found.set(key, trial);
  }
  return [...found.values()];
}
