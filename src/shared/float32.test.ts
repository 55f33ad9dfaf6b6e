import { expect, it } from 'vitest';
import { shortFloat32 } from './float32';

it.each([
  [0.4057, 0.4057],
  [1 / 3, 0.33333334],
  [100, 100],
  [16777216, 16777216],
  [-1.5e-8, -1.5e-8],
  [0, 0],
  [3.4028234663852886e38, 3.4028235e38],
])('%d as a float32 is written as %d', (value, short) => expect(shortFloat32(Math.fround(value))).toBe(short));

it('rounds what is no float32', () => expect(shortFloat32(0.123456789012)).toBe(0.12345679));
