// Folders: created with honest errors, kept free of links, and files removed from them.
import fs from 'node:fs';
import { lstat, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errno } from './errno';
import { FileKindError } from './ordinaryFile';

/**
 * Creates a folder and those above it; does nothing if it exists. Unlike Node's recursive mkdir it reports the error of
 * the file system (Node says ENOENT for a read-only disk) and ends in /proc, where folders never come to exist.
 */
export function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if (errno(error) === 'ENOENT' && parent !== folder) {
      makeFolder(parent);
      makeInner(folder);
    } else requireFolder(folder, error);
  }
}

/** Creates a folder in one that exists, else throws ENOENT; does nothing if it exists. */
export function makeFolderInside(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    requireFolder(folder, error);
  }
}

/** `makeFolder` without blocking. */
export async function makeFolderAsync(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const error = await failureOf(mkdir(folder));
  if (error === undefined) return;
  if (errno(error) !== 'ENOENT' || parent === folder) return requireFolderAsync(folder, error);
  await makeFolderAsync(parent);
  const again = await failureOf(mkdir(folder));
  if (errno(again) === 'ENOENT') throw new FileKindError('EFTYPE', 'no folder can be created there');
  if (again !== undefined) await requireFolderAsync(folder, again);
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function requireFolderAsync(folder: string, error: unknown): Promise<void> {
  const [found, entry] = await Promise.all(
    [stat, lstat].map((read) =>
      read(folder).then(
        (each) => each,
        () => undefined,
      ),
    ),
  );
  if (found?.isDirectory()) return;
  if (entry?.isSymbolicLink() && !found) throw danglingLink();
  throw errno(error) === 'EEXIST' ? new FileKindError('EFTYPE', 'it is a file, not a folder') : error;
}

/** Creates a folder that does not exist. Returns false, and changes nothing, if there is something of its name. */
export function makeNewFolder(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    if (errno(error) === 'EEXIST') return false;
    throw error;
  }
}

/** `makeNewFolder` without blocking. */
export async function makeNewFolderAsync(folder: string): Promise<boolean> {
  const error = await failureOf(mkdir(folder));
  if (error !== undefined && errno(error) !== 'EEXIST') throw error;
  return error === undefined;
}

/** Creates a folder in one that exists. */
function makeInner(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (errno(error) === 'ENOENT') throw new FileKindError('EFTYPE', 'no folder can be created there');
    requireFolder(folder, error);
  }
}

/** The error of a link whose target is missing: what is created at its path would be created elsewhere. */
export const danglingLink = (): FileKindError =>
  new FileKindError('EFTYPE', 'it is a link to something that does not exist');

/** Throws `error` unless `folder` exists. Creating a drive or a folder on a read-only disk fails even if it exists. */
function requireFolder(folder: string, error: unknown): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && !fs.existsSync(folder)) throw danglingLink();
  throw errno(error) === 'EEXIST' ? new FileKindError('EFTYPE', 'it is a file, not a folder') : error;
}

/** Joins names to a path. Throws if one of the folders on the way, or the last, is a link; none needs to exist. */
export function withoutLinks(root: string, ...names: readonly string[]): string {
  return names.reduce((folder, name) => {
    const inner = path.join(folder, name);
    if (fs.lstatSync(inner, { throwIfNoEntry: false })?.isSymbolicLink()) throw linkedFolder();
    return inner;
  }, root);
}

/** `withoutLinks` without blocking. */
export async function withoutLinksAsync(root: string, ...names: readonly string[]): Promise<string> {
  let folder = root;
  for (const name of names) {
    folder = path.join(folder, name);
    const found = await fs.promises.lstat(folder).catch((error: unknown) => {
      if (errno(error) === 'ENOENT') return null;
      throw error;
    });
    if (found?.isSymbolicLink()) throw linkedFolder();
  }
  return folder;
}

const linkedFolder = (): FileKindError => new FileKindError('EFTYPE', 'it is a link, not a folder');

/** The names in a folder; none if it does not exist. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (errno(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The names of the ordinary files in a folder; none if it does not exist. */
export function filesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch (error) {
    if (errno(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whether there is an ordinary file, which can be looked at; a folder or a link of the name is none. */
export function isFile(file: string): boolean {
  try {
    return fs.lstatSync(file).isFile();
  } catch {
    return false;
  }
}

/** Removes a file or a link, not what it points to; a folder is an error. Returns whether it existed. */
export function removeFile(file: string): boolean {
  try {
    fs.unlinkSync(file);
    return true;
  } catch (error) {
    if (errno(error) === 'ENOENT') return false;
    throw error;
  }
}
