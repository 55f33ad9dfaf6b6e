// Runs trials on a Slurm cluster: job arrays whose tasks train fixed trials. No process of ours stays behind; what a
// call needs to know is in submissions/, in the runs and in the queue of Slurm.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../math/median';
import { secondsOf } from '../protocol/status';
import { inside, replaceFile } from '../run/diskAccess';
import { processExists } from '../run/process';
import { isUserError } from '../shared/userError';
import { plural } from '../shared/text';
import type { Preview, Runner, SweepEvent, Started, StartRequest } from '../sweep/runner';
import type { Sweep, Trial } from '../sweep/sweepDirectory';
import { stateOf } from '../sweep/trialState';
import { slurmFailed } from './errors';
import {
  jobScript,
  prepareArguments,
  prepareScript,
  leadSeconds,
  sbatchArguments,
  shellQuoted,
  tasksOf,
  trialsPerTask,
  type JobRequest,
} from './jobScript';
import { reasonIn, runSlurm, trySlurm } from './programs';
import {
  isQueued,
  neverStarts,
  parseMaxArraySize,
  readQueue,
  reasonText,
  taskId,
  taskText,
  type QueuedTask,
} from './queue';
import { localDisk } from './sharedDisk';
import {
  createSubmission,
  readSubmissions,
  recordJob,
  submissionName,
  withdrawSubmission,
  type Submission,
} from './submissions';
import { submit, tested } from './submit';

/** @param cli the command line's script, which jobs call */
export function createSlurmRunner(cli: string): Runner {
  return {
    id: 'slurm',
    preview: (request) => preview(cli, request),
    start: (request) => start(cli, request),
    cancel,
    waiting,
  };
}

/** What all arrays of a call have in common. */
interface Settings {
  readonly each: number;
  readonly atOnce: number | null;
  readonly cpus: number;
  readonly leadSeconds: number;
}

function settingsFor({ sweep, trials, atOnce }: Preview): Settings {
  const { slurm = {}, limits } = sweep.file;
  const limit = atOnce ?? limits?.atOnce ?? null;
  const statuses = sweep.trials.flatMap(({ trial }) => stateOf(sweep.directory, trial).status ?? []);
  const seconds = statuses.filter(({ state }) => state === 'finished').map(secondsOf);
  const trialSeconds = seconds.length > 0 ? median(seconds) : null;
  const stepSeconds = Math.max(0, ...statuses.map(({ medianStepSeconds }) => medianStepSeconds ?? 0));
  return {
    each: trialsPerTask(slurm.each, { trials: trials.length, trialSeconds, atOnce: limit }),
    atOnce: limit,
    cpus: slurm.cpus ?? Math.max(1, ...trials.map(({ threads }) => threads)),
    leadSeconds: leadSeconds(slurm.time, stepSeconds),
  };
}

const jobRequest = (
  { directory, file }: Sweep,
  { atOnce, cpus, leadSeconds: lead }: Settings,
  submission: Pick<Submission, 'name' | 'number' | 'tasks'>,
  after: readonly string[],
): JobRequest => ({
  ...{ directory, slurm: file.slurm ?? {}, name: submission.name, submission: submission.number },
  ...{ tasks: submission.tasks.length, atOnce, cpus, leadSeconds: lead, after },
});

const scriptFile = (directory: string): string => inside(directory, 'script.sh');
const prepareFile = (directory: string): string => inside(directory, 'prepare.sh');

