// The identity of a data set: enough of its files to notice on resume that it changed, and cheap for large ones.
import { createHash } from 'node:crypto';
import { openOrdinaryAsync } from '../files/ordinaryFile';
import { readAtAsync } from '../files/readWrite';
import { isRecord } from '../shared/isRecord';
import { firstFew, grouped, plural } from '../shared/text';
import type { DataFile } from './dataSource';

export interface DataIdentity {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of the names and sizes, in their order. */
  readonly listing: string;
  /** SHA-256 of the content, or of parts of it. */
  readonly content: string;
  /** Whether `content` covers every byte. */
  readonly complete: boolean;
  /** Name and size of each file, if there are few. */
  readonly names?: Readonly<Record<string, number>>;
}

/** Up to this size all bytes are read. */
const wholeBytes = 64 << 20;
/** Otherwise this many blocks, of this many bytes, spread over at most as many files. */
const blocks = 1024;
const blockBytes = 16 << 10;
const maxNames = 1000;

/** Null for data that is generated. */
export async function identifyData(files: readonly DataFile[] | undefined): Promise<DataIdentity | null> {
  if (!files || files.length === 0) return null;
  const sizes: number[] = [];
  const [listing, content] = [createHash('sha256'), createHash('sha256')];
  let bytes = 0;
  for (const { name, path } of files) {
    const size = await sizeOf(path);
    sizes.push(size);
    bytes += Math.max(0, size);
    listing.update(`${name}\0${size}\0`);
  }
  const complete = bytes <= wholeBytes;
  const stride = complete ? 1 : Math.max(1, Math.ceil(files.length / blocks));
  const perFile = Math.max(2, Math.floor(blocks / Math.ceil(files.length / stride)));
  for (let i = 0; i < files.length; i += stride) {
    if (sizes[i] > 0) await hashFile(files[i].path, sizes[i], complete ? Infinity : perFile, content);
  }
  return {
    files: files.length,
    bytes,
    listing: listing.digest('hex'),
    content: content.digest('hex'),
    complete,
    ...(files.length <= maxNames ? { names: Object.fromEntries(files.map(({ name }, i) => [name, sizes[i]])) } : {}),
  };
}

async function sizeOf(file: string): Promise<number> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow').catch(() => undefined);
  if (!handle) return -1;
  const { size } = await handle.stat();
  await handle.close();
  return size;
}

/** Hashes the whole file, or `count` blocks from its first to its last byte. */
async function hashFile(file: string, size: number, count: number, hash: ReturnType<typeof createHash>): Promise<void> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow').catch(() => undefined);
  if (!handle) return;
  try {
    const whole = size <= count * blockBytes;
    const step = whole ? blockBytes : (size - blockBytes) / (count - 1);
    const n = whole ? Math.ceil(size / blockBytes) : count;
    for (let k = 0; k < n; k++) hash.update(await readAtAsync(handle, blockBytes, Math.floor(k * step)));
  } finally {
    await handle.close();
  }
}

/** What differs, as a clause whose subject is the data; undefined if nothing does, or if a run has no identity. */
export function dataDifference(recorded: unknown, now: DataIdentity | null): string | undefined {
  if (!isIdentity(recorded) || now === null) return undefined;
  if (recorded.listing === now.listing && recorded.content === now.content) return undefined;
  const changes = [
    ...(recorded.files === now.files ? [] : [`${plural(now.files, 'file')} instead of ${grouped(recorded.files)}`]),
    ...(recorded.bytes === now.bytes ? [] : [`${plural(now.bytes, 'byte')} instead of ${grouped(recorded.bytes)}`]),
    ...(recorded.names && now.names ? namedChanges(recorded.names, now.names) : []),
  ];
  if (changes.length > 0) return `has ${changes.join('; ')}`;
  return recorded.listing === now.listing ? 'has other content in files of the same size' : 'has files of other names';
}

function namedChanges(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): string[] {
  const named = (title: string, names: readonly string[]) =>
    names.length > 0 ? [`${title}: ${firstFew(names, 3)}`] : [];
  const has = (files: object, name: string) => Object.hasOwn(files, name);
  return [
    ...named(
      'missing',
      Object.keys(before).filter((name) => !has(now, name)),
    ),
    ...named(
      'new',
      Object.keys(now).filter((name) => !has(before, name)),
    ),
    ...named(
      'changed',
      Object.keys(now).filter((name) => has(before, name) && before[name] !== now[name]),
    ),
  ];
}

function isIdentity(value: unknown): value is DataIdentity {
  if (!isRecord(value)) return false;
  const { files, bytes, listing, content, names } = value;
  const isNames =
    names === undefined || (isRecord(names) && Object.values(names).every((size) => typeof size === 'number'));
  return (
    typeof files === 'number' &&
    typeof bytes === 'number' &&
    typeof listing === 'string' &&
    typeof content === 'string' &&
    isNames
  );
}
