// Second derivatives in float32, as our engine computes them: the gradient of a gradient penalty through every
// activation and through stacks of convolutions, compared with central differences of the penalty.
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import { SmoothElu } from '../../../src/gan/layers/activations';
import { fillNormal } from '../../../src/math/random';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

const activations = [
  'elu',
  'linear',
  'mish',
  'gelu',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;

/** Layers between two dense layers of 6 units, or between two convolutions of 6 channels. */
const critics: Readonly<Record<string, () => LayersModel>> = {
  ...Object.fromEntries(activations.map((activation) => [activation, () => dense(layers.activation({ activation }))])),
  leakyReLU: () => dense(layers.leakyReLU({ alpha: 0.2 })),
  'softplus(2x + 2)/2 - 1': () => dense(new SmoothElu({})),
  layerNormalization: () => dense(layers.layerNormalization({})),
  'strided convolutions, tanh': () => convolutional(4, 2, 'same', 'tanh'),
  'strided convolutions of kernel 5, leaky-relu': () => convolutional(5, 2, 'same', 'leaky'),
  'valid convolutions, swish': () => convolutional(3, 1, 'valid', 'swish'),
};

const SEED = 11;
const BATCH = 3;

it.each(Object.keys(critics))('the gradient of a gradient penalty equals central differences: %s', (name) => {
  openOnnxEngine({ threads: 1 });
  const model = critics[name]();
  draw(model);
  const weights = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const x = normal([BATCH, ...(model.inputs[0].shape.slice(1) as number[])], 'x', 0);
  // A scale that keeps the norms away from 1, where the penalty would be flat.
  const penalty = (): tf.Scalar => {
    const gradient = tf.grad((x) => tf.sum(model.apply(x) as tf.Tensor))(x);
    const axes = gradient.shape.map((_, i) => i).slice(1);
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(gradient), axes), 1e-12));
    return tf.mean(tf.square(tf.sub(norm, 3))) as tf.Scalar;
  };
  const { grads } = tf.variableGrads(penalty, weights);
  const start = weights.map((w) => w.clone());
  const along = (direction: tf.Tensor[], h: number): number => {
    weights.forEach((w, i) => w.assign(tf.add(start[i], tf.mul(direction[i], h))));
    const value = penalty().dataSync()[0];
    weights.forEach((w, i) => w.assign(start[i].clone()));
    return value;
  };
  // Richardson extrapolation: the error of the differences is of fourth order in h. A large difference between them
  // indicates a kink, and another direction is drawn.
  const h = stepOf(name);
  const derivatives: { exact: number; numeric: number; rough: number }[] = [];
  for (let k = 0; k < 12; k++) {
    const direction = weights.map((w, i) => normal(w.shape, `direction ${i}`, k));
    const products = weights.map((w, i) =>
      grads[w.name] ? tf.sum(tf.mul(grads[w.name], direction[i])).dataSync()[0] : 0,
    );
    const difference = (t: number): number => (along(direction, t) - along(direction, -t)) / (2 * t);
    const [coarse, fine] = [difference(h), difference(h / 2)];
    const exact = products.reduce((a, b) => a + b);
    derivatives.push({ exact, numeric: (4 * fine - coarse) / 3, rough: Math.abs(fine - coarse) });
  }
  const scale = Math.max(...derivatives.map(({ numeric }) => Math.abs(numeric)));
  expect(scale).toBeGreaterThan(name === 'linear' ? 0.01 : 0.001);
  const smooth = derivatives.filter(({ rough }) => rough < 0.01 * scale);
  expect(smooth.length).toBeGreaterThanOrEqual(4);
  for (const { exact, numeric } of smooth) expect(Math.abs(exact - numeric) / scale).toBeLessThan(0.02);
});

/** The channels of the mean and variance: the last axis, another one, or one for each sample. */
it.each([[[4]], [[1, 3, 1, 1]], [[2, 1, 1, 4]]])(
  'batchNorm over [%s] has the value and gradients of its composition',
  (shape) => {
    openOnnxEngine({ threads: 1 });
    const [x, mean, gain] = [normal([2, 3, 2, 4], 'x', 1), normal(shape, 'mean', 2), normal(shape, 'gain', 3)];
    const variance = tf.add(tf.square(normal(shape, 'variance', 4)), 0.1);
    type Norm = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, gain?: tf.Tensor) => tf.Tensor;
    const whole: Norm = (x, m, v, g) =>
      tf.batchNorm(x, m as tf.Tensor1D, v as tf.Tensor1D, undefined, g as tf.Tensor1D);
    const composed: Norm = (x, m, v, g = tf.scalar(1)) => tf.mul(tf.div(tf.sub(x, m), tf.sqrt(tf.add(v, 0.001))), g);
    for (const inputs of [
      [x, mean, variance],
      [x, mean, variance, gain],
    ]) {
      const gradients = (norm: Norm): tf.Tensor[] => {
        const score = (...all: tf.Tensor[]): tf.Tensor =>
          tf.sum(tf.tanh((norm as (...t: tf.Tensor[]) => tf.Tensor)(...all)));
        const slope = (...all: tf.Tensor[]): tf.Tensor => tf.sum(tf.square(tf.grads(score)(all)[0]));
        return [...tf.grads(score)(inputs), ...tf.grads(slope)(inputs)];
      };
      const expected = gradients(composed);
      gradients(whole).forEach((found, i) => {
        const error = tf.max(tf.abs(tf.sub(found, expected[i]))).dataSync()[0];
        expect(error / (1e-3 + tf.max(tf.abs(expected[i])).dataSync()[0]), `gradient ${i}`).toBeLessThan(1e-4);
      });
    }
  },
);

/** With hundreds of units that each have a kink, only a small h has none between the points. */
const stepOf = (name: string): number => (name.endsWith('leaky-relu') ? 1e-4 : 2e-3);

function dense(between: Layer): LayersModel {
  const model = sequential();
  model.add(layers.dense({ units: 6, inputShape: [4] }));
  model.add(between);
  model.add(layers.dense({ units: 6, activation: 'tanh' }));
  model.add(layers.dense({ units: 1 }));
  return model;
}

function convolutional(
  kernelSize: number,
  strides: number,
  padding: 'same' | 'valid',
  kind: 'tanh' | 'swish' | 'leaky',
) {
  const model = sequential();
  const between = (): Layer =>
    kind === 'leaky' ? layers.leakyReLU({ alpha: 0.2 }) : layers.activation({ activation: kind });
  model.add(layers.conv2d({ filters: 6, kernelSize, strides, padding, inputShape: [8, 8, 5] }));
  model.add(between());
  model.add(layers.conv2d({ filters: 6, kernelSize, strides, padding }));
  model.add(between());
  model.add(layers.flatten());
  model.add(layers.dense({ units: 1 }));
  return model;
}

function draw(model: LayersModel): void {
  const scaled = (w: tf.Tensor, i: number): tf.Tensor => {
    const fan = w.shape.slice(0, -1).reduce((a, b) => a * b, 1);
    return tf.mul(normal(w.shape, 'weights', i), w.rank > 1 ? 1.2 / Math.sqrt(fan) : 0.3);
  };
  model.setWeights(model.getWeights().map(scaled));
}

function normal(shape: number[], stream: string, step: number): tf.Tensor {
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(out, { seed: SEED, stream, step });
  return tf.tensor(out, shape);
}
