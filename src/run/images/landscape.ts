// Renders the critic's scores over the plane: soft colors for the values, thin contour lines.
import { plotColors } from '../../shared/plotColors';

/** Critic scores on a grid, [resolution, resolution], x fastest, in ascending y. */
export interface CriticLandscape {
  readonly values: Float32Array;
  readonly resolution: number;
}

/**
 * RGB pixels [side, side, 3], top row first. A critic is only defined up to a constant, so the median is white, higher
 * values are green and lower ones violet; contour lines are spaced by a twelfth of the range. Values that are not
 * finite are white.
 */
export function renderLandscape({ values, resolution }: CriticLandscape, side: number): Buffer {
  if (values.length !== resolution * resolution || resolution < 2) {
    throw new Error(`assertion failed: ${values.length} values are not a landscape of ${resolution} x ${resolution}`);
  }
  const pixels = Buffer.alloc(side * side * 3, 255);
  const sorted = values.filter(Number.isFinite).sort();
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  // Nothing to show without finite values, or if they differ by rounding only.
  if (!(greatest - least > 1e-6 * Math.max(Math.abs(least), Math.abs(greatest)))) return pixels;
  const quantile = (q: number) => sorted[Math.round(q * (sorted.length - 1))];
  const median = quantile(0.5);
  const reach = Math.max(quantile(0.99) - median, median - quantile(0.01), 1e-30);
  const spacing = (greatest - least) / 12;
  const smooth = enlarge(values, resolution, side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = (side - 1 - y) * side + x;
      const value = smooth[i];
      if (!Number.isFinite(value)) continue;
      const t = Math.max(-1, Math.min(1, (value - median) / reach));
      // Distance to the nearest contour in pixels: |f - level| / |grad f|.
      // Math.hypot would take as long as all the rest.
      const gradientNorm = Math.sqrt(
        difference(smooth, i, x, side, 1) ** 2 + difference(smooth, i, side - 1 - y, side, side) ** 2,
      );
      const level = (value - median) / spacing + 0.5; // half a spacing off, because many values may equal the median
      const distance = (Math.abs(level - Math.round(level)) * spacing) / (gradientNorm + 1e-30);
      const fade = Math.min(1, spacing / (4 * gradientNorm + 1e-30)); // lines fade where they would merge
      const line = Number.isNaN(gradientNorm) ? 0 : 0.13 * fade * Math.max(0, Math.min(1, 1.1 - distance));
      const [ends, weight] = [t < 0 ? low : high, Math.abs(t) ** 0.8];
      for (let c = 0; c < 3; c++) pixels[3 * (y * side + x) + c] = (1 - line) * (255 + weight * (ends[c] - 255));
    }
  }
  return pixels;
}

const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
const low = channels(plotColors.low);
const high = channels(plotColors.high);

/**
 * Central difference along one axis, one-sided at the ends. `position` is the index along that axis, `stride` its
 * stride.
 */
function difference(field: Float32Array, i: number, position: number, side: number, stride: number): number {
  const before = position > 0 ? 1 : 0;
  const after = position < side - 1 ? 1 : 0;
  return (field[i + after * stride] - field[i - before * stride]) / (before + after);
}

/**
 * Resamples [n, n] cell centers to [side, side] pixel centers by a cubic B-spline along each axis, for smooth contours.
 */
function enlarge(values: Float32Array, n: number, side: number): Float32Array {
  const wide = new Float32Array(n * side);
  const full = new Float32Array(side * side);
  const taps = Array.from({ length: side }, (_, i) => tapsAt(((i + 0.5) / side) * n - 0.5, n));
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < side; x++) {
      for (const [at, weight] of taps[x]) wide[y * side + x] += weight * values[y * n + at];
    }
  }
  for (let y = 0; y < side; y++) {
    for (const [at, weight] of taps[y]) {
      for (let x = 0; x < side; x++) full[y * side + x] += weight * wide[at * side + x];
    }
  }
  return full;
}

/** The four cells around position p and the weights of the uniform cubic B-spline. */
function tapsAt(p: number, n: number): readonly (readonly [at: number, weight: number])[] {
  const k = Math.floor(p);
  const t = p - k;
  const weights = [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3];
  return weights.map((w, i) => [Math.max(0, Math.min(n - 1, k - 1 + i)), w / 6]);
}
