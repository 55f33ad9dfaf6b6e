// The files of a checkpoint: hashed while they are written, and compared with the checkpoint's manifest.json when read.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { errno } from '../files/errno';
import { FileKindError, openOrdinaryAsync, readOrdinaryAsync } from '../files/ordinaryFile';
import { readAtAsync, writeAllAsync } from '../files/readWrite';
import { isRecord } from '../shared/isRecord';
import { folderInside, inside, makePart, onDiskAsync } from './diskAccess';
import { isRunError, newerFile } from './errors';

/** Size and SHA-256 of each file of a checkpoint, by its path in it. */
export type FileSums = Readonly<Record<string, FileSum>>;

interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

/** Creates the error for a problem of a file. */
export type DamagedFile = (file: string, problem: string) => Error;

/** Content in parts, which are written one after the other. */
export type Parts = readonly Uint8Array[];

/** Writes files by their path in `directory`, then manifest.json with their checksums; all are synced. */
export async function writeFiles(directory: string, files: Readonly<Record<string, Parts>>): Promise<void> {
  const sums: Record<string, FileSum> = {};
  for (const [name, parts] of Object.entries(files)) {
    const file = fileIn(directory, name);
    // One after the other, since `directory` may have been moved away with its run.
    const folders = path.relative(directory, path.dirname(file)).split(path.sep).filter(Boolean);
    folders.forEach((_, i) => makePart(path.join(directory, ...folders.slice(0, i + 1))));
    sums[name] = await writeHashed(file, parts);
  }
  const manifest = { format: manifestFormat, version: manifestVersion, files: sums };
  await writeHashed(inside(directory, manifestName), [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
}

/** Reads manifest.json. Throws `damaged` if it is missing or invalid. */
export async function readSums(directory: string, damaged: DamagedFile): Promise<FileSums> {
  const file = inside(directory, manifestName);
  const text = await readDamageable(file, 1 << 24, damaged);
  let manifest: unknown;
  try {
    manifest = JSON.parse(text.toString('utf8'));
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  if (!isRecord(manifest) || manifest.format !== manifestFormat) throw damaged(file, 'it is not a manifest');
  if (manifest.version !== manifestVersion) throw newerFile(file, manifest.version, manifestVersion);
  const { files } = manifest;
  if (!isRecord(files) || !Object.entries(files).every(([name, sum]) => isName(name) && isSum(sum)))
    throw damaged(file, 'it does not list files with checksums');
  return files as unknown as FileSums;
}

/** The content of a file of the checkpoint. Throws `damaged` if it differs from what was written. */
export async function readVerified(
  directory: string,
  name: string,
  sums: FileSums,
  damaged: DamagedFile,
): Promise<Buffer> {
  const file = fileIn(directory, name);
  if (!Object.hasOwn(sums, name)) throw damaged(file, `${manifestName} does not list it`);
  const { bytes, sha256 } = sums[name];
  const content = await readDamageable(file, maxBytes, damaged);
  if (content.byteLength !== bytes) throw damaged(file, wrongSize(content.byteLength, bytes));
  if (createHash('sha256').update(content).digest('hex') !== sha256) throw damaged(file, wrongContent);
  return content;
}

/** Verifies a file of the checkpoint without keeping its content. */
export async function verify(directory: string, name: string, sums: FileSums, damaged: DamagedFile): Promise<void> {
  const file = fileIn(directory, name);
  const { bytes, sha256 } = sums[name];
  const found = await asDamage(file, damaged, async () => {
    const handle = await openOrdinaryAsync(file);
    try {
      const { size } = await handle.stat();
      if (size !== bytes) throw damaged(file, wrongSize(size, bytes));
      const hash = createHash('sha256');
      for (let at = 0; at < bytes; at += chunkBytes) hash.update(await readAtAsync(handle, chunkBytes, at));
      return hash.digest('hex');
    } finally {
      await handle.close();
    }
  });
  if (found !== sha256) throw damaged(file, wrongContent);
}

async function writeHashed(file: string, parts: Parts): Promise<FileSum> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await openOrdinaryAsync(file, 'new');
  try {
    for (const part of parts) {
      for (let from = 0; from < part.byteLength; from += chunkBytes) {
        const chunk = part.subarray(from, from + chunkBytes);
        hash.update(chunk);
        await writeAllAsync(handle, chunk, bytes);
        bytes += chunk.byteLength;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

const readDamageable = (file: string, most: number, damaged: DamagedFile): Promise<Buffer> =>
  asDamage(file, damaged, () => readOrdinaryAsync(file, most));

/** Runs `read`; a file that is missing or of a wrong kind is damage of the checkpoint. */
async function asDamage<T>(file: string, damaged: DamagedFile, read: () => Promise<T>): Promise<T> {
  try {
    return await onDiskAsync('read', file, read);
  } catch (error) {
    const cause = isRunError(error) ? error.cause : undefined;
    if (cause instanceof FileKindError) throw damaged(file, cause.problem);
    throw errno(cause) === 'ENOENT' ? damaged(file, 'it is missing') : error;
  }
}

/** The path of a file of the checkpoint, whose folders are not links. */
function fileIn(directory: string, name: string): string {
  const folders = name.split('/');
  const last = folders.pop()!;
  return inside(folders.length === 0 ? directory : folderInside(directory, ...folders), last);
}

const isName = (name: string): boolean =>
  name.split('/').every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));

const isSum = (value: unknown): value is FileSum =>
  isRecord(value) && Number.isSafeInteger(value.bytes) && typeof value.sha256 === 'string';

const wrongSize = (found: number, wanted: number): string => `it has ${found} bytes instead of ${wanted}`;
const wrongContent = 'its checksum does not match its content';

const manifestName = 'manifest.json';
const manifestFormat = 'earthmover-checkpoint-files';
const manifestVersion = 1;
/** Far more than the state of a network that can be trained. */
const maxBytes = 2 ** 40;
const chunkBytes = 1 << 22;
