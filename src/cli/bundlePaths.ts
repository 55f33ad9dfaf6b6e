// Paths of the built files and of the runs of the user.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runsFolder } from '../run/directory';
import { errors } from './errors';

/** The folder of the built files; this module is part of dist/cli.cjs. */
const dist = __dirname;

export const taskWorker = path.join(dist, 'task-worker.cjs');
export const prefetchWorker = path.join(dist, 'prefetch-worker.cjs');
export const trainer = path.join(dist, 'trainer.cjs');
/** Custom TensorFlow.js layers that an exported model may need. */
export const exportedLayers = path.join(dist, 'export', 'layers.js');
/**
 * From this file Node resolves native packages: in the extension next to the bundles, in a clone in a parent folder.
 */
export const bundleFile = path.join(dist, 'cli.cjs');

/**
 * The directory of a run given as a path or as the name of a run in .earthmover/runs.
 * @throws UserError if there is neither
 */
export function runDirectory(run: string): string {
  const places = [path.resolve(run)];
  if (!/[\\/]/.test(run)) places.push(path.join(runsFolder(process.cwd()), run));
  const found = places.find((place) => existsSync(place));
  if (!found) throw errors.noSuchRun(run, places);
  return found;
}
