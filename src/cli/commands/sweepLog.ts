// `earthmover sweep log`: prints what the processes of a trial have printed.
import { clean } from '../../shared/text';
import { readIfExists } from '../../run/diskAccess';
import { sweepPaths, trialOf } from '../../sweep/sweepDirectory';
import { stateOf } from '../../sweep/trialState';
import type { CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { reportsOf } from '../sweep/runners';
import { sweepArgument } from '../sweep/sweepArgument';
import { type sweepLogOptions } from './options';

export const sweepLog: CommandHandler<typeof sweepLogOptions> = async ({ out, err }, { values, rest }) => {
  const sweep = sweepArgument(rest[0]);
  const { trial } = trialOf(sweep, rest[1]);
  const file = sweepPaths(sweep.directory).log(trial);
  const text = readIfExists(file, 1 << 28)?.toString('utf8') ?? null;
  const { state, message } = stateOf(sweep.directory, trial);
  if (values.json) out.line(toJson({ event: 'log', trial, state, message, file, text }));
  else if (text === null) {
    const report = (await reportsOf(sweep)).get(trial);
    err.line(`Trial ${trial} has no log: it is ${state}${report === undefined ? '' : `; ${clean(report)}`}.`);
  } else out.line(text.replace(/\n$/, ''));
  return exitCode.ok;
};
