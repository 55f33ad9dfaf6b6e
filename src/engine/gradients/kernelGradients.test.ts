// First and second derivatives of every kernel with a gradient, compared with central differences in float64.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradients, rules } from './index';
import '../tfjs';
import { kernelRows } from '../../../test/support/kernelCases';
import { checkFunction } from '../../../test/support/secondOrder';

beforeAll(registerGradients);

const BOUND = 1e-5;

describe('the gradient matches finite differences for', () => {
  it.each(Object.entries(kernelRows).flatMap(([name, row]) => ('reason' in row ? [] : [[name, row] as const])))(
    '%s',
    (_, cases) => {
      for (const { f, shapes, rejected } of cases) {
        if (rejected) {
          expect(checkFunction(f, shapes, 1).first).toBeLessThan(BOUND);
          expect(() => checkFunction(f, shapes)).toThrow(
            'is not differentiable, but a gradient penalty needs its derivative',
          );
          continue;
        }
        const { first, second } = checkFunction(f, shapes);
        expect(first).toBeLessThan(BOUND);
        expect(second).toBeLessThan(BOUND);
      }
    },
  );
});

it('a test case exists for every kernel with a gradient', () => {
  const kernels = [...tf.getKernelsForBackend('cpu').map((k) => k.kernelName), ...Object.keys(rules)];
  const graded = new Set(kernels.filter((name) => tf.getGradient(name)));
  expect([...graded].filter((name) => !(name in kernelRows))).toEqual([]);
});
