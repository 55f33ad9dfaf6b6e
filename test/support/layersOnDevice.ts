// A program for a child process: three updates of a critic with many kinds of layers and a gradient penalty, on a
// device.
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Device } from '../../src/engine/engine';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { fillNormal } from '../../src/math/random';

async function main(device: Device): Promise<void> {
  const engine = openOnnxEngine({ threads: 1, device });
  const critic = sequential({
    layers: [
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'tanh', inputShape: [6, 6, 2] }),
      layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.layerNormalization({}),
      layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
      layers.conv2d({ filters: 3, kernelSize: 2, activation: 'sigmoid' }),
      layers.flatten(),
      layers.dense({ units: 1 }),
    ],
  });
  const normal = (shape: number[], step: number): Float32Array => {
    const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
    fillNormal(out, { seed: 3, stream: 'device', step });
    return out;
  };
  const weights = critic.trainableWeights.map((w) => w.read() as tf.Variable);
  weights.forEach((w, i) => w.assign(tf.mul(tf.tensor(normal(w.shape, i), w.shape), 0.5)));
  const state = engine.state(Object.fromEntries(weights.map((w) => [w.name, w])));
  const compute = ({ x }: { x: tf.Tensor }): { loss: tf.Tensor } => {
    const { value, grads } = tf.variableGrads(() => {
      const gradient = tf.grad((x) => tf.sum(critic.apply(x) as tf.Tensor))(x);
      const penalty = tf.mean(tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(gradient), [1, 2, 3])), 1)));
      return tf.add(tf.mean(critic.apply(x) as tf.Tensor), penalty) as tf.Scalar;
    }, weights);
    for (const w of weights) w.assign(tf.sub(w, tf.mul(0.1, grads[w.name])));
    return { loss: value };
  };
  const step = await engine.compile({ name: 'critic', state, inputs: { x: [4, 6, 6, 2] }, compute });
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await step.run({ x: normal([4, 6, 6, 2], 100 + i) })).loss[0]);
  await step.dispose();
  state.dispose();
  console.log(JSON.stringify(losses));
}

void main(process.argv[2] as Device);
