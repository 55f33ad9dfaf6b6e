// `earthmover sweep cancel`: saves and ends the running trials of a sweep, or some of them, and starts no others.
import { plural } from '../../shared/text';
import { markCanceled, trialOf } from '../../sweep/sweepDirectory';
import { isResult, stateOf } from '../../sweep/trialState';
import type { CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { allRunners } from '../sweep/runners';
import { sweepArgument } from '../sweep/sweepArgument';
import { shortPath } from '../summary';
import { type sweepCancelOptions } from './options';

export const sweepCancel: CommandHandler<typeof sweepCancelOptions> = async ({ out }, { values, rest }) => {
  const sweep = sweepArgument(rest[0]);
  const named = rest.slice(1).map((number) => trialOf(sweep, number));
  const trials = named.length > 0 ? named : sweep.trials;
  // As they were, so that a call that was interrupted can be repeated.
  const left = trials.filter(({ trial }) => !isResult(stateOf(sweep.directory, trial).state));
  // The mark comes first, so that what ends is not started again.
  if (named.length === 0) markCanceled(sweep.directory, 'all');
  else for (const { trial } of named) markCanceled(sweep.directory, trial);
  for (const runner of await allRunners()) await runner.cancel(sweep, left);
  if (values.json)
    out.line(toJson({ event: 'canceled', sweep: sweep.directory, trials: left.map(({ trial }) => trial) }));
  else
    out.line(
      `Canceled ${plural(left.length, 'trial')}. To continue: earthmover sweep resume ${shortPath(sweep.directory)}`,
    );
  return exitCode.ok;
};
