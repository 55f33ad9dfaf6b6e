// The data worker for tests: built once a test file, beside node_modules so that it finds the native decoder, and two threads of it.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { createWorkerPool, type WorkerPool } from '../../src/data/workers/workerPool';

const root = path.resolve(__dirname, '../..');

/** Threads for the tests of the file that calls this, with the built worker and the folder that it lies in. */
export function realWorkers(): WorkerPool & { readonly file: string; readonly folder: string } {
  let folder: string;
  let workers: WorkerPool;
  const file = () => path.join(folder, 'data-worker.cjs');
  beforeAll(async () => {
    const cache = path.join(root, 'node_modules/.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(path.join(cache, 'data-worker-'));
    await build({
      entryPoints: [path.join(root, 'src/data/workers/worker.ts')],
      outfile: file(),
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['sharp'],
      logLevel: 'silent',
    });
    workers = createWorkerPool(file(), 2);
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
