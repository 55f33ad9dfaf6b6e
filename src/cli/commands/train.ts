// `earthmover train`: an experiment file and the options that change it, into a run directory.
import { rmdirSync } from 'node:fs';
import path from 'node:path';
import { eachSeed, type Experiment, type Override, setOverride, shortOverride } from '../../experiment/index';
import { defaultRunDirectory, seedDirectory } from '../../run/directory';
import { type Arguments } from '../arguments';
import { type CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { checkFile, printProblems } from '../experimentFile';
import { modeCount, seedsSummary, type SeedResult } from '../summary';
import { type trainOptions } from './options';
import { taskWorker, prefetchWorker } from '../paths';
import { type StartTraining, runTraining } from '../runTraining';

export const train: CommandHandler<typeof trainOptions> = async (context, { values, rest }) => {
  const { experiment, source, problems } = checkFile(rest[0], overridesOf(values));
  printProblems(problems, context.err, values.json && !experiment ? context.out : undefined);
  if (!experiment) return exitCode.badInput;

  const seeds = eachSeed(experiment);
  const several = seeds.length > 1;
  const directoryOf = ({ name, seed }: Experiment): string => {
    if (!values.out) return defaultRunDirectory(process.cwd(), name, several ? { seed } : {});
    const directory = path.resolve(values.out);
    return several ? seedDirectory(directory, seed) : directory;
  };
  const ends: SeedResult[] = [];
  for (const one of seeds) {
    const directory = directoryOf(one);
    const begin: StartTraining = async (listener, signal) => {
      const { train: run } = await import('../../trainer/train');
      return run({ experiment: one, source, directory, taskWorker, prefetchWorker, listener, signal });
    };
    try {
      const ended = await runTraining(context, { json: values.json, modes: modeCount(one.data) }, begin);
      ends.push({ seed: one.seed, ...ended });
      // A seed that diverges is a result; what ends a training in another way would end the next one too, or is meant to.
      if (ended.end?.reason !== 'finished' && ended.end?.reason !== 'diverged') break;
    } finally {
      if (!values.out) removeIfEmpty(directory);
      if (several && !values.json) context.out.line();
    }
  }
  if (several && !values.json) context.out.line(seedsSummary(ends, seeds.length, context.out.style));
  return Math.max(...ends.map(({ code }) => code));
};

/** The short options come after --set, whatever their order on the command line. */
function overridesOf(values: Arguments<typeof trainOptions>['values']): Override[] {
  const short = (['seed', 'seeds', 'steps', 'device'] as const).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [shortOverride(key, value)];
  });
  return [...(values.set ?? []).map(setOverride), ...short];
}

/** A run that was refused or interrupted before it began leaves no folder behind. */
function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // It holds something, which is then worth keeping.
  }
}
