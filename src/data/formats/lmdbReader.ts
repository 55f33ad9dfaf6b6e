// Reads where the values of an LMDB database lie (LMDB 0.9, 64-bit little-endian; structures of mdb.c), without trusting a byte of it.
//
// A database is a B+ tree of pages. Two meta pages at its start name the root; the one of the later transaction counts.
// Every page has a header of 16 bytes; branch and leaf pages have an array of 16-bit places of their nodes after it.
import { open, type FileHandle } from 'node:fs/promises';

/** A value: its key as text, and where its bytes are in the file. */
export interface LmdbValue {
  readonly key: string;
  readonly at: number;
  readonly length: number;
}

export interface Lmdb {
  /** In the order of their keys. */
  readonly values: readonly LmdbValue[];
  /** What could not be read, as clauses. */
  readonly damaged: readonly string[];
}

const pageHeader = 16; // mp_pgno u64, mp_pad u16, mp_flags u16, then mp_lower u16 and mp_upper u16, or mp_pages u32
const nodeHeader = 8; // mn_lo u16, mn_hi u16, mn_flags u16, mn_ksize u16
const page = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08, leaf2: 0x20, subPage: 0x40 } as const;
const node = { bigData: 0x01, subData: 0x02, dupData: 0x04 } as const;
const magic = 0xbeefc0de;
const deepest = 32; // CURSOR_STACK of mdb.c
const noRoot = 2n ** 64n - 1n;

interface Tree {
  readonly handle: FileHandle;
  readonly pageSize: number;
  /** Whole pages that the file has. */
  readonly pages: number;
}

/** Reads at most `most` values from the first key on. Throws an Error whose message is a clause where it is no such database. */
export async function readLmdb(file: string, most: number, signal?: AbortSignal): Promise<Lmdb> {
  const handle = await open(file);
  try {
    const { tree, root } = await readMeta(handle);
    return root === undefined ? { values: [], damaged: [] } : await walk(tree, root, most, signal);
  } finally {
    await handle.close();
  }
}

