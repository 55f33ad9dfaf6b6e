// Synthetic images of handwritten digits, with labels.
import type { DataConfig } from '../../catalog';
import { generator } from '../../math/random';
import { plural } from '../../shared/text';
import { sharedBytes } from '../cache/sampleStorage';
import type { DataContext } from '../dataSource';
import type { DataSource } from '../dataSource';
import { createImageSource } from '../images/imageSource';
import { digitStrokes, type DigitVariant } from './digitStrokes';
import { generateSamples } from './generateSamples';
import { catmullRom, drawPolyline, type Polyline } from './rasterize';

export interface DigitSource extends DataSource {
  /** All digits, both splits, row-major [samples, size, size, 1]. */
  readonly bytes: Uint8Array;
}

/** Digit i depends only on (seed, i) and shows i mod 10. */
export async function openDigits(data: DataConfig<'digits'>, context: DataContext): Promise<DigitSource> {
  const { size, samples, validation } = data;
  const { seed } = context;
  const bytes = sharedBytes(samples * size * size);
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % 10);
  const ink = new Float32Array(size * size);
  await generateSamples(samples, context, (i) => {
    ink.fill(0);
    drawDigit(labels[i], generator({ seed, stream: 'digits', step: i }), ink, size);
    for (let k = 0; k < ink.length; k++) bytes[i * ink.length + k] = 255 * ink[k] + 0.5;
  });
  const source = createImageSource({
    storage: { bytes, length: size * size },
    labels: { classes: labels },
    shape: [size, size, 1],
    slots: Uint32Array.from(labels.keys()),
    flip: false,
    validation,
    seed,
    notes: [`${plural(samples, 'digit')} of ${size} x ${size}, generated.`],
  });
  return { ...source, bytes };
}

/** Returns numbers uniform in [0, 1). */
type Random = () => number;

/** A sample of N(mean, deviation²), by Box and Muller. */
const normal = (random: Random, mean: number, deviation: number) =>
  mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const uniform = (random: Random, low: number, high: number) => low + (high - low) * random();

/** Draws a digit with a random variant, jitter, slant, pen and position. */
function drawDigit(digit: number, random: Random, ink: Float32Array, size: number): void {
  const pixel = size / 28; // The lengths below are in pixels of MNIST's 28 x 28 images, where digits fill about 20.
  const lines = chooseVariant(digitStrokes[digit], random).strokes.map((stroke) => {
    const points = stroke.flatMap(([x, y]) => [x + normal(random, 0, 0.034), y + normal(random, 0, 0.03)]);
    return catmullRom({ points: Float64Array.from(points), corners: stroke.map(([, , turn]) => turn !== undefined) });
  });
  transform(lines, digit, random, pixel, size);

  const halfWidth = pixel * Math.min(1.9, Math.max(0.75, normal(random, 1.2, 0.27)));
  const edge = pixel * uniform(random, 0.9, 1.5);
  for (const line of lines) drawPolyline(withPenWidth(line, halfWidth, random), edge, ink, size);
}

function chooseVariant(variants: readonly DigitVariant[], random: Random): DigitVariant {
  let at = random() * variants.reduce((sum, { weight }) => sum + weight, 0);
  return variants.find(({ weight }) => (at -= weight) < 0) ?? variants[0];
}

/** Relative widths of digits that are written narrower or wider than the others. */
const widths: Readonly<Record<number, number>> = { 1: 0.75, 7: 1.3 };

/** Bends, slants, rotates and stretches the lines, then scales them to about 20 of 28 pixels, near the center. */
function transform(lines: readonly Float64Array[], digit: number, random: Random, pixel: number, size: number): void {
  const slant = normal(random, 0.12, 0.16);
  const turn = normal(random, 0, 0.09);
  const width = uniform(random, 0.64, 0.98) * (widths[digit] ?? 1);
  const taper = normal(random, 0, 0.18); // the lower half wider or narrower than the upper
  const sag = normal(random, 0, 0.18); // the middle of the digit lower or higher
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const v = line[i + 1] - 0.5;
      const y = v + sag * (0.25 - v * v);
      const x = width * (1 + taper * v) * (line[i] - 0.5) - slant * y;
      line[i] = cos * x - sin * y;
      line[i + 1] = sin * x + cos * y;
      left = Math.min(left, line[i]);
      right = Math.max(right, line[i]);
      top = Math.min(top, line[i + 1]);
      bottom = Math.max(bottom, line[i + 1]);
    }
  }
  const scale = (pixel * uniform(random, 16.2, 19)) / Math.max(right - left, bottom - top);
  const [x0, y0] = [size / 2 + pixel * normal(random, 0, 0.7), size / 2 + pixel * normal(random, 0, 0.7)];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      line[i] = x0 + scale * (line[i] - (left + right) / 2);
      line[i + 1] = y0 + scale * (line[i + 1] - (top + bottom) / 2);
    }
  }
}

/** Gives a line the width of a pen whose pressure varies along it. */
function withPenWidth(line: Float64Array, halfWidth: number, random: Random): Polyline {
  const n = line.length / 2;
  const out = new Float64Array(3 * n);
  const [depth, phase, waves] = [uniform(random, 0, 0.2), uniform(random, 0, 2 * Math.PI), uniform(random, 0.5, 1.5)];
  for (let i = 0; i < n; i++) {
    out[3 * i] = line[2 * i];
    out[3 * i + 1] = line[2 * i + 1];
    out[3 * i + 2] = halfWidth * (1 + depth * Math.sin(phase + (2 * Math.PI * waves * i) / n));
  }
  return out;
}
