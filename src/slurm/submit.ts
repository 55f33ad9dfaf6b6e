// Hands an array to Slurm by sbatch, or asks Slurm what it would do with it.
import { isUserError } from '../shared/userError';
import type { Sweep } from '../sweep/sweepDirectory';
import { noJobId } from './errors';
import { trySlurm, type ProgramOutput } from './programs';
import { readQueue } from './queue';
import { rejection } from './rejection';
import { parseSbatch, removeSubmission, type SbatchAnswer, type Submission } from './submissions';

/**
 * Submits an array. If Slurm rejects it, its record is removed.
 * @param args of sbatch
 * @param before a sentence about what was submitted before, for the message
 * @throws UserError with the place of the setting that Slurm rejects
 */
export async function submit(
  sweep: Sweep,
  submission: Submission,
  args: readonly string[],
  before: string,
): Promise<SbatchAnswer> {
  const output = await sbatch(args, submission);
  if (output !== null && output.failed) {
    removeSubmission(sweep.directory, submission);
    throw rejection(sweep, output.stderr, before);
  }
  const answer = output === null ? null : parseSbatch(output.stdout);
  if (answer !== null) return answer;
  const [found] = await readQueue([submission]);
  if (found === undefined) throw noJobId(output?.stdout ?? '');
  return { job: found.job, cluster: null };
}

/** Runs sbatch. Resolves to null if its answer was lost, but the job is in the queue. */
async function sbatch(args: readonly string[], submission: Submission): Promise<ProgramOutput | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await trySlurm('sbatch', args, { patience: 0 });
    } catch (error) {
      if (tries === 3 || !isUserError(error) || error.code !== 'unreachable') throw error;
      // This waits for the controller.
      if ((await readQueue([submission])).length > 0) return null;
    }
  }
}

/** What Slurm says about a job with these options. @throws UserError with the place of the setting that it rejects */
export async function tested(sweep: Sweep, options: readonly string[]): Promise<string[]> {
  let output: ProgramOutput;
  try {
    output = await trySlurm('sbatch', [...options, '--test-only', '--wrap=true'], { patience: 5 });
  } catch (error) {
    if (!isUserError(error)) throw error;
    return [`Not checked by Slurm: ${error.message}`];
  }
  if (output.failed) throw rejection(sweep, output.stderr, '');
  return output.stderr
    .split('\n')
    .flatMap((line) => /Job \d+ to (start .*)/.exec(line)?.[1] ?? [])
    .map((text) => `A task is to ${text}.`);
}
