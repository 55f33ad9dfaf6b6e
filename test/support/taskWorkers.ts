// Worker threads for tests, with the real bundle.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { createWorkerPool } from '../../src/data/workers/workerPool';
import type { TrainerTasks, TrainerWorkerPool } from '../../src/trainer/workerTasks';

const root = path.resolve(__dirname, '../..');

/** Two threads for the tests of the file that calls this; the bundle is built once per file, where Node finds sharp. */
export function createTaskWorkers(): TrainerWorkerPool & { readonly file: string; readonly folder: string } {
  let folder: string;
  let workers: TrainerWorkerPool;
  const file = () => path.join(folder, 'task-worker.cjs');
  beforeAll(async () => {
    const cache = path.join(root, 'node_modules/.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(path.join(cache, 'task-worker-'));
    await build({
      entryPoints: [path.join(root, 'src/trainer/taskWorker.ts')],
      outfile: file(),
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['sharp'],
      logLevel: 'silent',
    });
    workers = createWorkerPool<TrainerTasks>(file(), 2);
  });
  afterAll(async () => {
    await workers.close();
    await rm(folder, { recursive: true });
  });
  return {
    count: 2,
    run: (task, payload, transfer) => workers.run(task, payload, transfer),
    close: () => workers.close(),
    get file() {
      return file();
    },
    get folder() {
      return folder;
    },
  };
}
