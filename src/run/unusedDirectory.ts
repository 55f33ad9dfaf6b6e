// Whether a new run may be written into a folder: only if nothing is in it, or remains of a run that never started.
import { lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import { danglingLink } from '../files/folder';
import { inside, listFolder, onDisk, readJson } from './diskAccess';
import { alreadyARun, notEmpty, runError } from './errors';

/**
 * Throws a UserError unless a new run may be created in `directory`: it does not exist, is empty, or holds only what a
 * trainer leaves that exits before its first status. Writes nothing, so that a wrong --out costs nobody a file.
 */
export function requireUnused(directory: string): void {
  const root = path.resolve(directory);
  const found = onDisk('create a run in', root, () => {
    const entry = statSync(root, { throwIfNoEntry: false });
    if (entry === undefined && lstatSync(root, { throwIfNoEntry: false })) throw danglingLink();
    return entry;
  });
  if (found === undefined) return;
  if (!found.isDirectory())
    throw runError('exists', `Cannot create a run in ${root}: it is a file. Choose another folder for the run.`);
  const names = listFolder(root);
  if (names.includes('status.json')) throw alreadyARun(root, 'status.json');
  const others = names.filter((name) => !isRemains(root, name)).sort();
  if (others.length === 0) return;
  // Without its status, the run can be resumed; nothing in it is overwritten.
  if (isManifest(root) && others.every((name) => partsOfRun.test(name))) throw alreadyARun(root, others[0]);
  throw notEmpty(root, others);
}

const partsOfRun =
  /^(metrics\.bin|(notices|histograms)\.jsonl|samples|checkpoints|control|live|model|events\.out\.tfevents\..*|.*\.tmp)$/;

/** Whether a trainer that exits before its first status leaves this, and a new run overwrites nothing in it. */
function isRemains(root: string, name: string): boolean {
  const found = lstatSync(inside(root, name), { throwIfNoEntry: false });
  if (name === 'log.txt' || /^(experiment|status)\.json\.[\w-]+\.tmp$/.test(name)) return found?.isFile() === true;
  if (name === 'experiment.json') return isManifest(root);
  if (!found?.isDirectory()) return false;
  const inner = listFolder(inside(root, name));
  if (name === 'attempts') return inner.every((attempt) => /^\d+\.json$|\.tmp$/.test(attempt));
  return ['samples', 'checkpoints', 'control', 'live'].includes(name) && inner.length === 0;
}

function isManifest(root: string): boolean {
  try {
    const manifest = readJson(inside(root, 'experiment.json'), 1 << 26, '') as { format?: unknown } | null | undefined;
    return manifest?.format === 'earthmover-run';
  } catch {
    return false;
  }
}
