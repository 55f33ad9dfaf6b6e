// Gradients of a gradient penalty through every layer, alone and in random stacks, compared with central differences in
// float64.
import { layers } from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from './index';
import { withLayer } from '../graph/node';
import { patchLayers } from '../layerPatches';
import { inFloat64 } from '../../../test/support/float64';
import { differentiable, layerRows, subjects, type LayerCase } from '../../../test/support/layerCases';
import { checkCritic } from '../../../test/support/secondOrder';

beforeAll(() => {
  registerGradients();
  patchLayers();
});

const BOUND = 1e-5;
const SEED = 4;

describe('second derivatives of a single layer', () => {
  it.each(subjects)('$name', ({ cases, training }) => {
    for (const c of cases) {
      const { first, second } = checkCritic([c], training);
      expect(first, c.text).toBeLessThan(BOUND);
      expect(second, c.text).toBeLessThan(BOUND);
    }
  });
});

describe('second derivatives of stacked layers', () => {
  // Layers that can be stacked: each accepts the output shape of the previous one.
  const fitting = (drawn: readonly LayerCase[]): LayerCase[] => {
    let shape = drawn[0].shape;
    return drawn.filter((c) => {
      if (c.shape.length !== shape.length || c.text.startsWith('{"targetShape')) return false;
      const given: number[][] = c.merges
        ? [
            [3, ...shape],
            [3, ...shape],
          ]
        : [[3, ...shape]];
      const out = c.make().computeOutputShape(given.length === 1 ? given[0] : given) as number[];
      if (out.some((d) => !(d > 0)) || out.length < 2) return false;
      shape = out.slice(1);
      return true;
    });
  };
  const ofRank = (rank: number): fc.Arbitrary<LayerCase> =>
    fc.oneof(...differentiable.map(({ row }) => row)).filter((c) => c.shape.length === rank);

  it.each([
    ['of images', 3],
    ['of sequences', 2],
    ['of vectors', 1],
  ])('%s', (_, rank) => {
    const stacks = fc
      .array(ofRank(rank), { minLength: 3, maxLength: 5 })
      .map(fitting)
      .filter((s) => s.length > 1);
    const holds = (stack: LayerCase[]): void => {
      const { first, second } = checkCritic(stack);
      expect(Math.max(first, second)).toBeLessThan(10 * BOUND);
    };
    fc.assert(fc.property(stacks, holds), { seed: SEED, numRuns: 8, endOnFailure: true });
  });
});

describe('unsupported second derivatives', () => {
  const gradientOf =
    (f: (x: tf.Tensor) => tf.Tensor, order: 1 | 2): (() => number) =>
    () =>
      inFloat64(() => {
        const x = tf.tensor1d([0.3, -0.4]);
        const first = tf.grad((x) => tf.sum(f(x)));
        const gradient = order === 1 ? first : tf.grad((x) => tf.sum(tf.square(first(x))));
        return gradient(x).dataSync()[0];
      });
  /** tanh, with a gradient that uses a saved intermediate value. */
  const withIntermediate = (): ((x: tf.Tensor) => tf.Tensor) =>
    tf.customGrad(((x: tf.Tensor, save: (saved: tf.Tensor[]) => void) => {
      tf.tidy(() => save([tf.exp(tf.mul(2, x))]));
      const gradFunc = (dy: tf.Tensor, [e]: tf.Tensor[]): tf.Tensor =>
        tf.div(tf.mul(tf.mul(4, dy), e), tf.square(tf.add(e, 1)));
      return { value: tf.tanh(x), gradFunc };
    }) as Parameters<typeof tf.customGrad>[0]);

  it('rejects a custom gradient with a saved intermediate value, at second order only', () => {
    expect(gradientOf(withIntermediate(), 1)()).toBeCloseTo(1 - Math.tanh(0.3) ** 2, 9);
    expect(gradientOf((x) => withLayer('mine', () => withIntermediate()(x)), 2)).toThrow(
      'A custom gradient of layer "mine" uses a saved intermediate value',
    );
  });

  it('rejects a kernel without a gradient, with the name of the layer', () => {
    const sums = (x: tf.Tensor): tf.Tensor => withLayer('sums', () => tf.cumprod(x));
    expect(gradientOf(sums, 1)).toThrow(
      'Cumprod of layer "sums" is not differentiable, so layers before it cannot be trained',
    );
    const widest = (x: tf.Tensor): tf.Tensor =>
      withLayer('widest', () =>
        tf.dilation2d(tf.reshape(x, [1, 1, 2, 1]) as tf.Tensor4D, tf.ones<tf.Rank.R3>([1, 1, 1]), 1, 'same'),
      );
    expect(gradientOf(widest, 1)()).toBe(1);
    expect(gradientOf(widest, 2)).toThrow(
      'The gradient of layer "widest" is not differentiable, but a gradient penalty needs its derivative',
    );
  });

  it('supports a custom gradient that saves its result, which TensorFlow.js gets wrong', () => {
    const saving = tf.customGrad(((x: tf.Tensor, save: (saved: tf.Tensor[]) => void) => {
      const y = tf.tanh(x);
      save([y]);
      return { value: y, gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.mul(dy, tf.sub(1, tf.square(y))) };
    }) as Parameters<typeof tf.customGrad>[0]);
    const t = Math.tanh(0.3);
    // d/dx (1 - tanh² x)² = -4 tanh x (1 - tanh² x)²
    expect(gradientOf(saving, 2)()).toBeCloseTo(-4 * t * (1 - t * t) ** 2, 9);
  });
});

it('a test case exists for every layer of tfjs-layers', () => {
  expect(Object.keys(layerRows).sort()).toEqual(Object.keys(layers).sort());
});
