// Finds the values of an LMDB database (LMDB 0.9, 64-bit little-endian; structures of mdb.c), without trusting its
// content.
//
// A database is a B+ tree of pages. Two meta pages at its start point to the root; that of the later transaction is
// valid. Every page has a header of 16 bytes; in branch and leaf pages the 16-bit offsets of their nodes follow.
import type { FileHandle } from 'node:fs/promises';
import { openOrdinaryAsync } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';

/** A value: its key as text, and its bytes in the file. */
export interface LmdbValue {
  readonly key: string;
  readonly at: number;
  readonly length: number;
}

export interface Lmdb {
  /** Sorted by key. */
  readonly values: readonly LmdbValue[];
  /** The damage that was found, as clauses. */
  readonly damaged: readonly string[];
}

const pageHeader = 16; // mp_pgno u64, mp_pad u16, mp_flags u16, then mp_lower u16 and mp_upper u16, or mp_pages u32
const nodeHeader = 8; // mn_lo u16, mn_hi u16, mn_flags u16, mn_ksize u16
const page = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08, leaf2: 0x20, subPage: 0x40 } as const;
const node = { bigData: 0x01, subData: 0x02, dupData: 0x04 } as const;
const magic = 0xbeefc0de;
const maxDepth = 32; // CURSOR_STACK of mdb.c
const noRoot = 2n ** 64n - 1n;

interface Tree {
  readonly handle: FileHandle;
  readonly pageSize: number;
  /** Number of complete pages in the file. */
  readonly pages: number;
}

/** Finds the first `limit` values. Throws an Error whose message is a clause if it is not such a database. */
export async function readLmdb(file: string, limit: number, signal?: AbortSignal): Promise<Lmdb> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  try {
    const { tree, root } = await readMeta(handle);
    return root === undefined ? { values: [], damaged: [] } : await walk(tree, root, limit, signal);
  } finally {
    await handle.close();
  }
}

async function readMeta(handle: FileHandle): Promise<{ tree: Tree; root: number | undefined }> {
  const { size } = await handle.stat();
  const first = await readExactly(handle, 0, pageHeader + 136);
  const meta = first && metaOf(first);
  if (!meta) throw new Error('it does not begin like an LMDB database');
  const { pageSize } = meta;
  if (pageSize < 256 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    throw new Error(`its pages claim ${pageSize} bytes`);
  const second = await readExactly(handle, pageSize, pageHeader + 136);
  const other = second && metaOf(second);
  const newest = other && other.transaction > meta.transaction && other.pageSize === pageSize ? other : meta;
  if (newest.version !== 1)
    throw new Error(`its format version is ${newest.version}, but only version 1 (LMDB 0.9) is supported`);
  if (newest.flags & node.dupData) throw new Error('it has several values per key, which is not supported');
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

/** Reads the leaves from left to right. A damaged page is skipped, with the pages below it. */
async function walk(tree: Tree, root: number, limit: number, signal?: AbortSignal): Promise<Lmdb> {
  const values: LmdbValue[] = [];
  const damaged: string[] = [];
  const seen = new Uint8Array((tree.pages >> 3) + 1); // A page that is its own descendant would never end.

  const visit = async (number: number, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const problem = pageProblem(tree, number, depth, seen);
    if (problem) return void damaged.push(problem);
    seen[number >> 3] |= 1 << (number & 7);
    const bytes = await readExactly(tree.handle, number * tree.pageSize, tree.pageSize);
    if (!bytes) return void damaged.push(`page ${number} is truncated`);
    const flags = bytes.readUInt16LE(10);
    if (flags & page.branch) {
      for (const child of children(bytes, number, damaged)) {
        if (values.length >= limit) return;
        await visit(child, depth + 1);
      }
    } else if (flags & page.leaf && !(flags & (page.leaf2 | page.subPage))) {
      leafValues(tree, bytes, number, values, damaged, limit);
    } else damaged.push(`page ${number} is neither a branch nor a leaf`);
  };
  await visit(root, 0);
  return { values, damaged };
}

function pageProblem({ pages }: Tree, number: number, depth: number, seen: Uint8Array): string | undefined {
  if (!Number.isSafeInteger(number) || number < 2 || number >= pages) return `page ${number} is not in the file`;
  if (depth > maxDepth) return `page ${number} is below the maximum depth of ${maxDepth}`;
  if (seen[number >> 3] & (1 << (number & 7))) return `page ${number} is referenced twice`;
  return undefined;
}

/** The offsets of the nodes of a page; undefined for a node outside the page. */
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

/** The numbers of the pages below a branch: 48 bits in mn_lo, mn_hi and mn_flags. */
function children(bytes: Buffer, number: number, damaged: string[]): number[] {
  return nodesOf(bytes).flatMap((at, i) => {
    if (at !== undefined) return [bytes.readUIntLE(at, 6)];
    damaged.push(`node ${i} of page ${number} is outside the page`);
    return [];
  });
}

function leafValues(
  tree: Tree,
  bytes: Buffer,
  number: number,
  values: LmdbValue[],
  damaged: string[],
  limit: number,
): void {
  for (const [i, at] of nodesOf(bytes).entries()) {
    if (values.length >= limit) return;
    const value = at === undefined ? undefined : leafValue(tree, bytes, number, at);
    if (value === undefined) damaged.push(`node ${i} of page ${number} has no valid value`);
    else values.push(value);
  }
}

/** A value is in its node, or, if it is large, on consecutive overflow pages. */
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

/** A key as text if it is printable, otherwise in hexadecimal. */
function keyText(key: Buffer): string {
  const text = key.subarray(0, 80).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : key.subarray(0, 40).toString('hex');
}

/** Undefined if the file ends before. */
async function readExactly(handle: FileHandle, at: number, length: number): Promise<Buffer | undefined> {
  const bytes = await readAtAsync(handle, length, at);
  return bytes.length === length ? bytes : undefined;
}
