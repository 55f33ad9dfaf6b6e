import { describe, expect, it } from 'vitest';
import { histogramDivergence, trainClassifier } from './classifier';
import { fillNormal } from './random';

const key = { seed: 1, stream: 'test', step: 0 };

/** Three classes on two rings, which no linear classifier separates: the inner ring, and halves of the outer one. */
function rings(n: number, step: number) {
  const noise = new Float32Array(2 * n);
  fillNormal(noise, { ...key, step }, 0, 0.1);
  const classes = Uint8Array.from({ length: n }, (_, i) => i % 3);
  const values = noise.map((value, k) => {
    const i = k >> 1;
    const [radius, angle] = [
      classes[i] === 0 ? 0.5 : 2,
      classes[i] === 0 ? i : (classes[i] - 1 + (i % 97) / 97) * Math.PI,
    ];
    return value + radius * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  return { values, classes };
}

describe('trainClassifier', () => {
  it('separates classes that are not linearly separable, the same each time', () => {
    const [training, held] = [rings(3000, 1), rings(900, 2)];
    const found = trainClassifier(training, 2, 3, key).classify(held.values);
    const accuracy = found.filter((each, i) => each === held.classes[i]).length / 900;
    expect(accuracy).toBeGreaterThan(0.93);
    expect(trainClassifier(training, 2, 3, key).classify(held.values)).toEqual(found);
  });
  it('is at chance on classes that do not depend on the values', () => {
    const { values } = rings(3000, 1);
    const classes = Uint8Array.from({ length: 3000 }, (_, i) => Math.floor(i / 3) % 2);
    const found = trainClassifier({ values, classes }, 2, 2, key).classify(rings(900, 2).values);
    const accuracy = found.filter((each, i) => each === Math.floor(i / 3) % 2).length / 900;
    expect(accuracy).toBeLessThan(0.6);
  });
});

describe('histogramDivergence', () => {
  it('is KL(p ‖ q) of the shares', () => {
    expect(histogramDivergence([10, 0, 30], [1, 2, 1])).toBeCloseTo(0.25 * Math.log(1) + 0.75 * Math.log(3), 12);
    expect(histogramDivergence([2, 4], [20, 40])).toBeCloseTo(0, 12);
    expect(histogramDivergence([1, 1], [1, 0])).toBe(Infinity);
  });
});
