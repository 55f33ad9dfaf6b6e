// `earthmover sweep task`: trains, resumes or skips one trial of a sweep. Calling it is always safe.
import type { Communicator } from '../../parallel/communicator';
import { joinRanks } from '../../parallel/joinRanks';
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
import { subjectOf } from '../summary';
import { runTraining } from '../runTraining';
import { closeRanks, followRank } from '../followRank';
import { isRun, trainOrResume } from '../trainOrResume';
import { type sweepTaskOptions } from './options';

export const sweepTask: CommandHandler<typeof sweepTaskOptions> = async (context, { values, rest }) => {
  const sweep = openSweep(rest[0]);
  const trial = trialOf(sweep, rest[1]);
  const ranks = await joinRanks();
  if (ranks !== null && ranks.rank > 0) return followTrial(sweep, trial, ranks);
  return runTrial(context, { sweep, trial, ranks, json: values.json, diverged: values.diverged === true });
};

/** What rank 0 does with a trial, which the others must know. */
const doings = ['skip', 'train', 'resume'] as const;

/** Tells the other ranks what rank 0 does, or learns it from there. */
function agree(ranks: Communicator, doing: (typeof doings)[number]): (typeof doings)[number] {
  const code = Float32Array.of(doings.indexOf(doing));
  ranks.broadcast(code);
  return doings[code[0]];
}

/** Trains a trial along with rank 0. */
async function followTrial(sweep: Sweep, trial: Trial, ranks: Communicator): Promise<number> {
  const doing = agree(ranks, 'skip');
  let code: number = exitCode.ok;
  if (doing !== 'skip') {
    const resumed = doing === 'resume' ? sweepPaths(sweep.directory).run(trial.trial) : null;
    code = await followRank({ ...experimentOf(sweep, trial), ranks, resumed });
  }
  closeRanks(ranks, code);
  return code;
}

interface TrialRequest {
  readonly sweep: Sweep;
  readonly trial: Trial;
  /** The processes that train the trial, of which this is rank 0; null if it is the only one. */
  readonly ranks: Communicator | null;
  /** Whether to resume it if it has diverged. */
  readonly diverged: boolean;
  readonly json?: boolean;
}

/**
 * Trains, resumes or skips a trial. The exit code is 0 if it has a result, if another process trains it, or if it is
 * canceled; 3 if it failed; 130 if it was interrupted and saved.
 */
async function runTrial(context: Context, { sweep, trial, ranks, diverged, json }: TrialRequest): Promise<number> {
  const { directory } = sweep;
  const { trial: number } = trial;
  const skip = (why: string): number => {
    context.err.line(`Trial ${number} ${why}.`);
    return exitCode.ok;
  };
  const why = reasonToSkip(directory, number, diverged);
  if (ranks !== null)
    agree(ranks, why !== null ? 'skip' : isRun(sweepPaths(directory).run(number)) ? 'resume' : 'train');
  if (why !== null) {
    ranks?.close();
    return skip(why);
  }
  try {
    const { experiment, source } = experimentOf(sweep, trial);
    const run = sweepPaths(directory).run(number);
    let hasTrained = false;
    const { code, end } = await runTraining(
      context,
      { json, subject: subjectOf(experiment) },
      async (listener, signal) => {
        const ended = await trainOrResume({
          ...{ directory: run, experiment, source, signal, ranks, diverged, otherRun: errors.otherTrialRun },
          listener: (event) => {
            if (event.event === 'start') clearFailure(directory, number);
            listener(event);
          },
        });
        hasTrained = ended !== null;
        return ended ?? alreadyEnded(run);
      },
    );
    if (end?.reason === 'replaced') return skip('was taken over by another process');
    // Otherwise the other ranks wait for a start, and end with this process.
    if (hasTrained) closeRanks(ranks, code);
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

/** Why there is nothing to train; null if there is. */
function reasonToSkip(directory: string, trial: number, diverged: boolean): string | null {
  if (canceledTrials(directory)(trial)) return 'is canceled';
  const { state } = stateOf(directory, trial);
  if (state === 'finished' || (state === 'diverged' && !diverged)) return `has already ended (${state})`;
  return state === 'running' ? 'is trained by another process' : null;
}

/** Another process has finished the run since it was looked at. */
const alreadyEnded = (run: string): EndEvent => ({ event: 'end', reason: 'finished', run, step: 0, metrics: {} });

/** The first problem in the user's files, or the message. */
const failureMessage = (error: unknown): string => {
  const { message, errors: places } = failureOf(error);
  return places[0]?.message ?? message;
};
