// Arrows on a picture of points: where the critic's gradient pulls some of the generated ones, and how strongly.
import type { PlotLimits } from './axes';

/** Points and the gradient at each, both [n, 2], in units of the data. */
export interface GradientArrows {
  readonly points: Float32Array;
  readonly gradient: Float32Array;
}

/** Where a point of the picture lies, and what a length of 640 pixels is in its own. */
export interface PlotTransform {
  /** The pixel of (x, y). */
  readonly toPixel: (x: number, y: number) => readonly [number, number];
  readonly scale: number;
}

/**
 * `count` of `points`, [n, 2], spread over all of them: the first, then always the one that is farthest from those that are
 * chosen (Gonzalez 1985). Points beyond `limits` or not finite are left out, and those that lie nearer to a chosen one than a
 * twentieth of the picture, whose arrows would cross; where none is left, the last is repeated, and where there was none, the
 * middle of the picture is taken.
 */
export function farthestPointSample(points: Float32Array, { x, y }: PlotLimits, count: number): Float32Array {
  const chosen = new Float32Array(2 * count);
  const within = (i: number): boolean =>
    points[i] >= x[0] && points[i] <= x[1] && points[i + 1] >= y[0] && points[i + 1] <= y[1];
  const apart = ((x[1] - x[0]) / 20) ** 2;
  const left = Array.from({ length: points.length / 2 }, (_, i) => 2 * i).filter(within);
  const distance = new Float64Array(left.length).fill(Infinity); // to the nearest that is chosen, squared
  let [cx, cy] = left.length > 0 ? [points[left[0]], points[left[0] + 1]] : [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  for (let k = 0; k < count; k++) {
    chosen[2 * k] = cx;
    chosen[2 * k + 1] = cy;
    let farthest = 0;
    for (let j = 0; j < left.length; j++) {
      const d = (points[left[j]] - cx) ** 2 + (points[left[j] + 1] - cy) ** 2;
      if (d < distance[j]) distance[j] = d;
      if (distance[j] > distance[farthest]) farthest = j;
    }
    if (left.length > 0 && distance[farthest] > apart) [cx, cy] = [points[left[farthest]], points[left[farthest] + 1]];
  }
  return chosen;
}

/** An arrow's length in pixels of a picture 640 wide for a gradient of norm 1, which is what a Wasserstein critic should have. */
const UNIT = 20;
const LONGEST = 34;
/** Shorter ones would be specks: where there is no arrow on a point that was chosen, its gradient has vanished. */
const SHORTEST = 2;

/** The length in such pixels: the cube root of the norm, so that a hundredth of a gradient is still seen to have a direction. */
export const arrowLength = (norm: number): number => {
  const length = Math.min(LONGEST, UNIT * Math.cbrt(norm));
  return length >= SHORTEST ? length : 0;
};

/** SVG paths of the arrows, shafts and heads in one, to be stroked. */
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
