// Files with bytes changed, cut or added: each gives data or a clear error, soon, and within bounds of memory.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDataError } from '../errors';
import { readLmdb } from './lmdbReader';
import { fixtures, open } from '../../../test/support/dataFixtures';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'hostile-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Change {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Changes near the start, where headers are, are as likely as all others together; 0 and 255 are likely values. */
const change = fc.record({
  at: fc.oneof(
    fc.double({ min: 0, max: 0.02, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.95, max: 1, noNaN: true }),
  ),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
const changes = fc.record({
  edits: fc.array(change, { minLength: 1, maxLength: 4 }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

function changed(original: Buffer, { edits, keep }: { edits: Change[]; keep: number }): Buffer {
  const bytes = Buffer.from(original);
  for (const { at, bytes: written } of edits)
    bytes.set(
      written.subarray(0, bytes.length - Math.floor(at * (bytes.length - 1))),
      Math.floor(at * (bytes.length - 1)),
    );
  return bytes.subarray(0, Math.ceil(keep * bytes.length));
}

/** Opens a changed file and draws a batch; what is thrown must be a DataError with a sentence. */
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
] as const)('%s: %s', async (id, fixture, name) => {
  const original = readFileSync(path.join(fixtures, fixture));
  const before = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(changes, (wanted) => survives(name, changed(original, wanted), source(id))),
    { numRuns: 150, seed: 7 },
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
});

test('lmdb: values lie within the file, whatever its pages say', async () => {
  const original = readFileSync(path.join(fixtures, 'lmdb/deep/data.mdb'));
  await fc.assert(
    fc.asyncProperty(changes, async (wanted) => {
      const bytes = changed(original, wanted);
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
