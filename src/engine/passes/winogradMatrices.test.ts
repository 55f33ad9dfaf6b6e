// Winograd's minimal filtering: exact in exact arithmetic, and the rounding error in float32.
import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../math/random';
import { transposed, winograd, type Matrix } from './winogradMatrices';

const sizes: readonly (readonly [m: number, r: number, error: number])[] = [
  [2, 2, 4.7e-7],
  [2, 3, 3.8e-7],
  [4, 2, 9e-7],
  [4, 3, 1.2e-6],
];

const times =
  (round: (x: number) => number) =>
  (a: Matrix, b: Matrix): number[][] =>
    a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => round(sum + round(round(x) * b[k][j])), 0)));
const exact = times((x) => x);
const float32 = times(Math.fround);

const normals = new Float32Array(1 << 20);
fillNormal(normals, { seed: 3, stream: 'winograd', step: 0 });
const random = (at: number, n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => normals[at + i * n + j]));

describe.each(sizes)('F(%d, %d)', (m, r, bound) => {
  const { BT, G, AT } = winograd(m, r);

  it('computes m outputs of a filter with r taps', () => {
    for (let input = 0; input < m + r - 1; input++)
      for (let tap = 0; tap < r; tap++) {
        const d = BT.map((row) => row[input]);
        const g = G.map((row) => row[tap]);
        const y = AT.map((row) => row.reduce((sum, x, k) => sum + x * d[k] * g[k], 0));
        y.forEach((value, i) => expect(value).toBeCloseTo(Number(i + tap === input), 12));
      }
  });

  it('has entries that float32 holds exactly in the maps of the image', () => {
    for (const x of [...BT, ...AT].flat()) expect(Math.fround(x)).toBe(x);
  });

  it('has the documented rounding error along both axes, for sums over 128 channels', () => {
    const a = m + r - 1;
    let [error, norm] = [0, 0];
    for (let trial = 0; trial < 20; trial++) {
      const along = (times: typeof exact, map: Matrix, x: Matrix) => times(times(map, x), transposed(map));
      const sums = (times: typeof exact, round: (x: number) => number): number[][] => {
        let sum: number[][] = Array.from({ length: a }, () => new Array<number>(a).fill(0));
        for (let channel = 0; channel < 128; channel++) {
          const at = (trial * 128 + channel) * (a * a + r * r);
          const [d, g] = [along(times, BT, random(at, a)), along(times, G, random(at + a * a, r))];
          sum = sum.map((row, i) => row.map((x, j) => round(x + round(d[i][j] * g[i][j]))));
        }
        return along(times, AT, sum);
      };
      const expected = sums(exact, (x) => x).flat();
      sums(float32, Math.fround)
        .flat()
        .forEach((y, i) => {
          error += (y - expected[i]) ** 2;
          norm += expected[i] ** 2;
        });
    }
    expect(Math.sqrt(error / norm)).toBeLessThan(bound);
  });
});
