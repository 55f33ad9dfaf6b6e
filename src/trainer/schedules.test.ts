// Schedules over a run: learning rates, instance noise and the number of critic updates.
import { describe, expect, test } from 'vitest';
import type { OptimizerConfig } from '../catalog';
import { parseExperiment, type Experiment } from '../experiment';
import { criticUpdatesAt, criticUpdatesVary, instanceNoiseAt, learningRateAt } from './schedules';

const sgd = (schedule: OptimizerConfig['schedule']): OptimizerConfig => ({
  kind: 'sgd',
  learningRate: 0.2,
  momentum: 0,
  schedule,
});
const experiment = (settings: object): Experiment =>
  parseExperiment(JSON.stringify({ data: { source: 'gaussians-ring' }, steps: 100, ...settings }), 'a').experiment!;

describe('learning rates', () => {
  test('start at α, and reach 0 one step after the last', () => {
    for (const schedule of ['constant', 'linear', 'cosine'] as const)
      expect(learningRateAt(sgd(schedule), 1, 100)).toBe(0.2);
    expect(learningRateAt(sgd('constant'), 100, 100)).toBe(0.2);
    expect(learningRateAt(sgd('linear'), 101, 100)).toBe(0);
    expect(learningRateAt(sgd('cosine'), 101, 100)).toBe(0);
    expect(learningRateAt(sgd('linear'), 100, 100)).toBeCloseTo(0.002, 12);
    expect(learningRateAt(sgd('linear'), 51, 100)).toBeCloseTo(0.1, 12);
    expect(learningRateAt(sgd('cosine'), 26, 100)).toBeCloseTo(0.1 * (1 + Math.SQRT1_2), 12);
  });

  test('are 0 beyond the end', () => {
    expect(learningRateAt(sgd('cosine'), 500, 100)).toBe(0);
  });
});

test('instance noise decays over the run or its own number of steps, to zero or a thousandth', () => {
  const noise = (given: object): Experiment =>
    experiment({ stabilization: { instanceNoise: { sigma: 0.5, ...given } } });
  expect(instanceNoiseAt(noise({}), 1)).toBe(0.5);
  expect(instanceNoiseAt(noise({}), 51)).toBeCloseTo(0.25, 12);
  expect(instanceNoiseAt(noise({ steps: 10 }), 11)).toBe(0);
  expect(instanceNoiseAt(noise({ schedule: 'exponential', steps: 10 }), 99)).toBeCloseTo(0.0005, 12);
  expect(instanceNoiseAt(noise({ schedule: 'cosine' }), 51)).toBeCloseTo(0.25, 12);
  expect(instanceNoiseAt(experiment({}), 1)).toBe(0);
});

describe('the number of critic updates', () => {
  test('is constant if it is a number', () => {
    expect(criticUpdatesAt(7, 1)).toEqual({ max: 7 });
    expect(criticUpdatesVary(experiment({ criticSteps: 7 }))).toBe(false);
  });

  test('follows the authors: 100 in the first 25 steps and every 500 steps, otherwise 5', () => {
    const many = Array.from({ length: 1600 }, (_, i) => i + 1).filter(
      (step) => criticUpdatesAt('authors', step).max === 100,
    );
    expect(many).toEqual([...Array.from({ length: 25 }, (_, i) => i + 1), 501, 1001, 1501]);
    expect(criticUpdatesAt('authors', 26).max).toBe(5);
    expect(criticUpdatesVary(experiment({ criticSteps: 'authors' }))).toBe(true);
  });

  describe('until the critic is optimal', () => {
    const rule = criticUpdatesAt({ untilOptimal: { tolerance: 0.01, window: 3, max: 50 } }, 1);
    const enough = (f: (i: number) => number): number => {
      const estimates: number[] = [];
      for (let i = 0; i < rule.max; i++) {
        estimates.push(f(i));
        if (rule.isEnough!(estimates)) break;
      }
      return estimates.length;
    };

    test('is two windows for a critic that does not improve', () => {
      expect(enough(() => 1)).toBe(6);
      expect(enough(() => 0)).toBe(6);
    });

    test('is the maximum for a critic that keeps improving', () => {
      expect(enough((i) => 1.1 ** i)).toBe(50);
    });

    test('ends when the means of two windows differ by less than the tolerance', () => {
      // 1 - 2^-i: the means of three differ by (7/3)(1 - 1/8) 2^-(n-3) relative to about 1.
      const expected = Array.from({ length: 50 }, (_, n) => n).find((n) => n >= 6 && gap(n) <= 0.01)!;
      expect(enough((i) => 1 - 2 ** -i)).toBe(expected);
    });

    test('does not end at a change of sign', () => {
      expect(enough((i) => (i < 20 ? (-1) ** Math.floor(i / 3) : -1))).toBeGreaterThan(20);
    });

    test('ends at values that are not finite, so that the training loop detects them', () => {
      expect(enough((i) => (i < 4 ? i : NaN))).toBe(6);
    });
  });
});

/** |m₂ - m₁|/|m₂| for the windows of three that end at n of the sequence 1 - 2^-i. */
function gap(n: number): number {
  const mean = (from: number) => [0, 1, 2].reduce((sum, k) => sum + 1 - 2 ** -(from + k), 0) / 3;
  return Math.abs(mean(n - 3) - mean(n - 6)) / mean(n - 3);
}
