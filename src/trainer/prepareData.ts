// Reads the data of an experiment once, so that processes which train on it find it in the cache.
import path from 'node:path';
import { createWorkerPool, type DataTasks } from '../data';
import type { Experiment } from '../experiment';
import type { ExperimentSource } from './inputErrors';
import { openData } from './openData';

interface PrepareRequest {
  readonly source: ExperimentSource;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  readonly signal: AbortSignal;
  /** Receives sentences about the data and the progress. */
  readonly notice: (message: string) => void;
}

/** Throws an InputError at the setting of the experiment that is at fault. */
export async function prepareData(experiment: Experiment, request: PrepareRequest): Promise<void> {
  const { source, taskWorker, signal, notice } = request;
  const workers = createWorkerPool<DataTasks>(taskWorker, 2);
  try {
    const data = await openData(experiment, { source, folder: path.dirname(source.path), workers, signal, notice });
    for (const note of data.notes) notice(note);
    data.close?.();
  } finally {
    await workers.close();
  }
}
