// `earthmover sweep job`: a task of a job array of Slurm. Trains its trials one after another, as the pool of a machine
// does; told to end, it saves them, and is requeued.
import { launcherOf } from '../../slurm/jobScript';
import { requeueJob } from '../../slurm/requeue';
import { noSubmission } from '../../slurm/errors';
import { readSubmission } from '../../slurm/submissions';
import { canceledTrials, openSweep, trialOf, type Sweep, type Trial } from '../../sweep/sweepDirectory';
import { stateOf } from '../../sweep/trialState';
import type { CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { onInterrupt } from '../interrupts';
import { localRunner } from '../sweep/localRunner';
import { createSweepReporter } from '../sweep/sweepReporter';
import { type sweepJobOptions } from './options';

export const sweepJob: CommandHandler<typeof sweepJobOptions> = async (
  context,
  { rest: [directory, number, task] },
) => {
  const sweep = openSweep(directory);
  const { env } = process;
  const submission = readSubmission(sweep.directory, Number(number));
  const numbers = submission?.tasks[Number(task)];
  if (submission === null || numbers === undefined) throw noSubmission(directory, number, task);
  const all = numbers.map((trial) => trialOf(sweep, String(trial)));
  const isRestart = (Number(env.SLURM_RESTART_COUNT) || 0) > 0;
  const trials = all.filter((trial) => isLeft(sweep, trial, isRestart, submission.diverged));
  const launcher = launcherOf(sweep.file.slurm ?? {});
  const abort = new AbortController();
  const release = onInterrupt({
    onFirst: () => {
      context.err.line('Asked to end: saving.');
      abort.abort();
    },
  });
  try {
    const startedAt = Date.now() / 1000;
    const listener = createSweepReporter(context, sweep, false);
    const ended = await localRunner.start({
      sweep,
      trials,
      atOnce: 1,
      prepare: false,
      diverged: submission.diverged,
      ...(launcher.length > 0 ? { launcher } : {}),
      signal: abort.signal,
      listener,
    });
    if (ended === 'interrupted') {
      const isCanceled = canceledTrials(sweep.directory);
      const message = await requeueJob({
        env,
        requeue: sweep.file.slurm?.requeue ?? true,
        isCanceled: all.every(({ trial }) => isCanceled(trial)),
        hasProgressed: all.some((trial) => hasTrained(sweep, trial, startedAt)),
      });
      context.err.line(message);
      return exitCode.interrupted;
    }
    const states = all.map(({ trial }) => stateOf(sweep.directory, trial).state);
    return states.some((state) => state === 'failed' || state === 'exited') ? exitCode.failed : exitCode.ok;
  } finally {
    release();
  }
};

/** Whether to train a trial. One that ended so in an earlier start of this job is not tried again. */
function isLeft({ directory }: Sweep, { trial }: Trial, isRestart: boolean, diverged: boolean): boolean {
  const { state } = stateOf(directory, trial);
  if (state === 'diverged' && !diverged) return false;
  if (state === 'failed' || state === 'stopped' || state === 'diverged') return !isRestart;
  return state !== 'finished';
}

/** Whether a trial has completed a step since a time in Unix seconds. */
const hasTrained = ({ directory }: Sweep, { trial }: Trial, since: number): boolean =>
  (stateOf(directory, trial).status?.lastStepAt ?? 0) > since;
