// `earthmover resume`: continues a run from its last checkpoint.
import { runSettings } from '../../catalog';
import { openRun } from '../../run/directory';
import { joinRanks } from '../../parallel/joinRanks';
import { validExperiment } from '../../run/recordedExperiment';
import { type CommandHandler } from '../command';
import { wholeNumber } from '../arguments';
import { subjectOf } from '../summary';
import { type resumeOptions } from './options';
import { workers } from '../bundlePaths';
import { closeRanks, followRank } from '../followRank';
import { runDirectory } from '../runDirectory';
import { runTraining } from '../runTraining';

export const resume: CommandHandler<typeof resumeOptions> = async (context, { values, rest }) => {
  const directory = runDirectory(rest[0]);
  const steps = wholeNumber('--steps', values.steps, { least: 1, most: runSettings.steps.maximum, example: '5000' });
  const useCurrentModel = values['use-current-model'];
  const useCurrentData = values['use-current-data'];
  const { manifest } = openRun(directory);
  const experiment = validExperiment(manifest.experiment, directory);
  const ranks = await joinRanks();
  if (ranks !== null && ranks.rank > 0) {
    const all = steps === undefined ? experiment : { ...experiment, steps };
    const { source, cores } = manifest;
    const code = await followRank({
      ...{ experiment: all, source, cores, keepsPath: true, ranks, resumed: directory, useCurrentModel },
    });
    closeRanks(ranks, code);
    return code;
  }
  const subject = subjectOf(experiment);
  const { code } = await runTraining(context, { json: values.json, subject }, async (listener, signal) => {
    const { resume: run } = await import('../../trainer/train');
    return run({
      directory,
      ...workers,
      listener,
      signal,
      steps,
      useCurrentModel,
      useCurrentData,
      ranks,
    });
  });
  closeRanks(ranks, code);
  return code;
};
