// The colors of curves are distinguishable with every kind of color vision, on every background. Computed from the
// definitions.
import { describe, expect, it } from 'vitest';
import { lineStyleOf, palettes } from './palette';

type Vector = readonly number[];

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgb = (hex: string): Vector => [1, 3, 5].map((i) => linear(parseInt(hex.slice(i, i + 2), 16) / 255));
const times = (matrix: readonly Vector[], v: Vector): Vector =>
  matrix.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0));

/** Ottosson 2020, A perceptual color space for image processing. */
function oklab(v: Vector): Vector {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    v,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms.map(Math.cbrt),
  );
}

/**
 * Machado, Oliveira, Fernandes 2009, A physiologically-based model for simulation of color vision deficiency, severity
 * 1.
 */
const colorVisions: Readonly<Record<string, readonly Vector[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const luminance = (hex: string) => rgb(hex).reduce((sum, c, i) => sum + [0.2126, 0.7152, 0.0722][i] * c, 0);

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['dark', ['#1f1f1f', '#181818', '#000000']],
  ['light', ['#ffffff', '#f8f8f8']],
] as const)('the %s palette', (name, backgrounds) => {
  const palette = palettes[name];

  it.each(Object.keys(colorVisions))('has distinguishable colors with %s vision', (vision) => {
    const seen = palette.map((hex) =>
      oklab(times(colorVisions[vision], rgb(hex)).map((c) => Math.max(0, Math.min(1, c)))),
    );
    for (const [i, a] of seen.entries())
      for (const b of seen.slice(0, i)) expect(Math.hypot(...a.map((x, k) => x - b[k]))).toBeGreaterThan(0.09);
  });

  it('has a contrast of at least 3 to its backgrounds', () => {
    for (const hex of palette)
      for (const background of backgrounds) expect(contrast(hex, background)).toBeGreaterThanOrEqual(3);
  });
});

describe('line styles', () => {
  it('differ among twelve curves', () => {
    const styles = Array.from({ length: 12 }, (_, i) => JSON.stringify(lineStyleOf(i)));
    expect(new Set(styles).size).toBe(12);
  });
});