async function start(cli: string, request: StartRequest): Promise<Started> {
  const { sweep, listener, signal } = request;
  const { directory } = sweep;
  const notice = (level: 'info' | 'warning', message: string): void => listener({ event: 'notice', level, message });
  const onWait = (): void => notice('info', 'Waiting for the Slurm controller, which does not answer…');
  const maxTasks = parseMaxArraySize(await runSlurm('scontrol', ['show', 'config'], { signal, onWait }));
  const disk = localDisk(directory);
  if (disk !== null)
    notice(
      'warning',
      `${directory} is on a local disk (${disk}). The nodes of the cluster must see it under the same path.`,
    );
  const settings = settingsFor(request);
  replaceFile(scriptFile(directory), jobScript({ directory, slurm: sweep.file.slurm ?? {} }, cli));

  const running = request.trials.filter((trial) => isTrained(sweep, trial)).map(({ trial }) => trial);
  const submitted: Submission[] = [];
  const handled = new Set(running);
  let queued: ReadonlyMap<number, string> = new Map();
  let isWaiting = false;
  let prepared: string | null = null;
  while (!signal.aborted) {
    const earlier = readSubmissions(directory);
    const found = await queuedTrials(earlier);
    queued = found.trials;
    for (const each of found.lost) withdrawSubmission(directory, each);
    if (found.unanswered) {
      if (!isWaiting) notice('info', 'Waiting for another command, which submits trials of this sweep…');
      isWaiting = true;
      await sleep(1000, undefined, { signal }).catch(() => {});
      continue;
    }
    const left = request.trials.map(({ trial }) => trial).filter((trial) => !handled.has(trial) && !queued.has(trial));
    if (left.length === 0) break;
    const tasks = tasksOf(left, settings.each).slice(0, maxTasks);
    // Of two calls at once, one is first; the other looks again.
    const submission = createSubmission(sweep, (earlier.at(-1)?.number ?? 0) + 1, tasks, request.diverged);
    if (submission === null) continue;
    if (request.prepare) prepared ??= await submitPrepare(cli, sweep, submission, settings);
    const before = settings.atOnce === null ? null : lastJob(earlier, queued);
    const after = [
      ...(prepared === null ? [] : [`afterok:${prepared}`]),
      ...(before === null ? [] : [`afterany:${before}`]),
    ];
    const args = sbatchArguments(jobRequest(sweep, settings, submission, after), scriptFile(directory));
    const answer = await submit(sweep, submission, args, submittedText(submitted));
    recordJob(directory, submission, answer);
    submitted.push({ ...submission, ...answer });
    for (const trial of tasks.flat()) handled.add(trial);
    listener({ event: 'submitted', job: answer.job, trials: tasks.flat().length });
  }
  const others = running.filter((trial) => !queued.has(trial)).length;
  if (others > 0)
    notice(
      'info',
      `Not submitted: ${plural(others, 'trial')} that other processes train. When those have ended, run the command again.`,
    );
  if (submitted.length > 0) for (const event of await neverStarting(submitted)) listener(event);
  else if (others === 0) notice('info', 'All trials that have not ended are in the queue already.');
  return signal.aborted ? 'interrupted' : 'submitted';
}

/** Submits the job that reads the data before the trials of this call start; returns its id. */
async function submitPrepare(cli: string, sweep: Sweep, submission: Submission, { cpus }: Settings): Promise<string> {
  const { directory } = sweep;
  const { slurm = {} } = sweep.file;
  const file = prepareFile(directory);
  replaceFile(file, prepareScript({ directory, slurm }, cli));
  const args = prepareArguments({ directory, slurm, name: prepareName(sweep), cpus }, file);
  return (await submit(sweep, { ...submission, name: prepareName(sweep) }, args, '')).job;
}

const prepareName = (sweep: Sweep): string => submissionName(sweep, 'prepare');

/** Whether a process outside of Slurm works on a trial; a job would wait for it and hold its node. */
const isTrained = ({ directory }: Sweep, { trial }: Trial): boolean => stateOf(directory, trial).state === 'running';

interface QueuedTrials {
  /** Trials that wait or run in Slurm, each with its job. */
  readonly trials: ReadonlyMap<number, string>;
  /** Whether another process waits for Slurm's answer to a submission. */
  readonly unanswered: boolean;
  /** Submissions of processes that ended before Slurm had them. */
  readonly lost: readonly Submission[];
}

