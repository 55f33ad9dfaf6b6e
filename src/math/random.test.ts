// Random numbers: Random123's known answers, exact ranges, and statistics of values, streams, seeds and steps.
import { describe, expect, test } from 'vitest';
import { fillIntegers, fillNormal, fillUniform, generator, permutation, substream, threefry, type Key } from './random';

const key = (step = 0, stream = 'test', seed = 1): Key => ({ seed, stream, step });
const uniforms = (n: number, k: Key) => {
  const out = new Float32Array(n);
  fillUniform(out, k);
  return out;
};
const normals = (n: number, k: Key) => {
  const out = new Float32Array(n);
  fillNormal(out, k);
  return out;
};
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
const moment = (x: ArrayLike<number>, p: number) => mean(Array.from(x, (value) => value ** p));
const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};
/** Pearson's chi-squared of counts against equal probabilities, in standard deviations from its mean. */
const chiSquared = (counts: readonly number[]) => {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  const value = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (value - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
};

describe('Threefry-2x32-20', () => {
  test.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
  ])('equals Random123: counter %x %x, key %x %x', (c0, c1, k0, k1, x0, x1) => {
    const out = new Uint32Array(2);
    threefry([k0, k1, k0 ^ k1 ^ 0x1bd11bda], c0, c1, out);
    expect([...out]).toEqual([x0, x1]);
  });

  test('flips half of the output bits on average if one bit of key or counter flips', () => {
    const [a, b] = [new Uint32Array(2), new Uint32Array(2)];
    const ones = (w: number) => w.toString(2).replaceAll('0', '').length;
    for (let bit = 0; bit < 128; bit++) {
      let flipped = 0;
      for (let i = 0; i < 64; i++) {
        const words = [i * 7, i * 13, i, 5];
        threefry([words[2], words[3], words[2] ^ words[3] ^ 0x1bd11bda], words[0], words[1], a);
        words[bit >> 5] ^= 1 << (bit & 31);
        threefry([words[2], words[3], words[2] ^ words[3] ^ 0x1bd11bda], words[0], words[1], b);
        flipped += ones((a[0] ^ b[0]) >>> 0) + ones((a[1] ^ b[1]) >>> 0);
      }
      // Five standard deviations of 4096 coin flips.
      expect(Math.abs(flipped / (64 * 64) - 0.5)).toBeLessThan(5 * (0.5 / 64));
    }
  });
});

describe('keys', () => {
  test('always give the same numbers', () => {
    // Pinned: checkpoints and recorded runs depend on them.
    expect([...uniforms(3, key(7, 'latent', 1))]).toEqual([
      0.47324246168136597, 0.9750126004219055, 0.6111552715301514,
    ]);
    expect(uniforms(5, key(3))).toEqual(uniforms(5, key(3)));
    expect([...uniforms(5, key(3))]).toEqual([...uniforms(8, key(3)).slice(0, 5)]);
  });

  test('give uncorrelated numbers for different seeds, streams and steps', () => {
    const keys = [
      key(),
      key(1),
      key(2 ** 32 - 1),
      key(0, 'tesu'),
      key(0, 'tes'),
      key(0, ''),
      key(0, 'testt'),
      substream(key(), 'part'),
      substream(substream(key(), 'part'), 'part'),
      key(0, 'test', 2),
      key(0, 'test', -1),
      key(0, 'test', 2 ** 32 + 1),
      key(0, 'test', -(2 ** 32) + 1),
      key(0, 'test', Number.MAX_SAFE_INTEGER),
      key(0, 'test', Number.MIN_SAFE_INTEGER),
    ];
    const n = 10_000;
    const all = keys.map((k) => uniforms(n, k));
    for (let i = 0; i < all.length; i++) {
      for (let j = 0; j < i; j++) expect(Math.abs(correlation(all[i], all[j]))).toBeLessThan(5 / Math.sqrt(n));
    }
  });

  test('give uniform, uncorrelated numbers at the same position over steps, seeds and streams', () => {
    const n = 4096;
    const families: ((i: number) => Key)[] = [
      (i) => key(i),
      (i) => key(0, 'test', i),
      (i) => key(0, `stream ${i}`),
      (i) => key(0, 'test', i * 2 ** 32),
    ];
    for (const family of families) {
      const first = Float32Array.from({ length: n }, (_, i) => uniforms(1, family(i))[0]);
      const counts = new Array<number>(64).fill(0);
      for (const u of first) counts[Math.floor(u * 64)]++;
      expect(Math.abs(chiSquared(counts))).toBeLessThan(5);
      expect(Math.abs(correlation(first.subarray(1), first.subarray(0, n - 1)))).toBeLessThan(5 / Math.sqrt(n));
      expect(new Set(first).size).toBeGreaterThan(n - 8);
    }
  });

  test('are rejected if invalid', () => {
    const out = new Float32Array(1);
    expect(() => fillUniform(out, key(0, 'x', 1.5))).toThrow('seed');
    expect(() => fillUniform(out, key(0, 'x', 2 ** 53))).toThrow('seed');
    expect(() => fillUniform(out, key(-1))).toThrow('step');
    expect(() => fillUniform(out, key(2 ** 32))).toThrow('step');
    expect(() => fillUniform(out, key(NaN))).toThrow('step');
  });
});

