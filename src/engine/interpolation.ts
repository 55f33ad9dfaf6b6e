// Which input pixels each output pixel of a resize is computed from, along one axis.

export interface ResizeMode {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** For each output, the two inputs that it interpolates. */
export interface LinearSources {
  readonly below: readonly number[];
  readonly above: readonly number[];
  /** The weight of `above`; that of `below` is 1 - weight. */
  readonly weight: readonly number[];
}

/** Input coordinates per output coordinate, from n to m pixels. */
const ratio = (n: number, m: number, { alignCorners }: ResizeMode): number =>
  alignCorners && m > 1 ? (n - 1) / (m - 1) : n / m;

/** For each of m outputs, the nearest of n inputs. */
export function nearestSources(n: number, m: number, mode: ResizeMode): number[] {
  return Array.from({ length: m }, (_, i) => {
    const source = ratio(n, m, mode) * (mode.halfPixelCenters ? i + 0.5 : i);
    return Math.max(0, Math.min(n - 1, mode.alignCorners ? Math.round(source) : Math.floor(source)));
  });
}

export function linearSources(n: number, m: number, mode: ResizeMode): LinearSources {
  const sources = Array.from({ length: m }, (_, i) =>
    mode.halfPixelCenters ? ratio(n, m, mode) * (i + 0.5) - 0.5 : ratio(n, m, mode) * i,
  );
  const below = sources.map((s) => Math.max(0, Math.floor(s)));
  return {
    below,
    above: sources.map((s) => Math.max(0, Math.min(n - 1, Math.ceil(s)))),
    weight: sources.map((s, i) => Math.max(0, s - below[i])),
  };
}