async function queuedTrials(submissions: readonly Submission[]): Promise<QueuedTrials> {
  const trials = new Map<number, string>();
  const known = new Set<Submission>();
  for (const { task, submission } of await tasksIn(submissions)) {
    known.add(submission);
    if (isQueued(task)) for (const trial of submission.tasks[task.index] ?? []) trials.set(trial, task.job);
  }
  const open = submissions.filter((each) => each.job === null && each.tasks.length > 0 && !known.has(each));
  const isLost = ({ submitter, at }: Submission): boolean =>
    Date.now() - at > answerMs || (submitter !== null && processExists(submitter) === false);
  const lost = open.filter(isLost);
  return { trials, unanswered: lost.length < open.length, lost };
}

/** Milliseconds after which sbatch will not answer any more. */
const answerMs = 120_000;

/** The latest job with tasks in the queue: only after it another array may begin, if the number at once is limited. */
const lastJob = (submissions: readonly Submission[], queued: ReadonlyMap<number, string>): string | null => {
  const jobs = new Set(queued.values());
  return submissions.findLast(({ job }) => job !== null && jobs.has(job))?.job ?? null;
};

interface TaskOfSubmission {
  readonly submission: Submission;
  readonly task: QueuedTask;
}

/** The tasks of submissions that Slurm knows. */
async function tasksIn(
  submissions: readonly Submission[],
  options?: { patience: number },
): Promise<TaskOfSubmission[]> {
  if (submissions.length === 0) return [];
  const named = new Map(submissions.map((submission) => [submission.name, submission]));
  const queue = await readQueue(submissions, options);
  return queue.flatMap((task) => {
    const submission = named.get(task.name);
    return submission === undefined ? [] : [{ submission, task }];
  });
}

const submittedText = (submissions: readonly Submission[]): string => {
  const trials = submissions.flatMap(({ tasks }) => tasks.flat()).length;
  return trials === 0 ? '' : ` ${plural(trials, 'trial')} were submitted before that, and stay.`;
};

async function neverStarting(submissions: readonly Submission[]): Promise<SweepEvent[]> {
  const tasks = await tasksIn(submissions);
  const reasons = new Set(tasks.map(({ task }) => task.reason).filter(neverStarts));
  return [...reasons].map((reason) => ({
    event: 'notice',
    level: 'warning',
    message: `Slurm has queued the trials, but ${reasonText(reason)}.`,
  }));
}

async function preview(cli: string, request: Preview): Promise<readonly string[]> {
  const { sweep, trials } = request;
  if (trials.length === 0) return [];
  const settings = settingsFor(request);
  const tasks = tasksOf(
    trials.map(({ trial }) => trial),
    settings.each,
  );
  const number = (readSubmissions(sweep.directory).at(-1)?.number ?? 0) + 1;
  const args = sbatchArguments(
    jobRequest(
      ...([sweep, settings, { name: submissionName(sweep, number), number, tasks }] as const),
      request.prepare ? ['afterok:JOB'] : [],
    ),
    'script.sh',
  );
  const { directory, file } = sweep;
  const first = { directory, slurm: file.slurm ?? {}, name: prepareName(sweep), cpus: settings.cpus };
  const each = settings.each === 1 ? '' : `, each for ${plural(settings.each, 'trial')} one after another`;
  return [
    `${plural(tasks.length, 'task')} of Slurm${each}.`,
    ...(await tested(
      sweep,
      args.slice(0, -2).filter((arg) => !arg.startsWith('--dependency=')),
    )),
    '',
    ...(request.prepare
      ? [
          'The data is read first, by JOB:',
          ['sbatch', ...prepareArguments(first, 'prepare.sh')].map(shellQuoted).join(' '),
          '',
        ]
      : []),
    ['sbatch', ...args].map(shellQuoted).join(' '),
    '',
    ...jobScript({ directory: sweep.directory, slurm: sweep.file.slurm ?? {} }, cli)
      .trimEnd()
      .split('\n'),
  ];
}

