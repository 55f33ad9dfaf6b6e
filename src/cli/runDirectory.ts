// The run that an argument of the command line means, and the folder of a run that did not begin.
import { existsSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { runsFolder } from '../run/directory';
import { errors } from './errors';

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

/** Removes the folder of a run that was rejected or interrupted before it began. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty: keep it.
  }
}
