// `earthmover train`: an experiment file and the options that change it, into a run directory.
import { rmdirSync } from 'node:fs';
import path from 'node:path';
import { type Override, setOverride, shortOverride } from '../experiment/override';
import { defaultRunDirectory } from '../run/directory';
import { type Arguments } from './arguments';
import { type Run } from './command';
import { exitCode } from './exitCodes';
import { checkFile } from './experimentFile';
import { modesOf } from './modes';
import { type trainOptions } from './options';
import { dataWorker } from './paths';
import { printProblems } from './problems';
import { runSession } from './session';

export const train: Run<typeof trainOptions> = async (context, { values, rest }) => {
  const { experiment, source, problems } = checkFile(rest[0], overridesOf(values));
  printProblems(problems, context.err, values.json && !experiment ? context.out : undefined);
  if (!experiment) return exitCode.badInput;

  const directory = values.out ? path.resolve(values.out) : defaultRunDirectory(process.cwd(), experiment.name);
  try {
    return await runSession(
      context,
      { json: values.json, modes: modesOf(experiment.data) },
      async (listener, signal) => {
        const { train: run } = await import('../trainer/train');
        return run({ experiment, source, directory, dataWorker, listener, signal });
      },
    );
  } catch (error) {
    if (!values.out) removeIfEmpty(directory);
    throw error;
  }
};

/** The short options come after --set, whatever their order on the command line. */
function overridesOf(values: Arguments<typeof trainOptions>['values']): Override[] {
  const short = (['seed', 'steps', 'device'] as const).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [shortOverride(key, value)];
  });
  return [...(values.set ?? []).map(setOverride), ...short];
}

/** A run that was refused before it began leaves no folder behind. */
function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // It holds something, which is then worth keeping.
  }
}
