// Where the command line's own files are, and where the user's runs go.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runsFolder } from '../run/directory';
import { errors } from './errors';

/** The folder of the built files: this module is part of dist/cli.cjs. */
const dist = __dirname;

export const dataWorker = path.join(dist, 'data-worker.cjs');
export const prefetchWorker = path.join(dist, 'prefetch-worker.cjs');
export const trainer = path.join(dist, 'trainer.cjs');
/** Our layers for TensorFlow.js, which an exported model may need. */
export const exportedLayers = path.join(dist, 'export', 'layers.js');
/** Where Node begins to look for native packages: in the extension they lie beside the bundles, in a clone further up. */
export const bundleFile = path.join(dist, 'cli.cjs');
const packageFile = path.join(dist, '..', 'package.json');

export function version(): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

/**
 * The directory of the run that the user named: a path, or the name of a run in .earthmover/runs.
 * @throws InputError where there is neither
 */
export function runDirectory(named: string): string {
  const places = [path.resolve(named)];
  if (!/[\\/]/.test(named)) places.push(path.join(runsFolder(process.cwd()), named));
  const found = places.find((place) => existsSync(place));
  if (!found) throw errors.noSuchRun(named, places);
  return found;
}
