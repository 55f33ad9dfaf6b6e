// Rasterizes strokes into a small gray image: smooth lines through points, and their antialiased coverage.

/**
 * The points of a stroke, as alternating x and y; `corners[i]` is true if its direction changes abruptly at point i.
 */
export interface Stroke {
  readonly points: Float64Array;
  readonly corners: readonly boolean[];
}

/** A polyline: x, y and half the width of the pen for each vertex. */
export type Polyline = Float64Array;

/** Segments between two points of a stroke. */
const steps = 6;

/**
 * The Catmull-Rom spline through the points of a stroke (Catmull and Rom 1974, tension ½), broken at corners, as
 * vertices of alternating x and y.
 */
export function catmullRom({ points, corners }: Stroke): Float64Array {
  const n = corners.length;
  const out = new Float64Array(2 * ((n - 1) * steps + 1));
  let at = 0;
  for (let i = 0; i + 1 < n; i++) {
    const before = i === 0 || corners[i] ? i : i - 1;
    const after = i + 2 >= n || corners[i + 1] ? i + 1 : i + 2;
    for (let k = 0; k < steps; k++) {
      const t = k / steps;
      for (let axis = 0; axis < 2; axis++) {
        const p0 = points[2 * before + axis];
        const p1 = points[2 * i + axis];
        const p2 = points[2 * i + 2 + axis];
        const p3 = points[2 * after + axis];
        out[at++] = p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
      }
    }
  }
  out[at++] = points[2 * n - 2];
  out[at++] = points[2 * n - 1];
  return out;
}

/**
 * Draws a polyline into `ink` ([size, size], coverage in [0, 1]): each pixel becomes at least clamp(½ + (half width −
 * distance to the line)/edge), where `edge` is the width of the soft edge in pixels. Only pixels near each segment
 * are touched.
 */
export function drawPolyline(line: Polyline, edge: number, ink: Float32Array, size: number): void {
  const last = size - 1;
  for (let v = 0; v + 5 < line.length; v += 3) {
    const [x0, y0, w0, x1, y1, w1] = [line[v], line[v + 1], line[v + 2], line[v + 3], line[v + 4], line[v + 5]];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const inverse = 1 / (dx * dx + dy * dy || 1);
    const reach = Math.max(w0, w1) + edge / 2;
    // The center of pixel (i, j) is at (i + ½, j + ½).
    const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach - 0.5));
    const right = Math.min(last, Math.floor(Math.max(x0, x1) + reach - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5));
    const bottom = Math.min(last, Math.floor(Math.max(y0, y1) + reach - 0.5));
    for (let j = top; j <= bottom; j++) {
      for (let i = left; i <= right; i++) {
        const [px, py] = [i + 0.5 - x0, j + 0.5 - y0];
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse)); // nearest point of the segment
        const [ex, ey] = [px - t * dx, py - t * dy];
        const square = ex * ex + ey * ey;
        if (square >= reach * reach) continue;
        const coverage = 0.5 + (w0 + t * (w1 - w0) - Math.sqrt(square)) / edge;
        const at = j * size + i;
        if (coverage > ink[at]) ink[at] = coverage > 1 ? 1 : coverage;
      }
    }
  }
}
