// Checkpoints on disk: written aside, synced, renamed; read with suspicion; the newest good one found.
import fs from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { errno } from '../files/errno';
import { isUserError } from '../shared/userError';
import { damagedFile, newerFile, runError } from './errors';
import { syncDirectory } from '../files/replace';
import { inside, onDisk, onDiskAsync } from './files';
import { decodeSafetensors, encodeSafetensors, type Tensors } from './safetensors';

export type { Dtype, Tensor, Tensors } from './safetensors';

export interface CheckpointContent {
  /** Generator updates done. */
  readonly step: number;
  readonly seed: number;
  /** Whatever else the trainer needs to go on, as JSON. */
  readonly record: unknown;
  readonly tensors: Tensors;
  /** Further files by their path in the checkpoint, such as 'generator/model.json'. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

export interface Checkpoint extends Omit<CheckpointContent, 'files'> {
  readonly directory: string;
}

/**
 * Writes `directory`/step-N and returns its path; then removes all but the newest `keep`, and those of later steps, which
 * belong to a past that this run has gone back behind. A crash at any moment leaves whole checkpoints only.
 */
export async function writeCheckpoint(directory: string, content: CheckpointContent, keep = Infinity): Promise<string> {
  const { step, seed, record, tensors, files = {} } = content;
  if (!(keep >= 1)) throw new Error(`assertion failed: at least one checkpoint is kept, not ${keep}`);
  const metadata = { ...format, step: String(step), seed: String(seed), record: JSON.stringify(record) };
  const target = inside(directory, `step-${step}`);
  return onDiskAsync('write the checkpoint', target, async () => {
    await mkdir(directory, { recursive: true });
    await removeLeftovers(directory);
    const aside = inside(directory, `${leftover}${process.pid}-step-${step}`);
    const all = { ...files, [stateFile]: encodeSafetensors({ tensors, metadata }) };
    try {
      for (const [name, bytes] of Object.entries(all)) await writeSynced(inside(aside, ...name.split('/')), bytes);
      await syncTree(aside);
      await replaceDirectory(aside, target);
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
    syncDirectory(directory);
    const others = listCheckpoints(directory).filter((other) => other.directory !== target);
    const late = others.filter((other) => other.step >= step);
    const old = others.filter((other) => other.step < step).slice(keep - 1);
    for (const { directory: stale } of [...late, ...old.reverse()]) await removeWhole(stale);
    return target;
  });
}

/** The newest checkpoint by its name, unread; null where there is none. */
export const latestCheckpoint = (directory: string): { readonly step: number; readonly directory: string } | null =>
  listCheckpoints(directory)[0] ?? null;

/** Checkpoints by their names, newest first. */
export function listCheckpoints(directory: string): readonly { readonly step: number; readonly directory: string }[] {
  const names = onDisk('list', directory, () => (fs.existsSync(directory) ? fs.readdirSync(directory) : []));
  return names
    .map((name) => ({ name, step: Number(/^step-(\d{1,15})(\.replaced)?$/.exec(name)?.[1] ?? NaN) }))
    .filter(({ step }) => !Number.isNaN(step))
    .sort((a, b) => b.step - a.step || (a.name < b.name ? -1 : 1))
    .map(({ name, step }) => ({ step, directory: inside(directory, name) }));
}

/** Reads one checkpoint and checks all of it. Throws a RunError that names what is damaged and which ones are earlier. */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const file = inside(directory, stateFile);
  const damaged = (problem: string) => damagedFile(file, problem, earlier(directory));
  const bytes = await onDiskAsync('read', file, () => readFile(file)).catch((error: unknown) => {
    throw isUserError(error) && errno(error.cause) === 'ENOENT' ? damaged('it is missing') : error;
  });
  const { tensors, metadata } = decodeSafetensors(bytes, damaged);
  if (metadata.format !== format.format) throw damaged('it is not a checkpoint of Earthmover');
  if (metadata.version !== format.version) throw newerFile(file, metadata.version, Number(format.version));
  const step = Number(metadata.step);
  if (step !== stepOf(directory)) throw damaged(`it holds step ${metadata.step}, which is not what its folder says`);
  try {
    return { directory, step, seed: Number(metadata.seed), record: JSON.parse(metadata.record), tensors };
  } catch {
    throw damaged('its record is not JSON');
  }
}

/**
 * The newest checkpoint that is good and not later than step `atMost`, null where there is none, and a note on each
 * damaged one that was passed over.
 * Throws a RunError where the newest was written by a newer Earthmover or may not be read.
 */
export async function openCheckpoint(
  directory: string,
  atMost = Infinity,
): Promise<{ readonly checkpoint: Checkpoint | null; readonly damaged: readonly string[] }> {
  const damaged: string[] = [];
  for (const candidate of listCheckpoints(directory)) {
    if (candidate.step > atMost) continue;
    try {
      return { checkpoint: await readCheckpoint(candidate.directory), damaged };
    } catch (error) {
      if (!isUserError(error) || error.code !== 'damaged') throw error;
      damaged.push(error.message);
    }
  }
  return { checkpoint: null, damaged };
}

/**
 * Copies the checkpoint's values into the tensors of `like`. Throws a RunError, before it copies anything, where the names,
 * types or shapes are not the same.
 */
export function copyTensors({ directory, tensors }: Checkpoint, like: Tensors): void {
  const describe = ({ dtype, shape }: Tensors[string]) => `${dtype} [${shape.join(', ')}]`;
  const problems: string[] = [];
  for (const name of new Set([...Object.keys(like), ...Object.keys(tensors)])) {
    const [found, wanted] = [tensors[name], like[name]];
    if (found === undefined) problems.push(`${name} is missing from the checkpoint`);
    else if (wanted === undefined) problems.push(`${name} is not in this experiment`);
    else if (describe(found) !== describe(wanted)) {
      problems.push(`${name} is ${describe(found)} in the checkpoint and ${describe(wanted)} in this experiment`);
    }
  }
  if (problems.length > 0) {
    const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
    const advice = 'Resume with the networks the run began with, or begin a new run.';
    throw runError('mismatch', `${directory} does not fit: ${problems.slice(0, 5).join('; ')}${more}. ${advice}`);
  }
  for (const [name, { data }] of Object.entries(like)) data.set(tensors[name].data);
}

const stateFile = 'state.safetensors';
const format = { format: 'earthmover-checkpoint', version: '1' } as const;
const leftover = '.aside-';

const stepOf = (directory: string): number => Number(/step-(\d+)/.exec(path.basename(directory))?.[1] ?? NaN);

function earlier(directory: string): string {
  const others = listCheckpoints(path.dirname(directory)).filter(({ step }) => step < stepOf(directory));
  if (others.length === 0) return 'there is no earlier checkpoint, so begin a new run';
  return `use an earlier checkpoint: ${others.map((other) => path.basename(other.directory)).join(', ')}`;
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncTree(inside(directory, entry.name));
  }
  syncDirectory(directory);
}

/** A directory cannot be renamed over a full one: the old one steps aside under a name that is still found after a crash. */
async function replaceDirectory(from: string, to: string): Promise<void> {
  const replaced = `${to}.replaced`;
  if (fs.existsSync(to)) {
    await rm(replaced, { recursive: true, force: true });
    await rename(to, replaced);
  }
  await rename(from, to);
}

/** Renamed first, so that a checkpoint is never seen half removed. */
async function removeWhole(directory: string): Promise<void> {
  const aside = inside(path.dirname(directory), `${leftover}removed-${path.basename(directory)}`);
  await rename(directory, aside);
  await rm(aside, { recursive: true, force: true });
}

/** What a crashed trainer was writing or removing: a run has one trainer, so it is nobody's now. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(leftover)) await rm(inside(directory, name), { recursive: true, force: true });
  }
}
