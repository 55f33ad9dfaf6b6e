// The peak rate of the machine: a large float32 matrix product as a step of our engine.
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../src/engine/engine';
import { median } from './statistics';

/** GFLOP/s of a product of two [1024, 1024] matrices, from the median of 20 runs. */
export async function gemm(engine: Engine): Promise<number> {
  const n = 1024;
  const step = await engine.compile({
    name: 'gemm',
    state: engine.state({}),
    inputs: { a: [n, n], b: [n, n] },
    compute: ({ a, b }) => ({ corner: tf.slice(tf.matMul(a, b), [0, 0], [1, 1]) }),
  });
  const [a, b] = [new Float32Array(n * n).fill(0.5), new Float32Array(n * n).fill(0.25)];
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await step.run({ a, b });
    times.push(performance.now() - start);
  }
  await step.dispose();
  return (2 * n ** 3) / median(times) / 1e6;
}
