// Lists the members of a zip archive from its central directory (PKWARE APPNOTE 6.3); it does not unpack them.
import type { FileHandle } from 'node:fs/promises';
import { openOrdinaryAsync } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { crc32 } from '../../shared/crc32';
import { maxInflation, openByteStream } from './byteStream';

export interface ZipMember {
  readonly name: string;
  /** First byte of its (compressed) data, and the byte after the last. */
  readonly from: number;
  readonly to: number;
  readonly compression: 'deflate' | undefined;
  /** Upper bound of the uncompressed size. */
  readonly maxBytes: number;
  /** CRC-32 of the uncompressed data. */
  readonly checksum: number;
}

const maxDirectoryBytes = 16 << 20;
const maxMembers = 10_000;

/** Throws an Error whose message is a clause. */
export async function zipMembers(file: string): Promise<ZipMember[]> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  try {
    const { size } = await handle.stat();
    const { at, length, entries } = await findDirectory(handle, size);
    if (length > maxDirectoryBytes || entries > maxMembers || at + length > size)
      throw new Error('its directory is damaged');
    const directory = await readExactly(handle, at, length);
    const members: ZipMember[] = [];
    for (let k = 0, p = 0; k < entries; k++) {
      if (p + 46 > length || directory.readUInt32LE(p) !== 0x02014b50) throw new Error('its directory is damaged');
      const nameLength = directory.readUInt16LE(p + 28);
      const extraLength = directory.readUInt16LE(p + 30);
      const next = p + 46 + nameLength + extraLength + directory.readUInt16LE(p + 32);
      if (next > length) throw new Error('its directory is damaged');
      members.push(await member(handle, size, directory.subarray(p, next), nameLength, extraLength));
      p = next;
    }
    return members;
  } finally {
    await handle.close();
  }
}

/**
 * Whether the data of a member has its checksum. Throws if it cannot be unpacked, and after an abort.
 */
export async function hasChecksum(
  file: string,
  { checksum, ...location }: Omit<ZipMember, 'name' | 'maxBytes'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const bytes = openByteStream(file, { ...location, signal });
  try {
    let found = 0;
    for (let piece = await bytes.read(1 << 20); piece.length > 0; piece = await bytes.read(1 << 20))
      found = crc32(piece, 0, piece.length, found);
    return found === checksum;
  } finally {
    bytes.close();
  }
}

/** The end record is in the last 64 KiB; a locator before it points to its 64-bit form. */
async function findDirectory(handle: FileHandle, size: number) {
  const from = Math.max(0, size - 65_557);
  const tail = await readExactly(handle, from, size - from);
  let p = tail.length - 22;
  while (p >= 0 && tail.readUInt32LE(p) !== 0x06054b50) p--;
  if (p < 0) throw new Error('it is not a zip archive, or it is truncated: its directory is missing');
  const small = {
    entries: tail.readUInt16LE(p + 10),
    length: tail.readUInt32LE(p + 12),
    at: tail.readUInt32LE(p + 16),
  };
  if (small.entries !== 0xffff && small.length !== 0xffffffff && small.at !== 0xffffffff) return small;
  if (p < 20 || tail.readUInt32LE(p - 20) !== 0x07064b50) throw new Error('its directory is damaged');
  const end = await readExactly(handle, toNumber(tail.readBigUInt64LE(p - 12), size), 56);
  if (end.readUInt32LE(0) !== 0x06064b50) throw new Error('its directory is damaged');
  const [entries, length, at] = [32, 40, 48].map((offset) => toNumber(end.readBigUInt64LE(offset), size));
  return { entries, length, at };
}

async function member(
  handle: FileHandle,
  fileSize: number,
  record: Buffer,
  nameLength: number,
  extraLength: number,
): Promise<ZipMember> {
  const name = record.toString('utf8', 46, 46 + nameLength);
  const zip64 = zip64Values(record.subarray(46 + nameLength, 46 + nameLength + extraLength));
  // The 64-bit values come in this order, and only those that do not fit their 32-bit field.
  const field = (offset: number): number => {
    const value = record.readUInt32LE(offset);
    return value === 0xffffffff ? toNumber(zip64.shift(), fileSize * maxInflation) : value;
  };
  const [size, compressedSize, at] = [field(24), field(20), field(42)];
  const method = record.readUInt16LE(10);
  if (record.readUInt16LE(8) & 1) throw new Error(`its member "${name}" is encrypted`);
  if (method !== 0 && method !== 8)
    throw new Error(
      `its member "${name}" has compression method ${method}, but only 0 (none) and 8 (deflate) are supported`,
    );
  const local = await readExactly(handle, at, 30);
  if (local.readUInt32LE(0) !== 0x04034b50)
    throw new Error(`its member "${name}" is not at the position in the directory`);
  const from = at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (from + compressedSize > fileSize) throw new Error(`its member "${name}" is truncated`);
  const maxBytes = method === 0 ? compressedSize : Math.min(size, compressedSize * maxInflation);
  return {
    name,
    from,
    to: from + compressedSize,
    compression: method === 8 ? 'deflate' : undefined,
    maxBytes,
    checksum: record.readUInt32LE(16),
  };
}

/** The 64-bit values of the zip64 extra field; empty if there is none. */
function zip64Values(extra: Buffer): bigint[] {
  for (let p = 0; p + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(p + 2);
    if (extra.readUInt16LE(p) === 1 && p + 4 + length <= extra.length) {
      return Array.from({ length: Math.floor(length / 8) }, (_, k) => extra.readBigUInt64LE(p + 4 + 8 * k));
    }
    p += 4 + length;
  }
  return [];
}

function toNumber(value: bigint | undefined, max: number): number {
  if (value === undefined || value > BigInt(max)) throw new Error('its directory is damaged');
  return Number(value);
}

async function readExactly(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = await readAtAsync(handle, length, at);
  if (bytes.length < length) throw new Error('it is truncated');
  return bytes;
}
