// `earthmover sweep task`: trains, resumes or skips one trial of a sweep. Calling it is always safe.
import { isRunError } from '../../run/errors';
import { isUserError } from '../../shared/userError';
import { experimentOf } from '../../sweep/plan';
import { canceledTrials, openSweep, sweepPaths, trialOf, type Sweep, type Trial } from '../../sweep/sweepDirectory';
import { clearFailure, stateOf, writeFailure } from '../../sweep/trialState';
import { failureOf } from '../../trainer/failure';
import type { EndEvent } from '../../trainer/trainerEvents';
import type { CommandHandler, Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { modeCount } from '../summary';
import { runTraining } from '../runTraining';
import { trainOrResume } from '../trainOrResume';
import { type sweepTaskOptions } from './options';

export const sweepTask: CommandHandler<typeof sweepTaskOptions> = async (context, { values, rest }) => {
  const sweep = openSweep(rest[0]);
  return runTrial(context, sweep, trialOf(sweep, rest[1]), values.json);
};

/**
 * Trains, resumes or skips a trial. The exit code is 0 if it has a result, if another process trains it, or if it is
 * canceled; 3 if it failed; 130 if it was interrupted and saved.
 */
async function runTrial(context: Context, sweep: Sweep, trial: Trial, json?: boolean): Promise<number> {
  const { directory } = sweep;
  const { trial: number } = trial;
  const skip = (why: string): number => {
    context.err.line(`Trial ${number} ${why}.`);
    return exitCode.ok;
  };
  if (canceledTrials(directory)(number)) return skip('is canceled');
  const { state } = stateOf(directory, number);
  if (state === 'finished' || state === 'diverged') return skip(`has already ended (${state})`);
  if (state === 'running') return skip('is trained by another process');
  try {
    const { experiment, source } = experimentOf(sweep, trial);
    const run = sweepPaths(directory).run(number);
    const { code, end } = await runTraining(
      context,
      { json, modes: modeCount(experiment.data) },
      async (listener, signal) => {
        const ended = await trainOrResume({
          ...{ directory: run, experiment, source, signal, otherRun: errors.otherTrialRun },
          listener: (event) => {
            if (event.event === 'start') clearFailure(directory, number);
            listener(event);
          },
        });
        return ended ?? alreadyEnded(run);
      },
    );
    if (end?.reason === 'replaced') return skip('was taken over by another process');
    return end?.reason === 'diverged' ? exitCode.ok : code;
  } catch (error) {
    // Of two processes that begin a trial at once, one is refused.
    const isTaken = isRunError(error) && (error.code === 'locked' || error.code === 'exists');
    const now = stateOf(directory, number);
    if (isTaken && now.state !== 'waiting') return skip('is trained by another process');
    if (!(isTaken && isUserError(error)) && now.status === null) writeFailure(directory, number, failureMessage(error));
    throw error;
  }
}

/** Another process has finished the run since it was looked at. */
const alreadyEnded = (run: string): EndEvent => ({ event: 'end', reason: 'finished', run, step: 0, metrics: {} });

/** The first problem in the user's files, or the message. */
const failureMessage = (error: unknown): string => {
  const { message, errors: places } = failureOf(error);
  return places[0]?.message ?? message;
};
