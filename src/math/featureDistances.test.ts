// The distances between sets of feature vectors, against the Python packages of the field.
import { describe, expect, it } from 'vitest';
import fixture from '../../test/fixtures/reference/features.json';
import { bilinearResize } from './bilinearResize';
import { frechetDistance } from './frechetDistance';
import { kernelDistance } from './kernelDistance';
import { compareManifolds } from './manifolds';
import { fillNormal } from './random';
import { symmetricEigenvalues } from './symmetricEigenvalues';

const key = { seed: 1, stream: 'test', step: 0 };
const normal = (length: number, step: number, mean = 0, deviation = 1) => {
  const out = new Float32Array(length);
  fillNormal(out, { ...key, step }, mean, deviation);
  return out;
};
const flat = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat());

describe.each(Object.entries(fixture.cases))('with %s', (_, { dimensions: d, prdc, ...expected }) => {
  const [real, generated] = [flat(expected.real), flat(expected.generated)];

  it('the Fréchet distance equals that of pytorch-fid', () => {
    expect(frechetDistance(real, generated, d)).toBeCloseTo(expected.fid, 5);
    expect(frechetDistance(generated, real, d)).toBeCloseTo(expected.fid, 5);
  });
  it('the kernel distance equals that of torch-fidelity', () => {
    const size = Math.min(expected.real.length, expected.generated.length);
    const [x, y] = [real, generated].map((set) => set.subarray(0, size * d));
    const { mean, deviation } = kernelDistance(x, y, d, { subsets: 3, size, key });
    expect(mean).toBeCloseTo(expected.kid, 6);
    expect(deviation).toBeCloseTo(0, 12);
  });
  it.each(Object.entries(prdc))('the manifolds of %s neighbors equal those of prdc', (k, { ...manifolds }) => {
    const found = compareManifolds(real, generated, d, Number(k));
    for (const [name, value] of Object.entries(manifolds))
      expect(found[name as keyof typeof manifolds]).toBeCloseTo(value, 12);
  });
});

describe('frechetDistance', () => {
  it('is the squared shift for a shifted copy, also of vectors that span only a plane', () => {
    const x = normal(300 * 3, 1).map((value, i, all) => (i % 3 === 2 ? all[i - 1] : value));
    const y = x.map((value, i) => (i % 3 === 0 ? value + 2 : value));
    expect(frechetDistance(x, y, 3)).toBeCloseTo(4, 4);
    expect(frechetDistance(x, x, 3)).toBeCloseTo(0, 6);
  });
  it('is the sum of squared differences of the deviations for independent coordinates', () => {
    const [n, d] = [20_000, 4];
    const distance = frechetDistance(normal(n * d, 1), normal(n * d, 2, 0, 3), d);
    expect(distance).toBeCloseTo(4 * d, 0);
  });
  it('is NaN if a number is not finite', () => {
    expect(frechetDistance(Float32Array.of(1, NaN, 3), Float32Array.of(1, 2, 3), 1)).toBeNaN();
  });
});

describe('kernelDistance', () => {
  it('has a mean of 0 between sets of one distribution, in both signs, and a deviation over subsets', () => {
    const estimates = Array.from({ length: 40 }, (_, k) => {
      const [x, y] = [normal(100 * 2, 2 * k), normal(100 * 2, 2 * k + 1)];
      return kernelDistance(x, y, 2, { subsets: 4, size: 50, key });
    });
    const mean = estimates.reduce((sum, { mean }) => sum + mean, 0) / estimates.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(estimates.some(({ mean }) => mean < 0)).toBe(true);
    expect(estimates.every(({ deviation }) => deviation > 0)).toBe(true);
  });
});

describe('compareManifolds', () => {
  it('sees a collapsed generator as precise, and that it covers little', () => {
    const real = normal(400 * 2, 1);
    const collapsed = normal(400 * 2, 2, 0, 0.05);
    const { precision, recall, coverage } = compareManifolds(real, collapsed, 2, 3);
    expect(precision).toBeGreaterThan(0.95);
    expect(recall).toBeLessThan(0.1);
    expect(coverage).toBeLessThan(0.1);
  });
});

describe('symmetricEigenvalues', () => {
  it('are those of the second difference, 2 − 2 cos(kπ/(n + 1))', () => {
    const n = 40;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = -1;
    }
    const values = symmetricEigenvalues(a, n);
    values.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12));
  });
  it('have the trace and the squared norm of a full matrix, and may be repeated or zero', () => {
    const n = 60;
    const a = Float64Array.from(normal(n * n, 1));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
    const trace = Array.from({ length: n }, (_, i) => a[i * n + i]).reduce((sum, x) => sum + x);
    const squares = a.reduce((sum, x) => sum + x * x, 0);
    const values = symmetricEigenvalues(a, n);
    expect(values.reduce((sum, x) => sum + x)).toBeCloseTo(trace, 10);
    expect(values.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(squares, 8);
    expect([...symmetricEigenvalues(Float64Array.of(0, 0, 0, 0), 2)]).toEqual([0, 0]);
    expect([...symmetricEigenvalues(Float64Array.of(3, 0, 0, 3), 2)]).toEqual([3, 3]);
    expect([...symmetricEigenvalues(Float64Array.of(5), 1)]).toEqual([5]);
  });
});

it('bilinearResize equals interpolate of PyTorch', () => {
  const { image, resized } = fixture.resize;
  const out = bilinearResize(Float32Array.from(image), { height: 5, width: 7, channels: 3 }, { height: 9, width: 4 });
  expect(out.length).toBe(resized.length);
  out.forEach((value, i) => expect(value).toBeCloseTo(resized[i], 5));
});
