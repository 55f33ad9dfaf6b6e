// What is submitted: the options of sbatch and the script of a job, exactly as --dry-run shows them.
import type { SlurmConfig } from '../sweep/schema';

export interface JobRequest {
  /** Directory of the sweep. */
  readonly directory: string;
  readonly slurm: SlurmConfig;
  /** Name of the job. */
  readonly name: string;
  /** Number of the submission. */
  readonly submission: number;
  /** Tasks of the array. */
  readonly tasks: number;
  /** Tasks that may run at the same time; null sets no limit. */
  readonly atOnce: number | null;
  readonly cpus: number;
  /** Seconds before the time limit at which a job is told to save. */
  readonly leadSeconds: number;
  /** Jobs that this one waits for, as sbatch's --dependency takes them: afterok:41. */
  readonly after: readonly string[];
}

/** The arguments of sbatch. `file` is the script. */
export function sbatchArguments(request: JobRequest, file: string): string[] {
  const { directory, slurm, name, submission, tasks, atOnce, cpus, leadSeconds, after } = request;
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${atOnce === null ? '' : `%${atOnce}`}`,
    ...resources(slurm, cpus, slurm.ranks),
    // Without "B:", Slurm signals the step that srun has started, and not the script.
    `--signal=${hasRanks(slurm) ? 'B:' : ''}USR2@${leadSeconds}`,
    slurm.requeue === false ? '--no-requeue' : '--requeue',
    ...output(directory, 'job-%A_%a'),
    ...(after.length === 0 ? [] : [`--dependency=${after.join(',')}`]),
    ...(slurm.options ?? []).flatMap(optionArguments),
    file,
    String(submission),
  ];
}

/** The arguments of sbatch for the job that reads the data before all others. `file` is its script. */
export const prepareArguments = (
  { directory, slurm, name, cpus }: Pick<JobRequest, 'directory' | 'slurm' | 'name' | 'cpus'>,
  file: string,
): string[] => [
  '--parsable',
  `--job-name=${name}`,
  ...resources(slurm, cpus),
  '--requeue',
  ...output(directory, 'prepare'),
  ...(slurm.options ?? []).flatMap(optionArguments),
  file,
];

/** Whether several processes train a trial. */
const hasRanks = ({ ranks = 1 }: SlurmConfig): boolean => ranks > 1;

/** The words that start a trial as several processes; none if it is one. */
export const launcherOf = ({ ranks = 1, mpirun = ['mpirun'] }: SlurmConfig): string[] =>
  ranks > 1 ? [...mpirun, '-n', String(ranks)] : [];

function resources({ partition, account, time, memory, gres }: SlurmConfig, cpus: number, ranks = 1): string[] {
  const given = (option: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${option}=${value}`];
  return [
    ...(ranks > 1 ? [`--ntasks=${ranks}`] : []),
    `--cpus-per-task=${cpus}`,
    ...given('partition', partition),
    ...given('account', account),
    ...given('time', time),
    ...given('mem', memory),
    ...given('gres', gres),
  ];
}

/** `name` may have patterns of Slurm; a percent sign of the path is none. */
const output = (directory: string, name: string): string[] => [
  '--open-mode=append',
  `--output=${directory.replaceAll('%', '%%')}/logs/${name}.txt`,
];

