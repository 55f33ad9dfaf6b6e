// The queue of Slurm: squeue's text, which its versions print alike (unlike --json), and the reasons in it as words.
import { runSlurm, type ProgramOptions } from './programs';
import type { Submission } from './submissions';

/** A task of an array. */
export interface QueuedTask {
  /** Name of the submission. */
  readonly name: string;
  /** Id of the array. */
  readonly job: string;
  readonly index: number;
  /** PENDING, RUNNING, COMPLETING, FAILED, …; without details such as `by 1000`. */
  readonly state: string;
  readonly reason: string;
  /** The nodes it runs on; empty before. */
  readonly nodes: string;
  /** Time since it started, as Slurm writes it: 1-02:03:04. */
  readonly elapsed: string;
}

/** The id of a task as Slurm's programs take it. */
export const taskId = ({ job, index }: Pick<QueuedTask, 'job' | 'index'>): string => `${job}_${index}`;

/**
 * The tasks of submissions that Slurm knows. It forgets those that have ended some minutes ago; how they ended is in
 * their runs. They are found by name, so that a submission whose answer was lost is found too.
 */
export async function readQueue(
  submissions: readonly Pick<Submission, 'name' | 'cluster'>[],
  options?: ProgramOptions,
): Promise<QueuedTask[]> {
  const clusters = new Set(submissions.map(({ cluster }) => cluster));
  const tasks: QueuedTask[] = [];
  for (const cluster of clusters) {
    const names = submissions.filter((each) => each.cluster === cluster).map(({ name }) => name);
    const where = cluster === null ? [] : [`--clusters=${cluster}`];
    const args = ['--noheader', '--array', '--states=all', `--format=${format}`, `--name=${names.join(',')}`, ...where];
    tasks.push(...parseQueue(await runSlurm('squeue', args, options)));
  }
  return tasks;
}

const format = '%j|%F|%K|%T|%r|%N|%M';

/** Parses the text of squeue; lines of wrappers and headings of clusters are skipped. */
export function parseQueue(text: string): QueuedTask[] {
  return text.split('\n').flatMap((line) => {
    const [name, job, index, state, reason, nodes, elapsed, ...more] = line.trim().split('|');
    if (elapsed === undefined || more.length > 0 || !/^\d+$/.test(job) || !/^\d+$/.test(index)) return [];
    const task = {
      name,
      job,
      index: Number(index),
      state: state.split(' ')[0],
      reason: reason.replace(/^\((.*)\)$/, '$1'),
    };
    return [{ ...task, nodes, elapsed }];
  });
}

const ended = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'LAUNCH_FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'RECONFIG_FAIL',
  'REVOKED',
  'TIMEOUT',
]);

/** Whether a task waits, runs, or will run again. */
export const isQueued = ({ state }: QueuedTask): boolean => !ended.has(state);

/** What a task does, as words for `sweep status`. */
export function taskText(task: QueuedTask): string {
  const { state, reason, nodes, elapsed } = task;
  const job = `job ${taskId(task)}`;
  if (state === 'PENDING') return `${job} is queued: ${reasonText(reason)}`;
  if (!isQueued(task)) {
    const why = ['None', '', 'NonZeroExitCode', 'OutOfMemory', 'TimeLimit'].includes(reason) ? '' : ` (${reason})`;
    return `${job} ended as ${state}${why}${Object.hasOwn(remedies, state) ? `: ${remedies[state]}` : ''}`;
  }
  return `${job} is ${state}${nodes === '' ? '' : ` on ${nodes}`}, ${elapsed}`;
}

/** What to do about tasks that Slurm does not requeue. */
const remedies: Readonly<Record<string, string>> = {
  OUT_OF_MEMORY: 'raise "memory" in "slurm" of the sweep file, and start the sweep again',
  TIMEOUT: 'raise "time" in "slurm" of the sweep file, and start the sweep again',
  NODE_FAIL: 'its node failed; resume the sweep',
};

/** Why a task waits; reasons without words of their own are shown as they are. */
export function reasonText(reason: string): string {
  if (neverStarts(reason)) return `it can never start (${reason}): ${advice(reason)}`;
  const words = reasons[reason];
  if (words !== undefined) return `${words} (${reason})`;
  if (/^(Assoc|QOS|MaxJobs|MaxCpu|Max)/.test(reason)) return `a limit of your account is reached (${reason})`;
  if (/^ReqNodeNotAvail/.test(reason)) return `its nodes are not available (${reason})`;
  return reason === '' || reason === 'None' ? 'not yet considered' : reason;
}

/** Whether a task with this reason waits until somebody changes it. */
export const neverStarts = (reason: string): boolean =>
  /^(QOS|Assoc)Max\w+PerJob/.test(reason) ||
  /^(Partition(Config|TimeLimit|NodeLimit)|BadConstraints|DependencyNeverSatisfied|Invalid(Account|QOS)|NodeConfig|AccountNotAllowed|QOSNotAllowed)$/.test(
    reason,
  );

const advice = (reason: string): string =>
  reason === 'DependencyNeverSatisfied'
    ? 'the job that prepares the data failed, and logs/prepare.txt says why. Cancel the sweep, then start it again'
    : /^(PartitionTimeLimit|PartitionConfig)$/.test(reason)
      ? 'its "time", "cpus" or nodes exceed the limits of the partition. Change "slurm" in the sweep file, then cancel and start the sweep again'
      : 'change "slurm" in the sweep file, then cancel and start the sweep again';

const reasons: Readonly<Record<string, string>> = {
  Priority: 'waits behind other jobs',
  Resources: 'waits for free nodes',
  JobArrayTaskLimit: 'waits for other trials, as "atOnce" is reached',
  BeginTime: 'was requeued, and starts again soon',
  Cleaning: 'was requeued, and starts again soon',
  Dependency: 'waits for the jobs before it',
  JobHeldUser: 'is held; release it with scontrol release',
  JobHeldAdmin: 'is held by an administrator',
  PartitionDown: 'the partition is down',
  PartitionInactive: 'the partition is inactive',
  NodeDown: 'its node is down',
  Reservation: 'waits for a reservation',
  Licenses: 'waits for a license',
};

/** The state of the job that this process runs in, such as RUNNING or COMPLETING; null if Slurm does not answer. */
export async function jobState(job: string, options?: ProgramOptions): Promise<string | null> {
  try {
    return parseJobState(await runSlurm('scontrol', ['show', 'job', '-o', job], options));
  } catch {
    return null;
  }
}

/** JobState in a line of `scontrol show job -o`. */
export const parseJobState = (text: string): string | null => /(?:^|\s)JobState=([A-Z_]+)/.exec(text)?.[1] ?? null;

/** Tasks that an array may have: indices begin at 0. Slurm's default if it does not tell. */
export const parseMaxArraySize = (text: string): number =>
  Number(/^\s*MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1] ?? 1001);
