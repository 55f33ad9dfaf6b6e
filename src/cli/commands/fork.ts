// `earthmover fork`: a run of its own that continues from a checkpoint of another run, with changed settings.
import path from 'node:path';
import { setOverride, shortOverride, type Override } from '../../experiment';
import { changedExperiment } from '../../experiment/changedExperiment';
import { defaultRunDirectory, openRun, runPaths } from '../../run/directory';
import { isRunError } from '../../run/errors';
import { wholeNumber, type Arguments } from '../arguments';
import { requireChangeable } from '../../run/forkSettings';
import { workers } from '../bundlePaths';
import type { CommandHandler } from '../command';
import { errors } from '../errors';
import { printProblems } from '../experimentFile';
import { removeIfEmpty, runDirectory } from '../runDirectory';
import { runTraining, type StartTraining } from '../runTraining';
import { subjectOf } from '../summary';
import type { forkOptions } from './options';

export const fork: CommandHandler<typeof forkOptions> = async (context, { values, rest }) => {
  const parent = runDirectory(rest[0]);
  const point =
    values.checkpoint === 'best'
      ? 'best'
      : wholeNumber('--checkpoint', values.checkpoint, { least: 0, example: '1000' });
  const { manifest } = openRun(parent);
  const { experiment, problems } = changedExperiment(
    manifest.experiment,
    runPaths(parent).experiment,
    overridesOf(values),
  );
  if (experiment === undefined) {
    // The reason for what else does not fit, such as a parameter of the optimizer that was replaced.
    for (const set of values.set ?? []) requireChangeable(set.split('=', 1)[0]);
    throw errors.invalidExperiment(problems, 'changed');
  }
  printProblems(problems, context.err);
  const directory = values.out ? path.resolve(values.out) : defaultRunDirectory(process.cwd(), experiment.name);
  const { forkRun, removeUnstartedFork, resume } = await import('../../trainer/train');
  try {
    await forkRun({ parent, point, experiment, directory });
    const subject = subjectOf(experiment);
    const start: StartTraining = (listener, signal) => resume({ directory, ...workers, listener, signal });
    const { code } = await runTraining(context, { json: values.json, subject }, start).catch(async (error: unknown) => {
      await removeUnstartedFork(directory);
      throw isRunError(error) && error.code === 'mismatch' ? errors.doesNotFit(values.set ?? [], error.message) : error;
    });
    return code;
  } finally {
    if (!values.out) removeIfEmpty(directory);
  }
};

function overridesOf(values: Arguments<typeof forkOptions>['values']): Override[] {
  const short = (['steps', 'seed', 'device'] as const).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [shortOverride(key, value)];
  });
  return [...(values.set ?? []).map(setOverride), ...short];
}
