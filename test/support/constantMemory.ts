// A program for a child process: steps that write 4 MiB of state each on a device; prints the memory every 50 steps.
import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { Device } from '../../src/engine/engine';
import { openOnnxEngine } from '../../src/engine/onnx/engine';

async function main(device: Device): Promise<void> {
  const engine = openOnnxEngine({ threads: 1, device });
  const w = tf.variable(tf.zeros([1024, 1024]), true, 'w');
  const state = engine.state({ w });
  const compute = ({ x }: { x: tf.Tensor }): { y: tf.Tensor } => {
    w.assign(tf.add(w, tf.sum(x)));
    return { y: tf.sum(x) };
  };
  const step = await engine.compile({ name: 'fill', state, inputs: { x: [4] }, compute });
  const x = new Float32Array(4).fill(1);
  const samples: { rss: number; handles: number }[] = [];
  for (let i = 1; i <= 250; i++) {
    if (i % 5) await step.advance({ x });
    else await step.run({ x });
    if (i % 50) continue;
    samples.push({ rss: process.memoryUsage.rss(), handles: readdirSync('/proc/self/fd').length });
  }
  const last = (await state.read()).w[0];
  await step.dispose();
  const afterStep = (await state.read()).w[0];
  state.dispose();
  console.log(JSON.stringify({ samples, last, afterStep }));
}

void main(process.argv[2] as Device);
