// Arrows on a scatter plot: direction and size of the generator gradient at some of the samples.
import type { PlotLimits } from './axes';

/** Points and the generator gradient at each, both [n, 2], in data units. */
export interface GradientArrows {
  readonly points: Float32Array;
  readonly gradient: Float32Array;
}

/** Maps data coordinates to pixels; `scale` is the plot's width relative to 640 pixels. */
export interface PlotTransform {
  /** The pixel at (x, y). */
  readonly toPixel: (x: number, y: number) => readonly [number, number];
  readonly scale: number;
}

/**
 * Chooses `count` of `points`, [n, 2], by farthest-point sampling: the first, then always the point farthest from those
 * chosen (Gonzalez 1985). Points that are not finite, outside `limits` or closer than a twentieth of the plot to a
 * chosen one, so that arrows would cross, are skipped; if no point remains, the last one is repeated, or the center of
 * the plot if there was none.
 */
export function farthestPointSample(points: Float32Array, { x, y }: PlotLimits, count: number): Float32Array {
  const chosen = new Float32Array(2 * count);
  const isInside = (i: number): boolean =>
    points[i] >= x[0] && points[i] <= x[1] && points[i + 1] >= y[0] && points[i + 1] <= y[1];
  const minimumDistance = ((x[1] - x[0]) / 20) ** 2; // squared, like all distances here
  const candidates = Array.from({ length: points.length / 2 }, (_, i) => 2 * i).filter(isInside);
  const distance = new Float64Array(candidates.length).fill(Infinity); // to the nearest chosen point
  let [cx, cy] =
    candidates.length > 0 ? [points[candidates[0]], points[candidates[0] + 1]] : [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  for (let k = 0; k < count; k++) {
    chosen[2 * k] = cx;
    chosen[2 * k + 1] = cy;
    let farthest = 0;
    for (let j = 0; j < candidates.length; j++) {
      const d = (points[candidates[j]] - cx) ** 2 + (points[candidates[j] + 1] - cy) ** 2;
      if (d < distance[j]) distance[j] = d;
      if (distance[j] > distance[farthest]) farthest = j;
    }
    if (candidates.length > 0 && distance[farthest] > minimumDistance)
      [cx, cy] = [points[candidates[farthest]], points[candidates[farthest] + 1]];
  }
  return chosen;
}

/**
 * Length of the arrow of gradient norm 1, which a Wasserstein critic should have, in pixels of a plot 640 pixels wide.
 */
const UNIT = 20;
const LONGEST = 34;
/** Shorter arrows would be specks: no arrow at a chosen point means that its gradient has vanished. */
const SHORTEST = 2;

/**
 * An arrow's length in such pixels: the cube root of the norm, so that the direction of small gradients stays visible.
 */
export const arrowLength = (norm: number): number => {
  const length = Math.min(LONGEST, UNIT * Math.cbrt(norm));
  return length >= SHORTEST ? length : 0;
};

/** One SVG path of the shafts and heads of all arrows, to be stroked. */
export function arrowsPath({ points, gradient }: GradientArrows, { toPixel, scale }: PlotTransform): string {
  const drawn = new Set<string>();
  const paths: string[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const [u, v] = [gradient[i], -gradient[i + 1]]; // pixels count downwards
    const norm = Math.hypot(u, v);
    const length = arrowLength(norm) * scale;
    const key = `${points[i]} ${points[i + 1]}`;
    if (!(length > 0 && norm < Infinity) || drawn.has(key)) continue;
    drawn.add(key);
    const [x, y] = toPixel(points[i], points[i + 1]);
    const [dx, dy] = [u / norm, v / norm];
    const head = Math.min(4.2 * scale, 0.45 * length);
    const [tipX, tipY] = [x + dx * length, y + dy * length];
    const barb = (side: number) =>
      `${f(tipX - head * (dx + 0.6 * side * dy))} ${f(tipY - head * (dy - 0.6 * side * dx))}`;
    paths.push(`M${f(x)} ${f(y)}L${f(tipX)} ${f(tipY)}M${barb(1)}L${f(tipX)} ${f(tipY)}L${barb(-1)}`);
  }
  return paths.join('');
}

const f = (value: number): string => value.toFixed(2);
