// Lists the runs of a workspace, newest first; a damaged run is listed with its problem.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Liveness, RunStatus } from '../protocol/status';
import { errno } from '../files/errno';
import { inside, onDisk } from './diskAccess';
import { openRun, runsFolder } from './directory';
import { liveness, readStatus } from './status';

export interface ListedRun {
  readonly directory: string;
  /** The folder's name, which begins with the start time. */
  readonly name: string;
  readonly status: RunStatus | null;
  readonly liveness: Liveness | null;
  /** Why there is no status. */
  readonly problem: string | null;
}

/** Lists the runs under `root`/.earthmover/runs. */
export function listRuns(root: string): readonly ListedRun[] {
  const runs = runsFolder(path.resolve(root));
  const entries = onDisk('list', runs, () => {
    try {
      return readdirSync(runs, { withFileTypes: true });
    } catch (error) {
      if (errno(error) === 'ENOENT') return [];
      throw error;
    }
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return names
    .filter((name) => !isEmpty(inside(runs, name)))
    .sort()
    .reverse()
    .map((name) => readRun(inside(runs, name), name));
}

/** A run that is being created, or could not begin. */
function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    // Opening the run says why.
    return false;
  }
}

function readRun(directory: string, name: string): ListedRun {
  const unknown = (problem: string): ListedRun => ({ directory, name, status: null, liveness: null, problem });
  try {
    openRun(directory);
    const status = readStatus(directory);
    if (status === null) return unknown('it has no status.json: the trainer exited before it started');
    return { directory, name, status, liveness: liveness(status), problem: null };
  } catch (error) {
    // Whatever is wrong with one run, the others are listed.
    return unknown((error as Error).message);
  }
}