/** `-q long`, `--qos long` and `#SBATCH --qos=long` as arguments. */
export function optionArguments(line: string): string[] {
  const text = line.trim().replace(/^#SBATCH\s+/, '');
  const [, option, value] = /^(--?[\w-]+)\s+(.+)$/.exec(text) ?? [];
  return option === undefined ? [text] : [option, value];
}

/**
 * The script of all jobs of a sweep; its argument is the number of the submission. Under srun a job is told when it is
 * preempted with grace, which a process of the script itself is not. Since Slurm 22.05 srun has to be given the cores.
 * @param cli the command line's script
 */
export const jobScript = (job: ScriptOf, cli: string): string =>
  script(job, cli, 'job', ['"$1"', '"$SLURM_ARRAY_TASK_ID"']);

/** The script of the job that reads the data. */
export const prepareScript = (job: ScriptOf, cli: string): string => script(job, cli, 'prepare', []);

type ScriptOf = Pick<JobRequest, 'directory' | 'slurm'>;

function script({ directory, slurm }: ScriptOf, cli: string, subcommand: string, more: readonly string[]): string {
  const { before = [], wrap = [], node = process.execPath } = slurm;
  const command = [...wrap, node, cli, 'sweep', subcommand, directory].map(shellQuoted);
  const missing = `Node.js is not at ${node} on this node: set "node" in "slurm" of the sweep file, or load it in "before".`;
  const quoted = shellQuoted(node);
  const isNew = `const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 9) ? 0 : 1)`;
  const old = `Node.js at ${node} is too old: at least 20.9 is needed. Set "node" in "slurm" of the sweep file, or load a newer one in "before".`;
  const check = `command -v ${quoted} >/dev/null || { echo ${shellQuoted(missing)} >&2; exit 127; }`;
  return [
    '#!/bin/bash -l',
    ...before,
    // In a container it may be elsewhere.
    ...(wrap.length === 0 ? [check, `${quoted} -e '${isNew}' || { echo ${shellQuoted(old)} >&2; exit 127; }`] : []),
    ...(hasRanks(slurm)
      ? // mpirun starts the steps itself, which it cannot do inside of one; srun as its launcher needs the cores, too.
        ['export SRUN_CPUS_PER_TASK="$SLURM_CPUS_PER_TASK"', `exec ${[...command, ...more].join(' ')}`]
      : [
          `exec srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=1 \\`,
          `  ${[...command, ...more].join(' ')}`,
        ]),
    '',
  ].join('\n');
}

/** An argument as a shell takes it. */
export const shellQuoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** Seconds of a time limit as Slurm writes it: minutes, or days, hours, minutes and seconds; null if it is none. */
export function timeLimitSeconds(time: string): number | null {
  const [, days, rest] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(time.trim()) ?? [];
  if (rest === undefined) return null;
  const parts = rest.split(':').map(Number);
  if (days !== undefined) {
    const [hours, minutes = 0, seconds = 0] = parts;
    return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
  }
  if (parts.length === 3) return (parts[0] * 60 + parts[1]) * 60 + parts[2];
  return parts[0] * 60 + (parts[1] ?? 0);
}

/**
 * Seconds before the time limit at which a job is told to save. Slurm looks every half minute, so the signal may be
 * late; then the step at hand and a checkpoint must fit.
 */
export function leadSeconds(time: string | undefined, stepSeconds: number): number {
  const wanted = Math.ceil(Math.max(120, 60 + 3 * stepSeconds));
  const limit = time === undefined ? null : timeLimitSeconds(time);
  return limit === null || limit === 0 ? wanted : Math.max(1, Math.min(wanted, Math.floor(limit / 2)));
}

/** The trials of each task: `each` of them one after another. */
export function tasksOf(trials: readonly number[], each: number): number[][] {
  const tasks: number[][] = [];
  for (let k = 0; k < trials.length; k += each) tasks.push(trials.slice(k, k + each));
  return tasks;
}

/**
 * Trials of a task with "each": "auto": enough for ten minutes, because starting a job takes a while, but few enough
 * that there are tasks for all that may run at once.
 * @param sweep `trialSeconds` is the time of a trial; null if none has ended
 */
export function trialsPerTask(
  each: SlurmConfig['each'] = 'auto',
  {
    trials,
    trialSeconds,
    atOnce,
  }: { readonly trials: number; readonly trialSeconds: number | null; readonly atOnce: number | null },
): number {
  if (each !== 'auto') return each;
  if (trialSeconds === null) return 1;
  const enough = Math.ceil(600 / Math.max(1, trialSeconds));
  return Math.max(1, Math.min(enough, Math.floor(trials / (atOnce ?? 1))));
}
