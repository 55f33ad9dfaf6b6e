// The run that an argument of the command line means.
import { existsSync } from 'node:fs';
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
