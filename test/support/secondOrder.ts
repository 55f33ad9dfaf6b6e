// For tests and docs/second-order.md: compares gradients of a critic and of its gradient penalty with central
// differences, in float64.
import * as tf from '@tensorflow/tfjs-core';
import { layers, model as modelOf, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { fillNoise, withNoiseSource } from '../../src/engine/noise/source';
import { fillIntegers, fillNormal } from '../../src/math/random';
import { inFloat64 } from './float64';
import type { LayerCase } from './layerCases';

/** Largest relative errors along random directions: of ∂/∂(w, x) of the mean score, and of ∂/∂w of the penalty. */
export interface Errors {
  readonly first: number;
  readonly second: number;
}

const BATCH = 3;
const DIRECTIONS = 2;
/** Maximum number of redraws if a kink is between the points of a difference. */
const REDRAWS = 4;
const STEP = 1e-5;
/** An error above this indicates a kink. */
const KINK_ERROR = 1e-5;

/** @throws ModelError if a gradient is not supported */
export const checkCritic = (stack: readonly LayerCase[], training = true, seed = 1): Errors =>
  inFloat64(() => {
    const critic = criticOf(stack);
    const weights = critic.weights.map((w) => w.read() as tf.Variable);
    weights.forEach((w, i) => w.assign(valueOf(w, critic.weights[i].originalName, i, seed)));
    const trainable = critic.trainableWeights.map((w) => w.read() as tf.Variable);
    const x = tf.variable(normal([BATCH, ...stack[0].shape], 'x', seed));
    const D = (x: tf.Tensor): tf.Tensor => repeatably(() => critic.apply(x, { training }) as tf.Tensor);
    const score = (): tf.Scalar => tf.mean(D(x));
    const penalty = (): tf.Scalar => {
      const gradient = tf.grad((x) => tf.sum(D(x)))(x);
      const norm = tf.sqrt(tf.add(tf.sum(tf.square(tf.reshape(gradient, [BATCH, -1])), 1), 1e-12));
      return tf.mean(tf.square(tf.sub(norm, 1)));
    };
    const errors = { first: errorOf(score, [...trainable, x], seed), second: errorOf(penalty, trainable, seed) };
    critic.dispose();
    x.dispose();
    return errors;
  });

/** A critic of the layers of `stack`, each after a smooth dense layer. Its input has the shape of the first layer. */
function criticOf(stack: readonly LayerCase[]): LayersModel {
  const input = layers.input({ shape: stack[0].shape } as Parameters<typeof layers.input>[0]);
  const mixed = (x: SymbolicTensor): SymbolicTensor =>
    layers.dense({ units: x.shape.at(-1)!, activation: 'tanh' }).apply(x) as SymbolicTensor;
  let x: SymbolicTensor = input;
  for (const { make, merges } of stack) x = make().apply(merges ? [mixed(x), mixed(x)] : mixed(x)) as SymbolicTensor;
  const flat = x.shape.length > 2 ? (layers.flatten().apply(x) as SymbolicTensor) : x;
  const hidden = layers.dense({ units: 4, activation: 'tanh' }).apply(flat);
  return modelOf({ inputs: input, outputs: layers.dense({ units: 1 }).apply(hidden) as SymbolicTensor });
}

function errorOf(f: () => tf.Scalar, variables: tf.Variable[], seed: number): number {
  const { grads } = tf.variableGrads(f, variables);
  const start = variables.map((v) => v.clone());
  const at = (direction: tf.Tensor[], h: number): number => {
    variables.forEach((v, i) => v.assign(tf.add(start[i], tf.mul(direction[i], h))));
    const [value] = f().dataSync();
    variables.forEach((v, i) => v.assign(start[i].clone()));
    return value;
  };
  const difference = (direction: tf.Tensor[], h: number): number => (at(direction, h) - at(direction, -h)) / (2 * h);
  const along = (k: number): number => {
    for (let redraw = 0; ; redraw++) {
      const direction = variables.map((v, i) => normal(v.shape, `direction ${i} ${redraw}`, seed * DIRECTIONS + k));
      const parts = variables.map((v, i) =>
        grads[v.name] ? tf.sum(tf.mul(grads[v.name], direction[i])).dataSync()[0] : 0,
      );
      const exact = parts.reduce((a, b) => a + b);
      // The error is relative to the largest part, since parts may cancel.
      const size = Math.max(...parts.map(Math.abs), 1e-3);
      const error = Math.abs(exact - difference(direction, STEP)) / size;
      if (error < KINK_ERROR || redraw === REDRAWS) return error;
      const [wide, narrow] = [2 * STEP, STEP / 2].map((h) => difference(direction, h));
      if (Math.abs(wide - narrow) / size < KINK_ERROR) return error;
    }
  };
  return Math.max(...Array.from({ length: DIRECTIONS }, (_, k) => along(k)));
}

/** Each call of `f` gets the same random numbers, so that it can be differentiated numerically. */
function repeatably<T>(f: () => T): T {
  let n = 0;
  const source = ({ distribution, shape }: Parameters<Parameters<typeof withNoiseSource>[0]>[0]): tf.Tensor => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    fillNoise(values, distribution, 'check', n++, { seed: 7, step: 0 });
    return tf.tensor(values, [...shape]);
  };
  return withNoiseSource(source, f);
}

function valueOf(w: tf.Tensor, name: string, i: number, seed: number): tf.Tensor {
  const fan = w.shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const value = tf.mul(normal(w.shape, `weight ${i}`, seed), w.rank > 1 ? 1.2 / Math.sqrt(fan) : 0.5);
  return /variance/.test(name) ? tf.add(tf.square(value), 0.5) : value;
}

/** Normal numbers for a key, in the current precision of the backend. */
export function normal(shape: number[], stream: string, step: number): tf.Tensor {
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(out, { seed: 11, stream, step });
  return tf.tensor(out, shape);
}

/** Integers in [0, below), as float32, as tfjs-layers expects them. */
export function integers(shape: number[], below: number): tf.Tensor {
  const out = new Uint32Array(shape.reduce((a, b) => a * b, 1));
  fillIntegers(out, below, { seed: 11, stream: 'integers', step: 0 });
  return tf.tensor([...out], shape, 'float32');
}

/**
 * The same for a function of tensors: the gradients of L = Σ c tanh f(x) + Σ sin x, and of ‖∂L/∂x‖². The second sum
 * adds a nonzero derivative for constant functions. With `order` 1, the second error is NaN.
 */
export const checkFunction = (
  f: (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  shapes: readonly number[][],
  order: 1 | 2 = 2,
): Errors =>
  inFloat64(() => {
    const x = shapes.map((shape, i) => tf.variable(normal(shape, `input ${i}`, 0)));
    const weighed = (y: tf.Tensor, i: number): tf.Scalar =>
      tf.sum(tf.mul(normal(y.shape, `cotangent ${i}`, 0), tf.tanh(y)));
    const score = (...x: tf.Tensor[]): tf.Scalar =>
      tf.addN<tf.Scalar>([...[f(...x)].flat().map(weighed), ...x.map((x) => tf.sum<tf.Scalar>(tf.sin(x)))]);
    const penalty = (): tf.Scalar => {
      const squares = tf
        .grads(score)(x)
        .map((g) => tf.sum<tf.Scalar>(tf.square(g)));
      return tf.addN<tf.Scalar>(squares);
    };
    const first = errorOf(() => score(...x), x, 1);
    const errors = { first, second: order === 2 ? errorOf(penalty, x, 1) : NaN };
    tf.dispose(x);
    return errors;
  });
