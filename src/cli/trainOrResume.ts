// Trains an experiment into a run directory that has a fixed place: trains, resumes or finds it trained.
import { openRun } from '../run/directory';
import { listFolder } from '../run/diskAccess';
import { validExperiment } from '../run/recordedExperiment';
import { inspectStatus } from '../run/status';
import type { EndEvent, TrainRequest } from '../trainer/train';
import { workers } from './bundlePaths';

interface Request extends Pick<TrainRequest, 'directory' | 'experiment' | 'source' | 'listener' | 'signal' | 'ranks'> {
  /** The error if the directory has a run of another experiment. */
  readonly otherRun: (directory: string) => Error;
  /** Whether to resume a run that has diverged. */
  readonly diverged?: boolean;
}

/** Resolves to how the run ended; null if it had already finished, or diverged and is not to be resumed. */
export async function trainOrResume({ otherRun, diverged = false, ...request }: Request): Promise<EndEvent | null> {
  const { directory, experiment } = request;
  const common = { ...request, ...workers };
  // The trainer is a bundle of its own, loaded only if there is something to train.
  if (!isRun(directory)) return (await import('../trainer/train')).train(common);
  const { manifest } = openRun(directory);
  const recorded = validExperiment(manifest.experiment, directory);
  if (JSON.stringify(recorded) !== JSON.stringify(experiment)) throw otherRun(directory);
  // A damaged status is written again by the process that resumes the run.
  const state = inspectStatus(directory).status?.state;
  if (state === 'finished' || (state === 'diverged' && !diverged)) return null;
  return (await import('../trainer/train')).resume(common);
}

/** Whether a directory has a run, which is resumed. */
export const isRun = (directory: string): boolean => listFolder(directory).includes('experiment.json');
