// `earthmover train`: trains from an experiment file, with overrides from the command line, and writes a run
// directory.
import path from 'node:path';
import { experimentPerSeed, type Experiment, type Override, setOverride, shortOverride } from '../../experiment';
import { defaultRunDirectory, seedDirectory } from '../../run/directory';
import { requireUnused } from '../../run/unusedDirectory';
import { type Arguments } from '../arguments';
import type { Communicator } from '../../parallel/communicator';
import { joinRanks } from '../../parallel/joinRanks';
import { type CommandHandler, type Context } from '../command';
import { exitCode } from '../exitCodes';
import { usableExperiment } from '../experimentFile';
import { closeRanks, followRank } from '../followRank';
import { subjectOf, seedsSummary, type SeedResult } from '../summary';
import { type trainOptions } from './options';
import { workers } from '../bundlePaths';
import { removeIfEmpty } from '../runDirectory';
import { type StartTraining, runTraining } from '../runTraining';

export const train: CommandHandler<typeof trainOptions> = async (context, args) => {
  const ranks = await joinRanks();
  const code = await trainAs(context, args, ranks);
  closeRanks(ranks, code);
  return code;
};

/** Trains alone, or as one of several processes. */
async function trainAs(
  context: Context,
  { values, rest }: Arguments<typeof trainOptions>,
  ranks: Communicator | null,
): Promise<number> {
  // Rank 0 prints the warnings.
  const silent = { ...context, err: { ...context.err, line: () => {} } };
  const reader = ranks !== null && ranks.rank > 0 ? silent : context;
  const { experiment, source } = usableExperiment(reader, rest[0], overridesOf(values));

  const experiments = experimentPerSeed(experiment);
  if (ranks !== null && ranks.rank > 0) {
    let code: number = exitCode.ok;
    for (const one of experiments) {
      const next = await followRank({ experiment: one, source, ranks, resumed: null });
      code = Math.max(code, next);
      if (next === exitCode.interrupted) break;
    }
    return code;
  }
  const several = experiments.length > 1;
  const directoryOf = ({ name, seed }: Experiment): string => {
    if (!values.out) return defaultRunDirectory(process.cwd(), name, several ? { seed } : {});
    const directory = path.resolve(values.out);
    return several ? seedDirectory(directory, seed) : directory;
  };
  // Before the first of several is trained.
  if (values.out) for (const one of experiments) requireUnused(directoryOf(one));
  const results: SeedResult[] = [];
  for (const one of experiments) {
    const directory = directoryOf(one);
    const startTraining: StartTraining = async (listener, signal) => {
      const { train: run } = await import('../../trainer/train');
      return run({
        experiment: one,
        source,
        directory,
        ...workers,
        listener,
        signal,
        ranks,
      });
    };
    try {
      const result = await runTraining(context, { json: values.json, subject: subjectOf(one) }, startTraining);
      results.push({ seed: one.seed, ...result });
      // A failure is that of one seed; an error before the first step is thrown and would repeat with the next one.
      if (!result.end || result.end.reason === 'stopped' || result.end.reason === 'interrupted') break;
    } finally {
      if (!values.out) removeIfEmpty(directory);
      if (several && !values.json) context.out.line();
    }
  }
  if (several && !values.json) context.out.line(seedsSummary(results, experiments.length, context.out.style));
  return Math.max(...results.map(({ code }) => code));
}

/** Short options are applied after --set, regardless of their order on the command line. */
function overridesOf(values: Arguments<typeof trainOptions>['values']): Override[] {
  const short = (['seed', 'seeds', 'steps', 'device'] as const).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [shortOverride(key, value)];
  });
  return [...(values.set ?? []).map(setOverride), ...short];
}
