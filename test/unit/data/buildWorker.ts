// Builds the data worker for tests, beside node_modules so that it finds the native decoder.
import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(__dirname, '../../..');

/** Bundles src/data/worker.ts into a new folder and returns the folder and the file. */
export async function buildWorker(): Promise<{ readonly folder: string; readonly file: string }> {
  const cache = path.join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'data-worker-'));
  const file = path.join(folder, 'data-worker.cjs');
  await build({
    entryPoints: [path.join(root, 'src/data/worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['sharp'],
    logLevel: 'silent',
  });
  return { folder, file };
}
