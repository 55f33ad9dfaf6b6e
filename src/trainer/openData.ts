// Opens the data of an experiment.
import { absolutePath, cacheFolder, isDataError, openSource, type DataContext, type DataSource } from '../data';
import type { Experiment } from '../experiment';
import { settingError, type ExperimentSource } from './inputErrors';

export interface DataRequest {
  readonly source: ExperimentSource;
  /** Where relative paths start. */
  readonly folder: string;
  readonly workers: DataContext['workers'];
  readonly signal: AbortSignal;
  readonly notice: (message: string) => void;
  /** Whether a run that exists keeps the path of its data, whatever the experiment file says now. */
  readonly keepsPath?: boolean;
}

/** Throws an InputError at the setting of the experiment that is at fault. */
export async function openData({ data, seed }: Experiment, context: DataRequest): Promise<DataSource> {
  let reportedAt = Date.now();
  const onProgress = (done: number, total: number): void => {
    if (Date.now() - reportedAt < 2000) return;
    reportedAt = Date.now();
    context.notice(`Reading samples: ${done} of ${total}`);
  };
  try {
    return await openSource(data, { ...context, cacheFolder: cacheFolder(), seed, onProgress });
  } catch (error) {
    if (!isDataError(error)) throw error;
    const isLost = context.keepsPath === true && error.code === 'path-missing' && 'path' in data;
    const lost = (written: string): string =>
      `The data of this run, ${absolutePath(written, context)}, does not exist any more. A run keeps the path that it ` +
      'began with: move the data back to it, or put a link there.';
    throw settingError(context.source, error.code, error.path, isLost ? lost(data.path) : error.message);
  }
}
