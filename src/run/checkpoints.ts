// Checkpoints on disk: written to a temporary folder, synced and renamed; fully validated when read.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { FileKindError } from '../files/ordinaryFile';
import { isUserError } from '../shared/userError';
import { damagedFile, newerFile, olderFile, runError } from './errors';
import { syncDirectory } from '../files/replace';
import { folderInside, inside, listFolder, makePart, onDiskAsync, readIfExistsAsync } from './diskAccess';
import { readSums, readVerified, verify, writeFiles, type DamagedFile } from './checkpointFiles';
import { decodeSafetensors, encodeSafetensors, type Tensors } from './safetensors';

export type { Dtype, Tensor, Tensors } from './safetensors';

export interface CheckpointContent {
  /** Generator updates done. */
  readonly step: number;
  readonly seed: number;
  /** Other state that the trainer needs to resume, as JSON. */
  readonly record: unknown;
  readonly tensors: Tensors;
  /** Further files by their path in the checkpoint, such as 'generator/model.json'. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

export interface Checkpoint extends Omit<CheckpointContent, 'files'> {
  readonly directory: string;
  /** SHA-256 of the file with the state. */
  readonly sha256: string;
  /** Paths of the further files in the checkpoint. */
  readonly fileNames: readonly string[];
  /** The content of a further file. Throws a UserError if it was damaged since the checkpoint was read. */
  file(name: string): Promise<Buffer>;
}

export interface WriteOptions {
  /** Checkpoints to keep, this one included. */
  readonly keep?: number;
  /** Whether an older one is kept as well, such as the best. */
  readonly isKept?: (step: number) => boolean;
  /** Called when the checkpoint is on the disk, before it gets its name; if it throws, there is no checkpoint. */
  readonly beforeRename?: () => void;
}

/**
 * Writes `directory`/step-N and returns its path; then removes all but the newest `keep` checkpoints, and those of
 * later steps, which a rewind has invalidated. A crash at any moment leaves only complete checkpoints.
 */
