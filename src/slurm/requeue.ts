// What a job does that was told to end, after its trials were saved: it is requeued by Slurm, by itself, or not at all.
import { setTimeout as sleep } from 'node:timers/promises';
import { isUserError } from '../shared/userError';
import { trySlurm, reasonIn } from './programs';
import { jobState } from './queue';

export interface EndingJob {
  /** The variables that Slurm gives to a job. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether the sweep's file allows it. */
  readonly requeue: boolean;
  /** Whether all trials of the job were canceled. */
  readonly isCanceled: boolean;
  /** Whether a step was completed since the job was started. */
  readonly hasProgressed: boolean;
}

/** Restarts without progress after which a job is not requeued any more. */
const maxRestarts = 3;

/**
 * Requeues the job of this process if nobody else does. Call it as the last act: Slurm ends the job soon after. Returns
 * a sentence for the log.
 *
 * Slurm sends the same signals for several reasons, and the state of the job tells them apart. RUNNING is a time limit
 * or a preemption with grace, after which Slurm ends the job for good. COMPLETING is a preemption without grace, after
 * which it requeues the job by itself, or a cancellation, from which a requeue would bring it back.
 */
export async function requeueJob({ env, requeue, isCanceled, hasProgressed }: EndingJob): Promise<string> {
  const { SLURM_JOB_ID: id, SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task } = env;
  if (isCanceled) return 'Saved and canceled.';
  if (!requeue) return 'Saved. "requeue" is false, so it is continued by earthmover sweep resume.';
  if (id === undefined || array === undefined || task === undefined) return 'Saved; this is not a job of Slurm.';
  const restarts = Number(env.SLURM_RESTART_COUNT) || 0;
  if (!hasProgressed && restarts >= maxRestarts)
    return `Not requeued: it was restarted ${restarts} times, and has not come a step further now. Raise "time" in "slurm", or lower "checkpoints.every".`;
  const state = await jobState(id, { patience });
  if (state === null)
    return 'Saved, but Slurm did not answer. If it does not requeue the job: earthmover sweep resume.';
  if (state !== 'RUNNING') return `Saved. Slurm ends this job (${state}), and requeues it if it was preempted.`;
  try {
    const output = await trySlurm('scontrol', ['requeue', `${array}_${task}`], { patience });
    if (output.failed)
      return `Saved, but not requeued: ${reasonIn(output.stderr)}. To continue: earthmover sweep resume.`;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return `Saved, but not requeued: ${error.message} To continue: earthmover sweep resume.`;
  }
  // Slurm ends the processes of the job; one that is faster would count as a failure.
  await sleep(graceMs);
  return 'Saved and requeued.';
}

const graceMs = 2000;
/** Seconds to wait for a controller that is down: until Slurm ends the job. */
const patience = 600;
