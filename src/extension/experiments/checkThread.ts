// Checks experiment and sweep files in a thread of its own: a check reads the files that they name, and checks many
// trials of a sweep, while the user types.
import path from 'node:path';
import { createWorkerThread, type ThreadOptions, type WorkerThread } from '../threads/workerThread';
import { type Checked, type CheckRequest, nothingFound } from './findProblems';

export const createCheckThread = (options: ThreadOptions): WorkerThread<CheckRequest, Checked> =>
  createWorkerThread<CheckRequest, Checked>(options, nothingFound);

let shared: WorkerThread<CheckRequest, Checked> | undefined;

/** Checks a text; finds nothing if a disk does not answer for seconds. */
export const checkInThread = (request: CheckRequest): Promise<Checked> =>
  (shared ??= createCheckThread({ script: path.join(__dirname, 'check-worker.cjs') })).ask(request);
