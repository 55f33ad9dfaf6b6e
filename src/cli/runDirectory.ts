// The run that an argument of the command line means, and the folder of a run that did not begin.
import { existsSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../experiment/suggestions';
import { runsFolder } from '../run/directory';
import { isSweepFile } from '../sweep/isSweepFile';
import { errors } from './errors';
import { namesInside } from './namesInside';

/**
 * The directory of a run given as a path or as the name of a run in .earthmover/runs.
 * @throws UserError if there is neither
 */
export function runDirectory(run: string): string {
  const places = [path.resolve(run)];
  if (!/[\\/]/.test(run)) places.push(path.join(runsFolder(process.cwd()), run));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    const sweep = path.join('.earthmover', 'sweeps', run);
    if (isSweep(sweep)) throw errors.sweepNotARun(run, sweep);
    throw errors.noSuchRun(run, places, nearest(run, namesInside(runsFolder(process.cwd()))));
  }
  if (isSweep(found)) throw errors.sweepNotARun(run, run);
  if (/\.(gan|sweep)\.jsonc?$/i.test(found)) throw errors.fileNotARun(run, isSweepFile(found) ? 'sweep' : 'train');
  return found;
}

const isSweep = (directory: string): boolean => existsSync(path.join(directory, 'sweep.json'));

/** Removes the folder of a run that was rejected or interrupted before it began. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty: keep it.
  }
}
