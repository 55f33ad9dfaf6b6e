// `earthmover sweep` and `earthmover sweep resume`: plan the trials of a sweep, and train those that have not ended.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageVersion } from '../../files/packageVersion';
import { clean, plural } from '../../shared/text';
import { checkSweep } from '../../sweep/checkSweep';
import { isSweepFile } from '../../sweep/isSweepFile';
import { planSweep } from '../../sweep/plan';
import {
  clearCanceled,
  defaultSweepDirectory,
  forgetStartProblem,
  openSweep,
  type Sweep,
} from '../../sweep/sweepDirectory';
import type { Started } from '../../sweep/runner';
import { type Arguments, wholeNumber } from '../arguments';
import type { CommandHandler, Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { printProblems, readInput } from '../experimentFile';
import { onInterrupt } from '../interrupts';
import { exitProcess } from '../crashes';
import { toJson } from '../output';
import { shortPath } from '../summary';
import { countStates, countsText, limitText, statesOf } from '../sweep/describeSweep';
import { dryRun } from '../sweep/dryRun';
import { runnerNamed } from '../sweep/runners';
import { createSweepReporter } from '../sweep/sweepReporter';
import { tableLines } from '../sweep/tableLines';
import { sweepArgument } from '../sweep/sweepArgument';
import { isWanted } from '../sweep/wantedTrials';
import { tablesOf } from './sweepTable';
import { type sweepOptions, type sweepResumeOptions } from './options';

export const sweep: CommandHandler<typeof sweepOptions> = async (context, { values, rest }) => {
  const [file] = rest;
  if (!isSweepFile(file)) throw isPlanned(file) ? errors.plannedSweep(file) : errors.notASweepFile(file);
  // Whatever is wrong with the options, nothing is planned.
  await runnerNamed(values.on);
  atOnceOf(values);
  const trials = wholeNumber('--max', values.max, { least: 1, example: '40' });
  const checked = checkSweep(readInput(file), file, { trials });
  if (!checked.sweep) throw errors.invalidExperiment(checked.problems, 'sweep');
  const valid = checked.sweep;
  const directory = values.out ? path.resolve(values.out) : defaultSweepDirectory(process.cwd(), valid.name);
  printProblems(checked.problems, context.err);
  if (values['dry-run'])
    return dryRun(context, directory, valid, { ...values, atOnce: atOnceOf(values), prepare: prepareOf(values) });
  const { sweep: planned, added } = planSweep(directory, valid, packageVersion());
  if (!values.json && added > 0) context.out.line(`Planned ${plural(added, 'trial')} in ${shortPath(directory)}.`);
  return runSweep(context, values, planned);
};

export const sweepResume: CommandHandler<typeof sweepResumeOptions> = async (context, { values, rest }) =>
  runSweep(context, values, sweepArgument(rest[0]));

/** Whether an argument is the directory of a sweep, or the name of one. */
const isPlanned = (argument: string): boolean =>
  [argument, path.join('.earthmover', 'sweeps', argument)].some((place) => existsSync(path.join(place, 'sweep.json')));

type RunOptions = Arguments<typeof sweepResumeOptions>['values'];

const atOnceOf = (values: RunOptions): number | null =>
  wholeNumber('--at-once', values['at-once'], { least: 1, example: '2' }) ?? null;

const prepareOf = (values: RunOptions): boolean => values.prepare === true;

/** Trains the trials that have not ended, and prints how all of them ended. */
async function runSweep(context: Context, values: RunOptions, sweep: Sweep): Promise<number> {
  const { out, err } = context;
  const runner = await runnerNamed(values.on);
  const atOnce = atOnceOf(values);
  clearCanceled(sweep.directory);
  forgetStartProblem(sweep.directory);
  const states = statesOf(sweep);
  const trials = sweep.trials.filter((_, k) => isWanted(states[k].state, values));
  const abort = new AbortController();
  const { minutes = null } = sweep.file.limits ?? {};
  const outOfTime = (): void => {
    if (!values.json)
      err.line(
        `${out.terminal ? '\n' : ''}The time limit of ${minutes} minutes is reached. Saving all running trials…`,
      );
    abort.abort();
  };
  const timer = minutes === null ? undefined : setTimeout(outOfTime, minutes * 60_000);
  const release = onInterrupt({
    onFirst: () => {
      if (!values.json)
        err.line(`${out.terminal ? '\n' : ''}Saving all running trials… Press Ctrl-C again to quit without saving.`);
      abort.abort();
    },
    onSecond: () => exitProcess(exitCode.interrupted),
  });
  // A reader that closes the output ends the sweep as it ends a run.
  void context.lost.then(() => abort.abort());
  try {
    const listener = createSweepReporter(context, sweep, values.json === true);
    const started = await runner.start({
      sweep,
      trials,
      atOnce,
      prepare: prepareOf(values),
      diverged: values.diverged === true,
      signal: abort.signal,
      listener,
    });
    return await concluded(context, values, openSweep(sweep.directory), started);
  } finally {
    clearTimeout(timer);
    release();
  }
}

async function concluded({ out, err }: Context, { json }: RunOptions, sweep: Sweep, started: Started): Promise<number> {
  const states = statesOf(sweep);
  const counts = countStates(states);
  if (json) out.line(toJson({ event: 'sweep-end', reason: started, directory: sweep.directory, counts }));
  else {
    out.line(`\n${out.style.bold(clean(sweep.name))}  ${countsText(counts, states.length)}`);
    const limit = limitText(sweep);
    if (limit !== null) out.line(limit);
    const tables = started === 'ended' ? await tablesOf(sweep, null, false) : [];
    for (const [, table] of tables) out.line(`\n${tableLines(table).join('\n')}`);
  }
  if (started === 'interrupted') {
    if (!json) err.line('Interrupted. Run the same command again to continue.');
    return exitCode.interrupted;
  }
  if (started === 'submitted') {
    if (!json) out.line(`To see how far it is: earthmover sweep status ${shortPath(sweep.directory)}`);
    return exitCode.ok;
  }
  return (counts.failed ?? 0) + (counts.exited ?? 0) > 0 ? exitCode.failed : exitCode.ok;
}
