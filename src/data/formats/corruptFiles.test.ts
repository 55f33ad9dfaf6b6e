// Files with changed bytes or a missing end: each gives data or a DataError, quickly and with bounded memory.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtures, open } from '../../../test/support/dataFixtures';
import { isDataError } from '../errors';
import { readLmdb } from './lmdbReader';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'corrupt-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Edit {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Changes near the start, in the middle and near the end of a file are equally likely. */
const edit = fc.record({
  at: fc.oneof(
    fc.double({ min: 0, max: 0.02, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.95, max: 1, noNaN: true }),
  ),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
const damages = fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

function damaged(original: Buffer, { edits, keep }: { edits: Edit[]; keep: number }): Buffer {
  const bytes = Buffer.from(original);
  for (const { at, bytes: written } of edits)
    bytes.set(
      written.subarray(0, bytes.length - Math.floor(at * (bytes.length - 1))),
      Math.floor(at * (bytes.length - 1)),
    );
  return bytes.subarray(0, Math.ceil(keep * bytes.length));
}

/** Writes and uses a damaged file; an error must be a DataError with a complete sentence. */
async function survives(name: string, bytes: Buffer, use: (file: string) => Promise<void>): Promise<void> {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  try {
    await use(file);
  } catch (error) {
    if (!isDataError(error)) throw error;
    expect(error.message).toMatch(/[.?]$/);
    expect(error.message.length).toBeLessThan(2000);
  }
}

const source = (id: 'idx' | 'cifar' | 'npy' | 'npz' | 'points') => async (file: string) => {
  const data = await open(id, { path: file, memoryMiB: 64 }, { folder });
  data.batch({ seed: 1, stream: 'data', step: 0 }, new Float32Array(data.shape.reduce((a, b) => a * b)));
};

test.each([
  ['idx', 'mnist/t10k-images-idx3-ubyte', 'plain-ubyte'],
  ['idx', 'mnist/train-images-idx3-ubyte.gz', 'packed-ubyte.gz'],
  ['cifar', 'cifar/ten/test_batch.bin', 'test_batch.bin'],
  ['npy', 'numpy/u1.npy', 'a.npy'],
  ['npy', 'numpy/f8.npy', 'b.npy'],
  ['npy', 'numpy/fortran.npy', 'c.npy'],
  ['npz', 'numpy/plain.npz', 'a.npz'],
  ['npz', 'numpy/packed.npz', 'b.npz'],
  ['points', 'numpy/points.npy', 'p.npy'],
  ['points', 'numpy/points.txt', 'p.txt'],
] as const)('%s: damaged copies of %s give samples or a reported error', async (id, fixture, name) => {
  const original = readFileSync(path.join(fixtures, fixture));
  const before = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(damages, (damage) => survives(name, damaged(original, damage), source(id))),
    { numRuns: 150, seed: 7 },
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
});

test('lmdb: never reads a value outside the file, whatever its pages contain', async () => {
  const original = readFileSync(path.join(fixtures, 'lmdb/deep/data.mdb'));
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      const bytes = damaged(original, damage);
      await survives('data.mdb', bytes, async (file) => {
        const found = await readLmdb(file, Infinity).catch((error: Error) => void expect(error.message).toMatch(/^it/));
        if (!found) return;
        for (const { at, length } of found.values) expect(at + length).toBeLessThanOrEqual(bytes.length);
        expect(found.values.length).toBeLessThan(1000);
      });
    }),
    { numRuns: 300, seed: 7 },
  );
});
