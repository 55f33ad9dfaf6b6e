// Operations without a gradient are found wherever they are, and nothing else is.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../catalog';
import { openOnnxEngine } from '../engine/onnx/engine';
import { networkOf } from '../gan/network';
import { lintGradientFlow } from './gradientFlow';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

type Layer = LayersModel['layers'][number];
type Operation = (x: Tensor) => Tensor;

/** A layer of a user's class that computes `f`. */
function own(f: Operation, name = 'mine'): Layer {
  class Own extends layers.Layer {
    static readonly className = 'Own';
    override call(x: Tensor | Tensor[]) {
      return tf.tidy(() => f([x].flat()[0]));
    }
  }
  return new Own({ name });
}

const first = () => layers.dense({ units: 8, inputShape: [3], activation: 'relu', name: 'first' });
const last = () => layers.dense({ units: 2, name: 'last' });
const lint = (role: Role, ...chain: Layer[]) => lintGradientFlow(role, networkOf(sequential({ layers: chain })));
/** Computes `f` with another gradient. */
const withGradient = (f: Operation, gradFunc: Operation): Operation => {
  const custom = tf.customGrad((...given) => ({ value: f(given[0] as Tensor), gradFunc }));
  return (x) => custom(x);
};
const blocked = withGradient(tf.clone, tf.zerosLike);
const straightThrough = withGradient(tf.round, tf.clone);

const cuts: readonly (readonly [name: string, Operation, blamed: string])[] = [
  ['round', tf.round, 'round in layer "mine"'],
  ['floor', tf.floor, 'floor in layer "mine"'],
  ['ceil', tf.ceil, 'ceil in layer "mine"'],
  ['sign', tf.sign, 'sign in layer "mine"'],
  ['step', (x) => tf.step(x), 'step in layer "mine"'],
  ['a comparison', (x) => tf.cast(tf.greater(x, 0.1), 'float32'), 'greater in layer "mine"'],
  ['argMax', (x) => tf.cast(tf.oneHot(tf.argMax(x, -1), x.shape[1]!), 'float32'), 'argMax in layer "mine"'],
  ['onesLike', (x) => tf.onesLike(x), 'onesLike in layer "mine"'],
];

describe('an operation whose gradient is zero', () => {
  it.each(cuts)('%s at the end: nothing is trained', (_, f, blamed) => {
    for (const role of ['critic', 'generator'] as const) {
      const [{ code, severity, message }, ...others] = lint(role, first(), last(), own(f));
      expect([code, severity, others]).toEqual(['no-gradient', 'error', []]);
      expect(message).toContain(`No gradient reaches the weights of the ${role}, so it would never change.`);
      expect(message).toContain(blamed);
    }
  });

  it.each(cuts)('%s at the start of a critic: the generator would not be trained', (_, f, blamed) => {
    const found = lint('critic', layers.activation({ activation: 'linear', inputShape: [3] }), own(f), last());
    expect(found.map(({ severity }) => severity)).toEqual(['error']);
    expect(found[0].message).toContain('No gradient reaches the samples through the critic');
    expect(found[0].message).toContain(blamed);
  });

  it('in the middle of a generator: the weights before it are named', () => {
    const [{ severity, message }] = lint('generator', first(), own(tf.round), last());
    expect(severity).toBe('warning');
    expect(message).toMatch(/No gradient reaches first\/kernel, first\/bias of the generator, so these weights are/);
    expect(message).toContain('The gradient of round in layer "mine" is zero everywhere.');
  });

  it('of a custom gradient or a saturated clip: the kinds of cause are named', () => {
    for (const f of [blocked, (x: Tensor) => tf.clipByValue(x, 50, 60), (x: Tensor) => tf.mul(x, 0)]) {
      const [{ severity, message }] = lint('critic', first(), last(), own(f));
      expect(severity).toBe('error');
      expect(message).toContain('must not be saturated (clipped, or multiplied by zero)');
    }
  });
});

it('a generator that ignores its input is an error, one that rounds it is fine', () => {
  const constant = lint(
    'generator',
    layers.activation({ activation: 'linear', inputShape: [3] }),
    own(tf.zerosLike),
    last(),
  );
  expect(constant.map(({ code, severity }) => [code, severity])).toEqual([['constant-generator', 'error']]);
  const binary = lint('generator', layers.activation({ activation: 'linear', inputShape: [3] }), own(tf.sign), last());
  expect(binary).toEqual([]);
});

it.each<[string, () => Layer[]]>([
  ['weights that are zero at first', () => [first(), layers.dense({ units: 2, kernelInitializer: 'zeros' })]],
  ['batch normalization', () => [first(), layers.batchNormalization(), last()]],
  [
    'layer normalization and dropout',
    () => [first(), layers.layerNormalization(), layers.dropout({ rate: 0.5 }), last()],
  ],
  ['a straight-through estimator', () => [first(), own(straightThrough), last()]],
  ['a leaky ReLU by a comparison', () => [first(), own((x) => tf.where(tf.greater(x, 0), x, tf.mul(0.2, x))), last()]],
  ['a softmax', () => [first(), last(), layers.softmax()]],
])('is not found in %s', (_, chain) => {
  expect(lint('critic', ...chain())).toEqual([]);
  expect(lint('generator', ...chain())).toEqual([]);
});

it('leaves the weights and moving averages as they were', () => {
  const model = sequential({ layers: [first(), layers.batchNormalization(), last()] });
  const before = model.getWeights().map((w) => [...w.dataSync()]);
  lintGradientFlow('critic', networkOf(model));
  expect(model.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
});