/** Cancels the tasks in which nothing but these trials is left. */
async function cancel(sweep: Sweep, trials: readonly Trial[]): Promise<void> {
  const canceled = new Set(trials.map(({ trial }) => trial));
  const isLeft = (trial: number): boolean =>
    ['waiting', 'running', 'interrupted', 'exited'].includes(stateOf(sweep.directory, trial).state);
  const submissions = readSubmissions(sweep.directory);
  if (sweep.trials.every(({ trial }) => canceled.has(trial) || !isLeft(trial))) await cancelPrepare(sweep);
  const found = (await tasksIn(submissions)).filter(({ task }) => isQueued(task));
  const chosen = found.filter(({ submission, task }) =>
    (submission.tasks[task.index] ?? []).every((trial) => canceled.has(trial) || !isLeft(trial)),
  );
  for (const submission of submissions) {
    const all = found.filter((each) => each.submission === submission);
    const ids = chosen.filter((each) => each.submission === submission).map(({ task }) => task);
    if (ids.length === 0) continue;
    const where = submission.cluster === null ? [] : [`--clusters=${submission.cluster}`];
    const jobs = ids.length === all.length ? [...new Set(ids.map(({ job }) => job))] : ids.map(taskId);
    for (let k = 0; k < jobs.length; k += 500) await scancel([...where, ...jobs.slice(k, k + 500)]);
  }
}

/** Ends the job that prepares the data, if there was one. */
async function cancelPrepare(sweep: Sweep): Promise<void> {
  if (existsSync(prepareFile(sweep.directory))) await scancel([`--name=${prepareName(sweep)}`]);
}

/** Ends jobs; those that have just ended are no failure. */
async function scancel(args: readonly string[]): Promise<void> {
  const { failed, stderr } = await trySlurm('scancel', args);
  if (failed && !/invalid job id|already completing/i.test(stderr)) throw slurmFailed('scancel', reasonIn(stderr));
}

/** What Slurm knows of trials, of the latest submission of each. */
async function waiting({ directory }: Sweep): Promise<ReadonlyMap<number, string>> {
  const submissions = readSubmissions(directory);
  const texts = new Map<number, string>();
  let tasks: TaskOfSubmission[];
  try {
    tasks = await tasksIn(submissions, { patience: 10 });
  } catch (error) {
    if (!isUserError(error)) throw error;
    for (const trial of submissions.flatMap((each) => each.tasks.flat())) texts.set(trial, `unknown: ${error.message}`);
    return texts;
  }
  const found = new Map(tasks.map(({ submission, task }) => [`${submission.name} ${task.index}`, task]));
  for (const { name, tasks: trialsOf } of submissions)
    trialsOf.forEach((trials, index) => {
      const task = found.get(`${name} ${index}`);
      for (const trial of trials) {
        if (task !== undefined) texts.set(trial, isQueued(task) ? taskText(task) : endedText(directory, task));
        else if (!texts.has(trial)) texts.set(trial, 'left the queue of Slurm');
      }
    });
  return texts;
}

/** How a task ended, and where it says why. */
function endedText(directory: string, task: QueuedTask): string {
  const log = logOf(task);
  if (existsSync(inside(directory, log))) return `${taskText(task)}, see ${log}`;
  // Slurm opens the output on the node before it starts anything.
  const node = task.nodes === '' ? 'its node' : task.nodes;
  return task.state === 'FAILED'
    ? `${taskText(task)} without any output: ${node} does not see ${directory}, or may not write to it. Put the sweep on a disk that all nodes share (--out DIR)`
    : taskText(task);
}

/** The output of a task, in the directory of the sweep. */
const logOf = (task: QueuedTask): string => path.posix.join('logs', `job-${taskId(task)}.txt`);
