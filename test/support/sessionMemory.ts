// A program for a child process: three steps with temporary values of 64 MiB each; prints the bytes of resident memory
// before them, their peak, and the growth over further runs with new arrays.
import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../../src/engine/engine';
import { openOnnxEngine } from '../../src/engine/onnx/engine';

/** Two of them are alive at once: 64 MiB. */
const SIZE = 8 * 2 ** 20;

async function main(): Promise<void> {
  const engine = openOnnxEngine({ threads: 1 });
  const state = engine.state({});
  const steps: Step<'x', 'y'>[] = [];
  for (const factor of [2, 3, 4]) {
    const compute = ({ x }: { x: tf.Tensor }): { y: tf.Tensor } => {
      const wide = tf.mul(tf.tile(x, [SIZE / 4]), factor);
      return { y: tf.sum(tf.mul(tf.square(wide), tf.abs(wide))) };
    };
    steps.push(await engine.compile({ name: `wide ${factor}`, state, inputs: { x: [4] }, compute }));
  }
  const before = process.memoryUsage.rss();
  const run = async (): Promise<void> => {
    for (const step of steps) await step.run({ x: Float32Array.of(1, 2, 3, 4) });
  };
  await run();
  const peak = process.resourceUsage().maxRSS * 1024;
  const first = process.memoryUsage.rss();
  for (let i = 0; i < 4; i++) await run();
  console.log(JSON.stringify({ before, peak, growth: process.memoryUsage.rss() - first }));
}

void main();
