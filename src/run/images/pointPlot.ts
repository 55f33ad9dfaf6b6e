// Renders samples that are points of any dimension: a histogram for 1, a scatter plot for 2, scatter plots and
// histograms of the first coordinates for more, curves for series. Real points are gray, generated ones orange.
import { plotColors } from '../../shared/plotColors';
import { numberPath, ticks } from './axes';
import type { PngImage } from './pngImage';
import { renderPlot } from './plotImage';
import { renderScatterPlot } from './scatterPlot';

/** Coordinates in a plot of pairs. */
const pairs = 4;
/** From this dimension on a point is drawn as a curve, its coordinates from left to right. */
const series = 16;
const curves = 48;
const maxPoints = 2048;
const size = 640;
const ink = '#6b7078';
const { real: realColor, generated: generatedColor } = plotColors;

type Range = readonly [from: number, to: number];

/** Renders `real` and `generated`, both [n, dimensions]. Values that are not finite are skipped. */
export async function renderPointPlot(
  real: Float32Array,
  generated: Float32Array,
  dimensions: number,
): Promise<PngImage> {
  if (dimensions === 2) return renderScatterPlot(real, generated);
  const draw = dimensions >= series ? drawCurves : drawPairs;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${draw(real, generated, dimensions)}</svg>`;
  return renderPlot(size, [{ input: Buffer.from(svg) }]);
}

interface Cell {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Cell (row, column): coordinate `column` to the right and `row` upwards; on the diagonal a histogram. */
function drawPairs(real: Float32Array, generated: Float32Array, d: number): string {
  const count = Math.min(pairs, d);
  const margin = 34;
  const side = Math.floor((size - margin - 10) / count);
  const coordinates = (points: Float32Array) => Array.from({ length: count }, (_, k) => coordinate(points, d, k));
  const [x, y] = [coordinates(real), coordinates(generated)];
  const ranges = x.map(rangeOf);
  const parts: string[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const cell = { left: margin + column * side, top: 4 + row * side, side: side - 6 };
      parts.push(
        frameOf(cell, ranges[column], row === column ? undefined : ranges[row], row === count - 1, column === 0),
        row === column
          ? histograms(x[row], y[row], ranges[row], cell)
          : scatter(x[column], x[row], ranges[column], ranges[row], cell, realColor, 0.45) +
              scatter(y[column], y[row], ranges[column], ranges[row], cell, generatedColor, 0.55),
      );
    }
  }
  return parts.join('');
}

function drawCurves(real: Float32Array, generated: Float32Array, d: number): string {
  const cell = { left: 44, top: 12, side: size - 60 };
  const x: Range = [1, d];
  const y = rangeOf(real);
  const curve = (points: Float32Array, color: string, opacity: number) => {
    const paths = Array.from({ length: Math.min(curves, points.length / d) }, (_, i) =>
      Array.from(points.subarray(i * d, (i + 1) * d), (value, k) => {
        const [px, py] = at(k + 1, Number.isFinite(value) ? clamp(value, y) : y[0], x, y, cell);
        return `${k === 0 ? 'M' : 'L'}${px} ${py}`;
      }).join(''),
    );
    return `<path d="${paths.join('')}" fill="none" stroke="${color}" stroke-opacity="${opacity}"/>`;
  };
  return frameOf(cell, x, y, true, true) + curve(real, realColor, 0.55) + curve(generated, generatedColor, 0.5);
}

const coordinate = (points: Float32Array, d: number, k: number) =>
  Float32Array.from({ length: Math.min(maxPoints, points.length / d) }, (_, i) => points[i * d + k]);

const clamp = (value: number, [from, to]: Range) => Math.max(from, Math.min(to, value));

/** The values with a margin of 4 %. */
function rangeOf(values: Float32Array): Range {
  let [from, to] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  if (from > to) return [-1, 1];
  const margin = 0.04 * (to - from) || 0.5 * Math.abs(to) || 1;
  return [from - margin, to + margin];
}

/** The pixel at (x, y), as text. */
function at(x: number, y: number, rangeX: Range, rangeY: Range, { left, top, side }: Cell) {
  const fraction = (value: number, [from, to]: Range) => (value - from) / (to - from);
  return [(left + fraction(x, rangeX) * side).toFixed(1), (top + (1 - fraction(y, rangeY)) * side).toFixed(1)] as const;
}

function frameOf({ left, top, side }: Cell, x: Range, y: Range | undefined, below: boolean, before: boolean): string {
  const few = (range: Range) => {
    const all = ticks(range);
    return side > 300 ? all : all.filter((_, i) => i % Math.ceil(all.length / 3) === 0);
  };
  const cell = { left, top, side };
  const labelsBelow = few(x).map(({ at: value, label }) =>
    numberPath(label, Number(at(value, 0, x, [0, 1], cell)[0]), top + side + 6, 'middle', 7),
  );
  const labelsBefore = (y ? few(y) : []).map(({ at: value, label }) =>
    numberPath(label, left - 5, Number(at(0, value, [0, 1], y!, cell)[1]) - 3.5, 'end', 7),
  );
  const labels = [...(below ? labelsBelow : []), ...(before ? labelsBefore : [])].join('');
  return (
    `<rect x="${left - 0.5}" y="${top - 0.5}" width="${side + 1}" height="${side + 1}" fill="none" stroke="#c9ccd2"/>` +
    `<g stroke="${ink}" stroke-width="1" stroke-linecap="round" stroke-linejoin="round" fill="none">${labels}</g>`
  );
}

function scatter(
  x: Float32Array,
  y: Float32Array,
  rangeX: Range,
  rangeY: Range,
  cell: Cell,
  color: string,
  opacity: number,
): string {
  const circles: string[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i] + y[i])) continue;
    const [cx, cy] = at(clamp(x[i], rangeX), clamp(y[i], rangeY), rangeX, rangeY, cell);
    circles.push(`<circle cx="${cx}" cy="${cy}" r="1.6"/>`);
  }
  return `<g fill="${color}" fill-opacity="${opacity}">${circles.join('')}</g>`;
}

/** Both as densities on a common scale: real values filled, generated ones as a line. */
function histograms(real: Float32Array, generated: Float32Array, range: Range, cell: Cell): string {
  const bins = cell.side > 300 ? 64 : 24;
  const [a, b] = [density(real, range, bins), density(generated, range, bins)];
  const top: Range = [0, 1.08 * Math.max(...a, ...b, 1e-9)];
  const outline = (heights: readonly number[]) => {
    const x = (i: number) => range[0] + (i / bins) * (range[1] - range[0]);
    const points = heights.flatMap((height, i) => [
      at(x(i), height, range, top, cell),
      at(x(i + 1), height, range, top, cell),
    ]);
    const ends = [at(range[0], 0, range, top, cell), at(range[1], 0, range, top, cell)];
    return [ends[0], ...points, ends[1]].map((point, i) => `${i === 0 ? 'M' : 'L'}${point.join(' ')}`).join('');
  };
  return (
    `<path d="${outline(a)}Z" fill="${realColor}" fill-opacity="0.45"/>` +
    (generated.length > 0 ? `<path d="${outline(b)}" fill="none" stroke="${generatedColor}" stroke-width="1.6"/>` : '')
  );
}

function density(values: Float32Array, [from, to]: Range, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  let n = 0;
  for (const value of values) {
    if (!(value >= from && value <= to)) continue;
    counts[Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins))]++;
    n++;
  }
  return counts.map((count) => count / Math.max(1, n));
}