async function readMeta(handle: FileHandle): Promise<{ tree: Tree; root: number | undefined }> {
  const { size } = await handle.stat();
  const first = await readAt(handle, 0, pageHeader + 136);
  const meta = first && metaOf(first);
  if (!meta) throw new Error('it does not begin as an LMDB database does');
  const { pageSize } = meta;
  if (pageSize < 256 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    throw new Error(`its pages claim ${pageSize} bytes`);
  const second = await readAt(handle, pageSize, pageHeader + 136);
  const other = second && metaOf(second);
  const newest = other && other.transaction > meta.transaction && other.pageSize === pageSize ? other : meta;
  if (newest.version !== 1)
    throw new Error(`its format version is ${newest.version}; version 1 (LMDB 0.9) can be read`);
  if (newest.flags & node.dupData) throw new Error('it keeps several values a key, which no set of images does');
  const root = newest.root === noRoot ? undefined : Number(newest.root);
  return { tree: { handle, pageSize, pages: Math.floor(size / pageSize) }, root };
}

/** mm_magic u32, mm_version u32, mm_address u64, mm_mapsize u64, mm_dbs 2 × MDB_db, mm_last_pg u64, mm_txnid u64. */
function metaOf(bytes: Buffer) {
  if (!(bytes.readUInt16LE(10) & page.meta) || bytes.readUInt32LE(pageHeader) !== magic) return undefined;
  const free = pageHeader + 24; // MDB_db: md_pad u32, md_flags u16, md_depth u16, then u64s, md_root the last
  const main = free + 48;
  return {
    version: bytes.readUInt32LE(pageHeader + 4),
    pageSize: bytes.readUInt32LE(free), // mm_psize is the md_pad of the first
    flags: bytes.readUInt16LE(main + 4),
    root: bytes.readBigUInt64LE(main + 40),
    transaction: bytes.readBigUInt64LE(pageHeader + 128),
  };
}

/** The leaves from left to right. Damage costs the page it is in, and those that only it leads to. */
async function walk(tree: Tree, root: number, most: number, signal?: AbortSignal): Promise<Lmdb> {
  const values: LmdbValue[] = [];
  const damaged: string[] = [];
  const seen = new Uint8Array((tree.pages >> 3) + 1); // A page that leads to itself would lead on for ever.
  const bytes = Buffer.alloc(tree.pageSize);

  const visit = async (number: number, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const problem = pageProblem(tree, number, depth, seen);
    if (problem) return void damaged.push(problem);
    seen[number >> 3] |= 1 << (number & 7);
    if (!(await readInto(tree.handle, bytes, number * tree.pageSize)))
      return void damaged.push(`page ${number} is cut off`);
    const flags = bytes.readUInt16LE(10);
    if (flags & page.branch) {
      for (const child of children(bytes, number, damaged)) {
        if (values.length >= most) return;
        await visit(child, depth + 1);
      }
    } else if (flags & page.leaf && !(flags & (page.leaf2 | page.subPage))) {
      leafValues(tree, bytes, number, values, damaged, most);
    } else damaged.push(`page ${number} is neither a branch nor a leaf`);
  };
  await visit(root, 0);
  return { values, damaged };
}

function pageProblem({ pages }: Tree, number: number, depth: number, seen: Uint8Array): string | undefined {
  if (!Number.isSafeInteger(number) || number < 2 || number >= pages) return `page ${number} is not in the file`;
  if (depth > deepest) return `page ${number} lies deeper than ${deepest} levels`;
  if (seen[number >> 3] & (1 << (number & 7))) return `page ${number} is reached twice`;
  return undefined;
}

/** Where the nodes of a page begin; undefined for one that lies outside of it. */
function nodesOf(bytes: Buffer): (number | undefined)[] {
  const lower = Math.min(bytes.readUInt16LE(12), bytes.length);
  const count = Math.max(0, (lower - pageHeader) >> 1);
  return Array.from({ length: count }, (_, i) => {
    const at = bytes.readUInt16LE(pageHeader + 2 * i);
    const isInside =
      at >= lower && at + nodeHeader <= bytes.length && at + nodeHeader + bytes.readUInt16LE(at + 6) <= bytes.length;
    return isInside ? at : undefined;
  });
}

/** The pages below a branch: their numbers have 48 bits, over mn_lo, mn_hi and mn_flags. */
function children(bytes: Buffer, number: number, damaged: string[]): number[] {
  return nodesOf(bytes).flatMap((at, i) => {
    if (at !== undefined) return [bytes.readUIntLE(at, 6)];
    damaged.push(`node ${i} of page ${number} lies outside of it`);
    return [];
  });
}

function leafValues(
  tree: Tree,
  bytes: Buffer,
  number: number,
  values: LmdbValue[],
  damaged: string[],
  most: number,
): void {
  for (const [i, at] of nodesOf(bytes).entries()) {
    if (values.length >= most) return;
    const value = at === undefined ? undefined : leafValue(tree, bytes, number, at);
    if (value === undefined) damaged.push(`node ${i} of page ${number} does not lead to a value`);
    else values.push(value);
  }
}

/** A value lies in its node, or, where it is big, on overflow pages that follow each other. */
function leafValue({ pageSize, pages }: Tree, bytes: Buffer, number: number, at: number): LmdbValue | undefined {
  const length = bytes.readUInt32LE(at); // mn_lo and mn_hi
  const flags = bytes.readUInt16LE(at + 4);
  const keyLength = bytes.readUInt16LE(at + 6);
  const data = at + nodeHeader + keyLength;
  const key = keyText(bytes.subarray(at + nodeHeader, data));
  if (flags & (node.subData | node.dupData)) return undefined;
  if (!(flags & node.bigData)) {
    return data + length <= pageSize ? { key, at: number * pageSize + data, length } : undefined;
  }
  if (data + 8 > pageSize) return undefined;
  const first = Number(bytes.readBigUInt64LE(data));
  const end = first * pageSize + pageHeader + length;
  return first >= 2 && end <= pages * pageSize ? { key, at: first * pageSize + pageHeader, length } : undefined;
}

/** A key as it is where it can be read, otherwise in hexadecimal. */
function keyText(key: Buffer): string {
  const text = key.subarray(0, 80).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : key.subarray(0, 40).toString('hex');
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  return (await readInto(handle, bytes, at)) ? bytes : undefined;
}

async function readInto(handle: FileHandle, bytes: Buffer, at: number): Promise<boolean> {
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
  return bytesRead === bytes.length;
}
