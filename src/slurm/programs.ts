// Runs the programs of Slurm, and waits for a controller that is down or busy.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { errno } from '../files/errno';
import { slurmFailed, slurmMissing, slurmNotConfigured, slurmUnreachable } from './errors';

export type SlurmProgram = 'sbatch' | 'squeue' | 'scancel' | 'scontrol';

export interface ProgramOptions {
  /** Seconds for which a controller that does not answer is asked again. */
  readonly patience?: number;
  /** Called once if the controller does not answer and is asked again. */
  readonly onWait?: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** What a program printed. */
export interface ProgramOutput {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, successful or not.
 * @throws UserError if there is no such program, or if the controller does not answer for long
 */
export async function trySlurm(
  program: SlurmProgram,
  args: readonly string[],
  { patience = 60, signal, onWait }: ProgramOptions = {},
): Promise<ProgramOutput> {
  const end = performance.now() + 1000 * patience;
  for (let seconds = 1; ; seconds = Math.min(2 * seconds, 15)) {
    const output = await run(program, args);
    if (output.failed && isNotConfigured(output.stderr)) throw slurmNotConfigured(program, reasonIn(output.stderr));
    if (!output.failed || !isOutage(output.stderr)) return output;
    if (performance.now() + 1000 * seconds > end || signal?.aborted)
      throw slurmUnreachable(program, reasonIn(output.stderr));
    if (seconds === 1) onWait?.();
    await sleep(1000 * seconds, undefined, { signal }).catch(() => {});
  }
}

/** The output of a program. @throws UserError if it fails */
export async function runSlurm(
  program: SlurmProgram,
  args: readonly string[],
  options?: ProgramOptions,
): Promise<string> {
  const { failed, stdout, stderr } = await trySlurm(program, args, options);
  if (failed) throw slurmFailed(program, reasonIn(stderr));
  return stdout;
}

function run(program: SlurmProgram, args: readonly string[]): Promise<ProgramOutput> {
  const env = slurmEnvironment(process.env);
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null && ['ENOENT', 'EACCES'].includes(errno(error) ?? '')) reject(slurmMissing(program));
      else resolve({ failed: error !== null, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}

/**
 * The environment without what would change the outputs that are parsed, or submit a job with the resources of the job
 * that this process runs in. Defaults of the user (SBATCH_ACCOUNT, SBATCH_PARTITION, …) stay.
 */
export function slurmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !unwanted.test(name) || wanted.has(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

const unwanted =
  /^(SLURM|SQUEUE|SCONTROL|SCANCEL|SINFO|SRUN)_|^SBATCH_(ARRAY_INX|WAIT|TEST_ONLY|EXPORT|OPEN_MODE|SIGNAL|(NO_)?REQUEUE|OUTPUT|ERROR|INPUT|JOB_NAME)$/;
const wanted = new Set(['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS', 'SLURM_JWT']);

/** Whether a message says that there is no configuration of a cluster. */
const isNotConfigured = (stderr: string): boolean =>
  /DNS SRV lookup failed|failed to fetch config|could not establish a configuration source|unable to (stat|open) .*slurm\.conf/i.test(
    stderr,
  );

/** Whether a message is about a controller that is down or busy; it says nothing about the request. */
export const isOutage = (stderr: string): boolean =>
  /unable to contact slurm controller|socket timed out|connection (refused|timed out|reset)|zero bytes were transmitted|in standby mode|temporarily unable|resource temporarily unavailable|transport endpoint|rate.?limit/i.test(
    stderr,
  );

/** The reason in what a program printed on stderr, as the end of a sentence. */
export function reasonIn(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^\s*(s\w+: )?((fatal|error): )*/, '').replace(/^Batch job submission failed: /, ''))
    .filter((line) => line !== '' && !/^Try "s\w+ --help"/.test(line));
  return [...new Set(lines)].slice(0, 3).join('; ').replace(/\.$/, '') || 'it gave no reason';
}
