// The shapes of the histograms.
import { describe, expect, it } from 'vitest';
import type { StepSummary } from '../../src/protocol/histograms';
import { histogramPath, gradientNormOf, normBarShare, relativePosition } from './histograms';

describe('histogram bars', () => {
  const heights = (counts: number[]) =>
    [...histogramPath({ counts }, 100, 20).matchAll(/M([\d.]+) 20V([\d.]+)h([\d.]+)V20Z/g)].map(([, x, top]) => [
      Number(x),
      20 - Number(top),
    ]);

  it('have heights proportional to log(1 + count)', () => {
    const [first, second, last] = heights([1, 0, 3, 15]);
    expect(first).toEqual([0, 5]); // log 2 / log 16
    expect(second).toEqual([50, 10]);
    expect(last).toEqual([75, 20]);
    expect(histogramPath({ counts: [0, 0] }, 100, 20)).toBe('');
    expect(histogramPath({ counts: [] }, 100, 20)).toBe('');
    expect(heights([7])).toEqual([[0, 20]]);
  });
});

it('the relative position of zero is null outside of min and max', () => {
  expect(relativePosition({ min: -1, max: 3 }, 0)).toBe(0.25);
  for (const values of [
    { min: 1, max: 3 },
    { min: -3, max: -1 },
    { min: 0, max: 0 },
  ])
    expect(relativePosition(values, 0)).toBeNull();
});

describe('gradient norms', () => {
  const values = (norm: number) => ({ min: 0, max: 1, mean: 0, norm, counts: [1], bad: 0 });
  const step: StepSummary = {
    step: 1,
    layers: [
      { network: 'critic', name: 'a', weights: values(9), gradients: values(3) },
      { network: 'critic', name: 'b', weights: values(9), gradients: values(4) },
      { network: 'generator', name: 'a', weights: values(9), gradients: null },
    ],
  };

  it('of a network combine those of its layers', () => {
    expect(gradientNormOf(step, 'critic')).toBe(5);
    expect(gradientNormOf(step, 'generator')).toBeNull();
  });

  it('fill the bar on a logarithmic scale', () => {
    expect([0, 1e-12, 1e-8, 1e-3, 1, 100, 1e9, NaN].map((norm) => Number(normBarShare(norm).toFixed(6)))).toEqual([
      0, 0, 0, 0.5, 0.8, 1, 1, 0,
    ]);
  });
});
