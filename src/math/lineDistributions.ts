// Distributions on a line with instance noise, and the distances between them when one of them is moved.
import {
  chiSquareOfLogs,
  jensenShannon,
  klDivergenceOfLogs,
  squaredHellinger,
  totalVariation,
  wasserstein1OnLine,
} from './divergences';

export const lineKinds = ['gaussian', 'uniform'] as const;

export type LineKind = (typeof lineKinds)[number];

/** A distribution around 0. */
export interface LineShape {
  readonly kind: LineKind;
  /** The standard deviation of a Gaussian; half of the length of a uniform distribution, a multiple of `cell`. */
  readonly width: number;
  /** Standard deviation of the Gaussian noise added to it, 0 or at least `cell`. */
  readonly noise: number;
}

/** The masses of a shape in the cells of `positions`, and their logarithms, finite where a mass is too small. */
export interface LineMasses {
  readonly shape: LineShape;
  readonly mass: Float64Array;
  readonly logMass: Float64Array;
}

/** The width of the cells, and of the steps by which a distribution can be moved. */
export const cell = 0.05;

/** The centers of the cells: so far out that the tails of what is compared here are inside. */
export const positions = Float64Array.from({ length: 2400 }, (_, k) => (k - 1200 + 0.5) * cell);

export function massesOf(shape: LineShape): LineMasses {
  const density = logDensity(shape);
  const logs = positions.map(density);
  const total = logSumExp(logs);
  const logMass = logs.map((log) => log - total);
  return { shape, logMass, mass: logMass.map(Math.exp) };
}

/** The logarithm of the density at x, up to a constant. */
function logDensity({ kind, width, noise }: LineShape): (x: number) => number {
  if (kind === 'gaussian') return (x) => -(x * x) / (2 * (width ** 2 + noise ** 2));
  // The sum of a uniform and a normal variable: a mean of normal densities around the cells of the former.
  if (noise === 0) return (x) => (Math.abs(x) < width ? 0 : -Infinity);
  const centers = positions.filter((u) => Math.abs(u) < width);
  return (x) => logSumExp(centers.map((u) => -(((x - u) / noise) ** 2) / 2));
}

export const lineDistanceNames = ['kl', 'reverseKl', 'js', 'tv', 'chiSquare', 'hellinger', 'w1'] as const;

export type LineDistanceName = (typeof lineDistanceNames)[number];

export type LineDistances = Readonly<Record<LineDistanceName, number>>;

/** The distances between p and q, with q moved to the right by `apart`, which is rounded to whole cells. */
export function distancesApart(p: LineMasses, q: LineMasses, apart: number): LineDistances {
  const cells = Math.round(Math.abs(apart) / cell);
  // The shapes are symmetric: moving q to the left gives the same distances.
  const moved = <T extends Float64Array>(a: T, b: T) => [a.subarray(cells), b.subarray(0, b.length - cells)] as const;
  const [a, b] = moved(p.mass, q.mass);
  const [logA, logB] = moved(p.logMass, q.logMass);
  return {
    kl: klDivergenceOfLogs(logA, logB),
    reverseKl: klDivergenceOfLogs(logB, logA),
    js: jensenShannon(a, b),
    tv: totalVariation(a, b),
    chiSquare: chiSquare(p.shape, q.shape, cells * cell) ?? chiSquareOfLogs(logA, logB),
    hellinger: squaredHellinger(a, b),
    w1: wasserstein1OnLine(a, b, positions.subarray(cells)),
  };
}

/** The variance of the normal distribution that the tails resemble; 0 if there are none. */
const tailVariance = ({ kind, width, noise }: LineShape): number => noise ** 2 + (kind === 'gaussian' ? width ** 2 : 0);

/** Pearson's χ² where it is known: infinite if p²/q grows in the tails, and in closed form between Gaussians. */
function chiSquare(p: LineShape, q: LineShape, apart: number): number | undefined {
  const [a, b] = [tailVariance(p), tailVariance(q)];
  if (b > 0 && a >= 2 * b) return Infinity;
  if (p.kind !== 'gaussian' || q.kind !== 'gaussian') return undefined;
  const left = 2 * b - a;
  return (b / Math.sqrt(a * left)) * Math.exp(apart ** 2 / left) - 1;
}

function logSumExp(logs: Float64Array): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
