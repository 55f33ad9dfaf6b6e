// Opens the data of an experiment.
import { cacheFolder, isDataError, openSource, type DataContext, type DataSource } from '../data';
import type { Experiment } from '../experiment';
import { settingError, type ExperimentSource } from './inputErrors';

export interface DataRequest {
  readonly source: ExperimentSource;
  /** Where relative paths start. */
  readonly folder: string;
  readonly workers: DataContext['workers'];
  readonly signal: AbortSignal;
  readonly notice: (message: string) => void;
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
    throw settingError(context.source, error.code, error.path, error.message);
  }
}
