// Generating samples: each once and in order, with progress, until an abort.
import { expect, test } from 'vitest';
import { generateSamples } from './generateSamples';

test('generates every sample once, in order, with progress', async () => {
  const drawn: number[] = [];
  const progress: [number, number][] = [];
  await generateSamples(2500, { onProgress: (done, total) => progress.push([done, total]) }, (i) => drawn.push(i));
  expect(drawn).toEqual(Array.from({ length: 2500 }, (_, i) => i));
  expect(progress).toEqual([
    [1024, 2500],
    [2048, 2500],
  ]);
});

test('stops when aborted', async () => {
  const abort = new AbortController();
  let drawn = 0;
  // A timer or a signal handler only runs between two intervals.
  setImmediate(() => abort.abort(new Error('interrupted')));
  await expect(generateSamples(1e9, { signal: abort.signal }, () => drawn++)).rejects.toThrow('interrupted');
  expect(drawn % 1024).toBe(0);
});
