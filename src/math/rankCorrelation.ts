// Spearman's rank correlation, and its confidence interval for autocorrelated series by the moving-block bootstrap.
import { generator } from './random';

/**
 * Spearman's ρ: the Pearson correlation of the ranks, with mean ranks for ties; NaN if a series is constant. Pairs with
 * a value that is not finite are left out.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const pairs = Array.from({ length: x.length }, (_, k) => [x[k], y[k]] as const).filter(
    ([a, b]) => Number.isFinite(a) && Number.isFinite(b),
  );
  return pearson(ranks(pairs.map(([a]) => a)), ranks(pairs.map(([, b]) => b)));
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The central interval of Spearman's ρ over resampled series (Künsch 1989): blocks of consecutive pairs are drawn with
 * replacement, so that the autocorrelation of a training curve within a block is kept.
 * @param block length of the blocks; n^(1/3) is the usual order
 * @param share of the resampled values in the interval
 */
export function spearmanInterval(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { block = Math.ceil(Math.cbrt(x.length)), resamples = 1000, share = 0.95, seed = 1 } = {},
): Interval {
  const n = x.length;
  const uniform = generator({ seed, stream: 'bootstrap', step: 0 });
  const values: number[] = [];
  for (let k = 0; k < resamples; k++) {
    const [a, b]: [number[], number[]] = [[], []];
    while (a.length < n) {
      const start = Math.floor(uniform() * (n - block + 1));
      for (let i = start; i < start + block && a.length < n; i++) {
        a.push(x[i]);
        b.push(y[i]);
      }
    }
    const rho = spearman(a, b);
    if (!Number.isNaN(rho)) values.push(rho);
  }
  values.sort((a, b) => a - b);
  const at = (quantile: number) => values[Math.min(values.length - 1, Math.floor(quantile * values.length))] ?? NaN;
  return { low: at((1 - share) / 2), high: at((1 + share) / 2) };
}

/** Ranks from 1, ties at their mean. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, k) => k).sort((a, b) => values[a] - values[b]);
  const out = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) out[order[k]] = (from + to + 1) / 2;
    from = to;
  }
  return out;
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    xy += (x[k] - mx) * (y[k] - my);
    xx += (x[k] - mx) ** 2;
    yy += (y[k] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
}