describe('distributions', () => {
  const n = 1 << 18;

  test('fillUniform is in [0, 1) with 24 bits, the right moments and all bins', () => {
    const u = uniforms(n, key());
    const counts = new Array<number>(256).fill(0);
    let grid = 0;
    for (const value of u) {
      counts[Math.floor(value * 256)]++;
      grid += value * 2 ** 24 === Math.floor(value * 2 ** 24) ? 1 : 0;
    }
    expect(grid).toBe(n);
    expect(counts).toHaveLength(256);
    expect(Math.abs(chiSquared(counts))).toBeLessThan(4);
    for (const p of [1, 2, 3]) {
      const deviation = Math.sqrt(1 / (2 * p + 1) - 1 / (p + 1) ** 2);
      expect(Math.abs(moment(u, p) - 1 / (p + 1))).toBeLessThan((4 * deviation) / Math.sqrt(n));
    }
  });

  test('fillNormal has the right moments and tails, and uncorrelated neighbors', () => {
    const z = normals(n, key());
    const spread = [1, 2, 15, 96]; // the variance of z^p
    [0, 1, 0, 3].forEach((expected, i) =>
      expect(Math.abs(moment(z, i + 1) - expected)).toBeLessThan(4 * Math.sqrt(spread[i] / n)),
    );
    for (const [limit, share] of [
      [1, 0.3173105],
      [2, 0.0455003],
      [3, 0.0026998],
    ]) {
      const count = z.filter((value) => Math.abs(value) > limit).length;
      expect(Math.abs(count / n - share)).toBeLessThan(4 * Math.sqrt(share / n));
    }
    expect(Math.abs(correlation(z.subarray(1), z.subarray(0, n - 1)))).toBeLessThan(4 / Math.sqrt(n));
    const moved = new Float32Array(7);
    fillNormal(moved, key(), 10, 0.5);
    moved.forEach((value, i) => expect(value).toBeCloseTo(10 + 0.5 * z[i], 5));
  });

  test('fillNormal is finite at the extreme words', () => {
    const z = normals(4_000_001, key(3));
    expect(z.every(Number.isFinite)).toBe(true);
    expect(z.reduce((a, b) => Math.max(a, Math.abs(b)), 0)).toBeLessThan(6.8);
  });

  test('arrays of odd and zero length are filled', () => {
    for (const fill of [fillUniform, fillNormal]) {
      const whole = new Float32Array(8);
      fill(whole, key());
      const backing = new Float32Array(8).fill(9);
      fill(backing.subarray(0, 5), key());
      expect([...backing]).toEqual([...whole.slice(0, 5), 9, 9, 9]);
      fill(new Float32Array(0), key());
    }
  });

  test('fillIntegers is unbiased, also where a plain remainder is biased', () => {
    const out = new Uint32Array(60_000);
    fillIntegers(out, 7, key());
    const counts = new Array<number>(7).fill(0);
    for (const value of out) counts[value]++;
    expect(counts).toHaveLength(7);
    expect(Math.abs(chiSquared(counts))).toBeLessThan(4);
    // Of 3·2^30 values a plain remainder would give the lowest third a probability of one half.
    fillIntegers(out, 3 * 2 ** 30, key(1));
    const low = out.filter((value) => value < 2 ** 30).length / out.length;
    expect(Math.abs(low - 1 / 3)).toBeLessThan(0.01);
    fillIntegers(out, 1, key());
    expect(out.every((value) => value === 0)).toBe(true);
    fillIntegers(out, 2 ** 32, key());
    expect(Math.abs(mean(out) / 2 ** 32 - 0.5)).toBeLessThan(0.006);
    expect(() => fillIntegers(out, 0, key())).toThrow('below');
  });

  test('permutations of four are equally likely, and long ones are complete', () => {
    const counts = new Map<string, number>();
    for (let step = 0; step < 24_000; step++) {
      const order = permutation(4, key(step)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(chiSquared([...counts.values()]))).toBeLessThan(4);
    const long = permutation(10_007, key());
    expect([...long].sort((a, b) => a - b)).toEqual(Array.from({ length: 10_007 }, (_, i) => i));
    expect(permutation(0, key())).toHaveLength(0);
    expect([...permutation(1, key())]).toEqual([0]);
  });

  test('a sequential generator is reproducible, with 53 bits', () => {
    const next = generator(key());
    const values = Array.from({ length: 20_000 }, next);
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))).toBe(true);
    expect(values.some((value) => !Number.isInteger(value * 2 ** 48))).toBe(true);
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 20_000));
    const again = generator(key());
    expect(values.slice(0, 9)).toEqual(Array.from({ length: 9 }, again));
    // Two interleaved sequences do not affect each other.
    const [a, b] = [generator(key()), generator(key(1))];
    const mixed = Array.from({ length: 9 }, () => [a(), b()][0]);
    expect(mixed).toEqual(values.slice(0, 9));
  });
});
