// The members of a zip archive by its central directory (PKWARE APPNOTE 6.3): names and where their bytes are. Nothing is unpacked here.
import { open, type FileHandle } from 'node:fs/promises';
import { maxInflation } from './byteStream';

export interface ZipMember {
  readonly name: string;
  /** Where its packed bytes begin, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly compression: 'deflate' | undefined;
  /** Most bytes that can come out. */
  readonly mostBytes: number;
}

const mostDirectory = 16 << 20;
const mostMembers = 10_000;

/** Throws an Error whose message is a clause. */
export async function zipMembers(file: string): Promise<ZipMember[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { at, length, entries } = await findDirectory(handle, size);
    if (length > mostDirectory || entries > mostMembers || at + length > size)
      throw new Error('its directory is damaged');
    const directory = await readAt(handle, at, length);
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

/** The end record is in the last 64 KiB; its 64-bit form is named by a locator before it. */
async function findDirectory(handle: FileHandle, size: number) {
  const from = Math.max(0, size - 65_557);
  const tail = await readAt(handle, from, size - from);
  let p = tail.length - 22;
  while (p >= 0 && tail.readUInt32LE(p) !== 0x06054b50) p--;
  if (p < 0) throw new Error('it is no zip archive, or it is cut off: its directory is missing');
  const small = {
    entries: tail.readUInt16LE(p + 10),
    length: tail.readUInt32LE(p + 12),
    at: tail.readUInt32LE(p + 16),
  };
  if (small.entries !== 0xffff && small.length !== 0xffffffff && small.at !== 0xffffffff) return small;
  if (p < 20 || tail.readUInt32LE(p - 20) !== 0x07064b50) throw new Error('its directory is damaged');
  const end = await readAt(handle, number(tail.readBigUInt64LE(p - 12), size), 56);
  if (end.readUInt32LE(0) !== 0x06064b50) throw new Error('its directory is damaged');
  const [entries, length, at] = [32, 40, 48].map((offset) => number(end.readBigUInt64LE(offset), size));
  return { entries, length, at };
}

async function member(
  handle: FileHandle,
  size: number,
  record: Buffer,
  nameLength: number,
  extraLength: number,
): Promise<ZipMember> {
  const name = record.toString('utf8', 46, 46 + nameLength);
  const wide = wideFields(record.subarray(46 + nameLength, 46 + nameLength + extraLength));
  // In this order the 64-bit values stand, and only those that do not fit their 32-bit field.
  const field = (offset: number): number => {
    const value = record.readUInt32LE(offset);
    return value === 0xffffffff ? number(wide.shift(), size * maxInflation) : value;
  };
  const [unpacked, packed, at] = [field(24), field(20), field(42)];
  const method = record.readUInt16LE(10);
  if (record.readUInt16LE(8) & 1) throw new Error(`its member "${name}" is encrypted`);
  if (method !== 0 && method !== 8)
    throw new Error(`its member "${name}" is packed by method ${method}; 0 and 8 (deflate) are known`);
  const local = await readAt(handle, at, 30);
  if (local.readUInt32LE(0) !== 0x04034b50) throw new Error(`its member "${name}" is not where the directory says`);
  const from = at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (from + packed > size) throw new Error(`its member "${name}" is cut off`);
  const most = method === 0 ? packed : Math.min(unpacked, packed * maxInflation);
  return { name, from, to: from + packed, compression: method === 8 ? 'deflate' : undefined, mostBytes: most };
}

/** The 64-bit numbers of the zip64 extra field; none where there is no such field. */
function wideFields(extra: Buffer): bigint[] {
  for (let p = 0; p + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(p + 2);
    if (extra.readUInt16LE(p) === 1 && p + 4 + length <= extra.length) {
      return Array.from({ length: Math.floor(length / 8) }, (_, k) => extra.readBigUInt64LE(p + 4 + 8 * k));
    }
    p += 4 + length;
  }
  return [];
}

function number(value: bigint | undefined, most: number): number {
  if (value === undefined || value > BigInt(most)) throw new Error('its directory is damaged');
  return Number(value);
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  if (bytesRead < length) throw new Error('it is cut off');
  return bytes;
}