export async function writeCheckpoint(
  directory: string,
  content: CheckpointContent,
  { keep = Infinity, isKept, beforeRename = () => {} }: WriteOptions = {},
): Promise<string> {
  const { step, seed, record, tensors, files = {} } = content;
  if (!(keep >= 1)) throw new Error(`assertion failed: at least one checkpoint is kept, not ${keep}`);
  const metadata = { ...format, step: String(step), seed: String(seed), record: JSON.stringify(record) };
  const target = inside(directory, `step-${step}`);
  return onDiskAsync('write the checkpoint', target, async () => {
    makePart(directory);
    await removeLeftovers(directory);
    const temporary = inside(directory, `${temporaryPrefix}step-${step}-${randomUUID().slice(0, 8)}`);
    const further = Object.entries(files).map(([name, bytes]) => [name, [bytes]] as const);
    try {
      makePart(temporary);
      await writeFiles(temporary, {
        ...Object.fromEntries(further),
        [stateFile]: encodeSafetensors({ tensors, metadata }),
      });
      await syncTree(temporary);
      beforeRename();
      await replaceDirectory(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    syncDirectory(directory);
    const others = listCheckpoints(directory).filter((other) => other.directory !== target);
    for (const later of others.filter((other) => other.step >= step)) await removeCheckpoint(later.directory);
    await pruneCheckpoints(directory, { keep, isKept });
    return target;
  });
}

/** Removes all but the newest `keep` checkpoints and those that `isKept` names, the oldest first. */
export async function pruneCheckpoints(
  directory: string,
  { keep = Infinity, isKept = () => false }: Pick<WriteOptions, 'keep' | 'isKept'>,
): Promise<void> {
  const old = listCheckpoints(directory).slice(keep);
  for (const { step, directory: stale } of old.reverse()) if (!isKept(step)) await removeCheckpoint(stale);
}

interface NamedCheckpoint {
  readonly step: number;
  readonly directory: string;
}

/** The newest checkpoint by name, without reading it; null if there is none. */
export const latestCheckpoint = (directory: string): NamedCheckpoint | null => listCheckpoints(directory)[0] ?? null;

/** The checkpoints by name, newest first, without reading them. */
export const listCheckpoints = (directory: string): readonly NamedCheckpoint[] =>
  checkpointsAmong(directory, listFolder(directory));

/** `latestCheckpoint` without blocking; null also if the folder cannot be read. */
export const latestCheckpointAsync = async (directory: string): Promise<NamedCheckpoint | null> =>
  checkpointsAmong(directory, await readdir(directory).catch(() => []))[0] ?? null;

function checkpointsAmong(directory: string, names: readonly string[]): NamedCheckpoint[] {
  return names
    .map((name) => ({ name, step: Number(/^step-(\d{1,15})(\.replaced)?$/.exec(name)?.[1] ?? NaN) }))
    .filter(({ step }) => !Number.isNaN(step))
    .sort((a, b) => b.step - a.step || (a.name < b.name ? -1 : 1))
    .map(({ name, step }) => ({ step, directory: inside(directory, name) }));
}

/**
 * Reads a checkpoint and verifies all of its files. Throws a UserError that describes the damage and lists earlier
 * checkpoints.
 */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const advice = earlier(directory);
  const damaged: DamagedFile = (file, problem) => damagedFile(file, problem, advice);
  folderInside(path.dirname(directory), path.basename(directory));
  const file = inside(directory, stateFile);
  const sums = await readSums(directory, damaged).catch(async (error: unknown) => {
    throw (await versionError(file)) ?? error;
  });
  for (const name of Object.keys(sums)) if (name !== stateFile) await verify(directory, name, sums, damaged);
  const bytes = await readVerified(directory, stateFile, sums, damaged);
  const { tensors, metadata } = decodeSafetensors(bytes, (problem) => damaged(file, problem));
  if (metadata.format !== format.format) throw damaged(file, 'it is not an Earthmover checkpoint');
  const other = otherVersion(file, metadata.version);
  if (other !== null) throw other;
  const step = Number(metadata.step);
  if (step !== stepOf(directory))
    throw damaged(file, `it holds step ${metadata.step}, but its folder is ${path.basename(directory)}`);
  try {
    return {
      directory,
      step,
      seed: Number(metadata.seed),
      record: JSON.parse(metadata.record),
      tensors,
      sha256: sums[stateFile].sha256,
      fileNames: Object.keys(sums).filter((name) => name !== stateFile),
      file: (name) => readVerified(directory, name, sums, damaged),
    };
  } catch {
    throw damaged(file, 'its record is not JSON');
  }
}

/**
 * The newest intact checkpoint that is not later than step `atMost`, null if there is none, and a message for each
 * damaged one that was skipped. Throws a UserError if the newest was written by a newer Earthmover or is unreadable.
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
      const isDamage = isUserError(error) && (error.code === 'damaged' || error.cause instanceof FileKindError);
      if (!isDamage) throw error;
      damaged.push(error.message);
    }
  }
  return { checkpoint: null, damaged };
}

/**
 * Copies the checkpoint's values into the tensors `target`. Throws a UserError, before copying anything, if names,
 * types or shapes differ.
 */
export function copyTensors({ directory, tensors }: Checkpoint, target: Tensors): void {
  const describe = ({ dtype, shape }: Tensors[string]) => `${dtype} [${shape.join(', ')}]`;
  const problems: string[] = [];
  for (const name of new Set([...Object.keys(target), ...Object.keys(tensors)])) {
    const [found, wanted] = [tensors[name], target[name]];
    if (found === undefined) problems.push(`${name} is missing from the checkpoint`);
    else if (wanted === undefined) problems.push(`${name} is not in this experiment`);
    else if (describe(found) !== describe(wanted)) {
      problems.push(`${name} is ${describe(found)} in the checkpoint and ${describe(wanted)} in this experiment`);
    }
  }
  if (problems.length > 0) {
    const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
    const advice = 'Resume with the networks the run started with, or start a new run.';
    throw runError('mismatch', `${directory} does not match: ${problems.slice(0, 5).join('; ')}${more}. ${advice}`);
  }
  for (const [name, { data }] of Object.entries(target)) data.set(tensors[name].data);
}

/** The error for a checkpoint of another version, which has no such manifest; null if it has this version. */
async function versionError(file: string): Promise<Error | null> {
  try {
    const bytes = await readIfExistsAsync(file, 2 ** 31);
    const { metadata } = decodeSafetensors(bytes ?? Buffer.alloc(0), (problem) => new Error(problem));
    return otherVersion(file, metadata.version);
  } catch {
    return null;
  }
}

function otherVersion(file: string, found: string): Error | null {
  const [version, known] = [Number(found), Number(format.version)];
  return version < known ? olderFile(file, found, known) : version > known ? newerFile(file, found, known) : null;
}

const stateFile = 'state.safetensors';
const format = { format: 'earthmover-checkpoint', version: '3' } as const;
const temporaryPrefix = '.aside-';

const stepOf = (directory: string): number => Number(/step-(\d+)/.exec(path.basename(directory))?.[1] ?? NaN);

function earlier(directory: string): string {
  const others = listCheckpoints(path.dirname(directory)).filter(({ step }) => step < stepOf(directory));
  if (others.length === 0) return 'there is no earlier checkpoint, so start a new run';
  return `use an earlier checkpoint: ${others.map((other) => path.basename(other.directory)).join(', ')}`;
}

async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncTree(inside(directory, entry.name));
  }
  syncDirectory(directory);
}

/** A directory cannot be renamed over a non-empty one: the old one gets a name that is still found after a crash. */
async function replaceDirectory(from: string, to: string): Promise<void> {
  const replaced = `${to}.replaced`;
  if (existsSync(to)) {
    await rm(replaced, { recursive: true, force: true });
    await rename(to, replaced);
  }
  await rename(from, to);
}

/** Renames before removing, so that a checkpoint never appears partly removed. */
async function removeCheckpoint(directory: string): Promise<void> {
  const temporary = inside(path.dirname(directory), `${temporaryPrefix}removed-${path.basename(directory)}`);
  await rename(directory, temporary);
  await rm(temporary, { recursive: true, force: true });
}

/** Removes what a crashed trainer was writing or removing: the lock ensures that no other trainer uses it. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(temporaryPrefix)) await rm(inside(directory, name), { recursive: true, force: true });
  }
}
