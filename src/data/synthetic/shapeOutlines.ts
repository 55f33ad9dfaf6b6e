// The outlines of ten shapes as signed distances: negative inside, 0 on the outline; a shape has a radius of about 1,
// and y points down.

type Point = readonly [x: number, y: number];
type Outline = (x: number, y: number) => number;

const starPoints = (n: number, radius: (k: number) => number): Point[] =>
  Array.from({ length: n }, (_, k) => [
    radius(k) * Math.sin((2 * Math.PI * k) / n),
    -radius(k) * Math.cos((2 * Math.PI * k) / n),
  ]);

/** Distance to a closed polygon; the crossings of a ray give its sign. */
function polygon(points: readonly Point[]): Outline {
  return (x, y) => {
    let square = Infinity;
    let inside = false;
    for (let k = 0; k < points.length; k++) {
      const [ax, ay] = points[k];
      const [bx, by] = points[(k + 1) % points.length];
      const [ex, ey] = [bx - ax, by - ay];
      const t = Math.max(0, Math.min(1, ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey)));
      square = Math.min(square, (x - ax - t * ex) ** 2 + (y - ay - t * ey) ** 2);
      if (ay > y !== by > y && x < ax + ((y - ay) / ey) * ex) inside = !inside;
    }
    return (inside ? -1 : 1) * Math.sqrt(square);
  };
}

const disc =
  (radius: number, x0 = 0, y0 = 0): Outline =>
  (x, y) =>
    Math.hypot(x - x0, y - y0) - radius;

/** The points inside `of` but not inside `cut`. */
const without =
  (of: Outline, cut: Outline): Outline =>
  (x, y) =>
    Math.max(of(x, y), -cut(x, y));

const box = (half: number) =>
  polygon([
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ]);

/** x = 16 sin³ t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, scaled to radius 1. */
const heart = Array.from({ length: 40 }, (_, k): Point => {
  const t = (2 * Math.PI * k) / 40;
  const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
  return [(16 * Math.sin(t) ** 3) / 16.5, (-y - 2.5) / 16.5];
});

const [thin, long] = [0.32, 0.98];
const cross: Point[] = [
  [-thin, -long],
  [thin, -long],
  [thin, -thin],
  [long, -thin],
  [long, thin],
  [thin, thin],
  [thin, long],
  [-thin, long],
  [-thin, thin],
  [-long, thin],
  [-long, -thin],
  [-thin, -thin],
];

const arrow: Point[] = [
  [0, -1],
  [0.85, -0.05],
  [0.34, -0.05],
  [0.34, 0.95],
  [-0.34, 0.95],
  [-0.34, -0.05],
  [-0.85, -0.05],
];

/** In the order of their classes. */
export const outlines: Readonly<Record<string, Outline>> = {
  circle: disc(0.92),
  ring: without(disc(0.96), disc(0.52)),
  square: box(0.8),
  frame: without(box(0.84), box(0.46)),
  triangle: polygon(starPoints(3, () => 1.05)),
  star: polygon(starPoints(10, (k) => (k % 2 === 0 ? 1.08 : 0.46))),
  cross: polygon(cross),
  heart: polygon(heart),
  moon: without(disc(0.98), disc(0.8, 0.52, -0.18)),
  arrow: polygon(arrow),
};
