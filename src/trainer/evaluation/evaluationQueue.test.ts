// The queue of images whose metrics are computed while training continues.
import { expect, it } from 'vitest';
import type { Row } from '../trainerEvents';
import { createEvaluationQueue } from './evaluationQueue';

const images = (step: number) => ({ step, images: Uint8ClampedArray.of(step) });

/** A queue whose evaluations end when they are told to. */
function recorded(keepsFailed = false, write: (step: number, values: Row) => void = () => {}) {
  const ends: { resolve: (values: Row) => void; reject: (error: Error) => void }[] = [];
  const written: [number, Row][] = [];
  const failed: number[] = [];
  const queue = createEvaluationQueue(
    { measure: () => new Promise<Row>((resolve, reject) => ends.push({ resolve, reject })) },
    { fid: 9 },
    (step, values) => {
      write(step, values);
      written.push([step, values]);
    },
    (step) => {
      failed.push(step);
      return keepsFailed;
    },
  );
  const next = async () => {
    await new Promise((done) => setTimeout(done, 1));
    return ends.shift()!;
  };
  return { queue, written, failed, next, steps: () => queue.pending.map(({ step }) => step) };
}

it('writes metrics in the order of steps, and knows what is pending', async () => {
  const { queue, written, next, steps } = recorded();
  await queue.add(images(4));
  await queue.add(images(8));
  expect(steps()).toEqual([4, 8]);
  expect(queue.metrics).toEqual({ fid: 9 });
  (await next()).resolve({ fid: 3 });
  (await next()).resolve({ fid: 2 });
  await queue.settled();
  expect(written).toEqual([
    [4, { fid: 3 }],
    [8, { fid: 2 }],
  ]);
  expect(steps()).toEqual([]);
  expect(queue.metrics).toEqual({ fid: 2 });
});

it('makes training wait for the first of five sets of images', async () => {
  const { queue, next } = recorded();
  for (const step of [1, 2, 3, 4]) await queue.add(images(step));
  let isWaiting = true;
  const fifth = queue.add(images(5)).then(() => (isWaiting = false));
  const first = await next();
  expect(isWaiting).toBe(true);
  first.resolve({});
  await fifth;
  expect(queue.pending.length).toBe(4);
});

it.each([
  [true, [4]],
  [false, []],
])('keeps images whose evaluation failed for a resumed run: %s', async (keepsFailed, pending) => {
  const { queue, written, failed, next, steps } = recorded(keepsFailed);
  await queue.add(images(4));
  await queue.add(images(8));
  (await next()).reject(new Error('the process ended'));
  (await next()).resolve({ fid: 2 });
  await queue.settled();
  expect([failed, steps(), written]).toEqual([[4], pending, [[8, { fid: 2 }]]]);
});

it('reports metrics that cannot be written when it settles, and the process lives', async () => {
  const { queue, next } = recorded(false, () => {
    throw new Error('the disk is full');
  });
  await queue.add(images(4));
  (await next()).resolve({ fid: 2 });
  await expect(queue.settled()).rejects.toThrow('the disk is full');
});
