// Axes of a scatter plot: round limits, ticks, and numbers drawn as strokes, so that no font is needed.

/** The plotted area: x and y span the same length, so that circles are round. */
export interface PlotLimits {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/**
 * Limits around `points`, [n, 2], with a margin and rounded outwards. Values that are not finite are ignored. A run
 * computes them once, from real samples, so that all its sample images have the same axes.
 */
export function plotLimits(points: Float32Array): PlotLimits {
  const [x, y] = [extent(points, 0), extent(points, 1)];
  const span = 1.06 * Math.max(x.to - x.from, y.to - y.from) || 1;
  const unit = tickStep(span) / 2;
  const [sides, halves] = [[x, y], [] as number[]];
  const low = sides.map(({ from, to }) => Math.floor(((from + to - span) / 2 + unit * 1e-6) / unit));
  for (const [i, { from, to }] of sides.entries())
    halves.push(Math.ceil((from + to + span) / 2 / unit - 1e-6) - low[i]);
  const count = Math.max(...halves); // one axis may need a unit more than the other
  const limits = (i: number) => [low[i] * unit, (low[i] + count) * unit] as const;
  return { x: limits(0), y: limits(1) };
}

/**
 * The points at which the critic is evaluated for its landscape, [resolution², 2]: cell centers, x fastest, in
 * ascending y.
 */
export function landscapePoints({ x, y }: PlotLimits, resolution: number): Float32Array {
  const points = new Float32Array(2 * resolution * resolution);
  const at = ([from, to]: readonly [number, number], i: number) => from + ((i + 0.5) / resolution) * (to - from);
  for (let i = 0; i < resolution * resolution; i++) {
    points[2 * i] = at(x, i % resolution);
    points[2 * i + 1] = at(y, Math.floor(i / resolution));
  }
  return points;
}

/** The tick distance of an axis of this length, 1, 2 or 5 times a power of ten: gives four to nine ticks. */
export function tickStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / 4));
  return power * (span / 4 / power >= 5 ? 5 : span / 4 / power >= 2 ? 2 : 1);
}

/** The ticks within [from, to] and their labels. */
export function ticks([from, to]: readonly [number, number]): readonly {
  readonly at: number;
  readonly label: string;
}[] {
  const step = tickStep(to - from);
  const found: { at: number; label: string }[] = [];
  for (let i = Math.ceil(from / step - 1e-6); i * step <= to + step * 1e-6; i++) {
    found.push({ at: i * step, label: tickLabel(i * step, step) });
  }
  return found;
}

/** A number as SVG paths of strokes, `height` pixels tall; (x, y) is the top of its middle or end. */
export function numberPath(label: string, x: number, y: number, anchor: 'middle' | 'end', height = 9): string {
  const scale = height / 9;
  const width = [...label].reduce((sum, glyph) => sum + advance(glyph), -gap) * scale;
  let left = x - (anchor === 'middle' ? width / 2 : width);
  const glyphs = [...label].map((glyph) => {
    const path = `<path transform="translate(${left.toFixed(2)} ${y}) scale(${scale})" d="${strokes[glyph] ?? ''}"/>`;
    left += advance(glyph) * scale;
    return path;
  });
  return glyphs.join('');
}

function extent(points: Float32Array, axis: number): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (let i = axis; i < points.length; i += 2) {
    if (!Number.isFinite(points[i])) continue;
    if (points[i] < from) from = points[i];
    if (points[i] > to) to = points[i];
  }
  return from > to ? { from: -1, to: 1 } : { from, to };
}

function tickLabel(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return '0';
  const exponent = Math.floor(Math.log10(step) + 1e-9);
  if (exponent > 3 || exponent < -4) return Number(value.toPrecision(4)).toExponential().replace('+', '');
  return String(Number(value.toFixed(Math.max(0, -exponent))));
}

const gap = 1.8;
const advance = (glyph: string): number => (glyph === '.' ? 1.2 : 6) + gap;

/** Strokes of each glyph in a box 6 wide and 9 tall, its top left at the origin. */
const strokes: Readonly<Record<string, string>> = {
  '0': 'M3 0C1 0 .4 2 .4 4.5S1 9 3 9 5.6 7 5.6 4.5 5 0 3 0Z',
  '1': 'M1.2 1.7L3.5 0V9',
  '2': 'M.6 2.4C.6 .9 1.6 0 3 0S5.4 .9 5.4 2.3C5.4 4 3.8 5.2 .5 9H5.6',
  '3': 'M.7 1.4C1.2 .5 2 0 3 0 4.4 0 5.3 .9 5.3 2.2S4.3 4.2 2.5 4.2C4.4 4.2 5.6 5.1 5.6 6.6S4.4 9 2.9 9C1.8 9 .8 8.5 .4 7.5',
  '4': 'M4.4 9V0L.3 6.4H6',
  '5': 'M5.2 0H1.3L.9 4.1C1.5 3.6 2.2 3.3 3 3.3 4.6 3.3 5.6 4.4 5.6 6.1S4.5 9 2.9 9C1.8 9 .9 8.6 .4 7.7',
  '6': 'M5.1 .9C4.6 .3 4 0 3.2 0 1.3 0 .4 2 .4 4.8 .4 7.5 1.3 9 3 9 4.6 9 5.6 7.8 5.6 6.1S4.6 3.3 3.1 3.3C1.7 3.3 .6 4.4 .4 5.8',
  '7': 'M.5 0H5.5L2.3 9',
  '8': 'M3 0C1.6 0 .8 .9 .8 2.1S1.7 4.2 3 4.2 5.2 3.3 5.2 2.1 4.4 0 3 0ZM3 4.2C1.4 4.2 .4 5.2 .4 6.6S1.4 9 3 9 5.6 8 5.6 6.6 4.6 4.2 3 4.2Z',
  '9': 'M.9 8.1C1.4 8.7 2 9 2.8 9 4.7 9 5.6 7 5.6 4.2 5.6 1.5 4.7 0 3 0 1.4 0 .4 1.2 .4 2.9S1.4 5.7 2.9 5.7C4.3 5.7 5.4 4.6 5.6 3.2',
  '-': 'M1 4.8H5.2',
  '.': 'M.6 8.7V9',
  e: 'M.6 6H5.4C5.4 4.2 4.4 3.2 3 3.2S.5 4.4 .5 6.1 1.5 9 3.1 9C4 9 4.8 8.6 5.2 7.9',
};
