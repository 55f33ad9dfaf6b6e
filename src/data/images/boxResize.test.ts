// The box filter against a sum over fine subpixels.
import { describe, expect, test } from 'vitest';
import { fillIntegers } from '../../math/random';
import { boxResize, type Rectangle } from './boxResize';

const noise = (length: number) => {
  const out = new Uint32Array(length);
  fillIntegers(out, 256, { seed: 1, stream: 'noise', step: length });
  return Uint8Array.from(out);
};

/** The mean of the area that a target pixel covers, by a grid of samples that is exact if edges fall on it. */
function sampled(bytes: Uint8Array, width: number, channels: number, from: Rectangle, to: Rectangle, fine: number) {
  return (x: number, y: number, c: number) => {
    let [sum, opacity] = [0, 0];
    for (let j = 0; j < fine; j++) {
      for (let i = 0; i < fine; i++) {
        const u = Math.floor(from.left + ((x + (i + 0.5) / fine) * from.width) / to.width);
        const v = Math.floor(from.top + ((y + (j + 0.5) / fine) * from.height) / to.height);
        const at = (v * width + u) * channels;
        const weight = channels === 4 && c < 3 ? bytes[at + 3] : 1;
        sum += weight * bytes[at + c];
        opacity += weight;
      }
    }
    return opacity === 0 ? 0 : sum / opacity;
  };
}

describe('boxResize', () => {
  test.each([
    ['an integer factor', 8, 8, 1, { left: 0, top: 0, width: 8, height: 8 }, 4],
    ['a fractional factor', 10, 6, 3, { left: 2, top: 0, width: 6, height: 6 }, 4],
    ['half pixels', 7, 4, 3, { left: 1.5, top: 0, width: 4, height: 4 }, 2],
    ['enlarging', 3, 3, 1, { left: 0, top: 0, width: 3, height: 3 }, 5],
    ['opacity', 8, 6, 4, { left: 1, top: 0, width: 6, height: 6 }, 4],
  ])('averages the covered area: %s', (_, width, height, channels, from, size) => {
    const bytes = noise(width * height * channels);
    const to = { left: 0, top: 0, width: size, height: size };
    const out = boxResize({ bytes, width, height, channels }, from, to, to);
    const exact = sampled(bytes, width, channels, from, to, 60);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let c = 0; c < channels; c++) {
          expect(Math.abs(out[(y * size + x) * channels + c] - exact(x, y, c))).toBeLessThanOrEqual(0.5 + 1e-4);
        }
      }
    }
  });

  test('fills only the requested part of the target, and ignores transparent pixels', () => {
    const bytes = new Uint8Array(4 * 4 * 4).fill(255);
    for (let i = 0; i < 8; i++) bytes.set([9, 9, 9, 0], 4 * i); // the upper half is transparent
    const whole = { left: 0, top: 0, width: 4, height: 4 };
    const out = boxResize(
      { bytes, width: 4, height: 4, channels: 4 },
      whole,
      { left: 1, top: 1, width: 1, height: 1 },
      { height: 3, width: 3 },
    );
    expect([...out.subarray(16, 20)]).toEqual([255, 255, 255, 128]);
    expect(out.filter((value) => value !== 0)).toHaveLength(4);
  });
});
