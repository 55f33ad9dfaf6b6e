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
  /** Job that must end before this one begins. */
  readonly after: string | null;
}

/** The arguments of sbatch. `file` is the script. */
export function sbatchArguments(request: JobRequest, file: string): string[] {
  const { directory, slurm, name, submission, tasks, atOnce, cpus, leadSeconds, after } = request;
  const { partition, account, time, memory, gres, requeue = true, options = [] } = slurm;
  const given = (option: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${option}=${value}`];
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${atOnce === null ? '' : `%${atOnce}`}`,
    `--cpus-per-task=${cpus}`,
    ...given('partition', partition),
    ...given('account', account),
    ...given('time', time),
    ...given('mem', memory),
    ...given('gres', gres),
    // Without "B:", Slurm signals the step that srun has started; the shell of the script would ignore it.
    `--signal=USR2@${leadSeconds}`,
    requeue ? '--requeue' : '--no-requeue',
    '--open-mode=append',
    `--output=${directory.replaceAll('%', '%%')}/logs/job-%A_%a.txt`,
    ...(after === null ? [] : [`--dependency=afterany:${after}`]),
    ...options.flatMap(optionArguments),
    file,
    String(submission),
  ];
}

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
export function jobScript({ directory, slurm }: Pick<JobRequest, 'directory' | 'slurm'>, cli: string): string {
  const { before = [], wrap = [], node = process.execPath } = slurm;
  const command = [...wrap, node, cli, 'sweep', 'job', directory].map(shellQuoted).join(' ');
  const missing = `Node.js is not at ${node} on this node: set "node" in "slurm" of the sweep file, or load it in "before".`;
  const check = `command -v ${shellQuoted(node)} >/dev/null || { echo ${shellQuoted(missing)} >&2; exit 127; }`;
  return [
    '#!/bin/bash -l',
    ...before,
    // In a container it may be elsewhere.
    ...(wrap.length === 0 ? [check] : []),
    `exec srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=1 \\`,
    `  ${command} "$1" "$SLURM_ARRAY_TASK_ID"`,
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
