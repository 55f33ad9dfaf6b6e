// Whether a curve still falls: a rule for noisy curves whose neighboring values depend on each other.
import { median } from '../../src/math/median';

/**
 * `change` is relative to the value `steps` ago, null if that is no meaningful ratio. `unknown` without enough values.
 */
export type Trend =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'level'; readonly steps: number }
  | { readonly kind: 'falling' | 'rising'; readonly steps: number; readonly change: number | null };

const blocks = 10;
const leastValues = 5 * blocks;
/** Of longer curves every n-th value is used, since the trend is updated while the run trains. */
const mostValues = 400 * blocks;

/** The 5 % point of Kendall's S for ten values, two-sided (Kendall 1975, Rank Correlation Methods, table 1). */
const significant = 23;

/** A change of less than a hundredth is none that a reader would see. */
const leastChange = 0.01;

/**
 * The trend of the second half of a curve: Mann-Kendall's test of the medians of ten blocks. Medians of blocks are
 * hardly affected by noise and by the dependence of neighboring values. `values` may have gaps (NaN).
 */
export function trendOf(step: Float64Array, values: ArrayLike<number>): Trend {
  const half = Math.floor(values.length / 2);
  const stride = Math.ceil((values.length - half) / mostValues);
  const rows: number[] = [];
  for (let row = half; row < values.length; row += stride) if (Number.isFinite(values[row])) rows.push(row);
  if (rows.length < leastValues) return { kind: 'unknown' };
  const medians = Array.from({ length: blocks }, (_, block) => {
    const [from, to] = [block, block + 1].map((each) => Math.floor((each * rows.length) / blocks));
    return median(rows.slice(from, to).map((row) => values[row]));
  });
  const steps = step[rows[rows.length - 1]] - step[rows[0]];
  const [before, now] = [median(medians.slice(0, 3)), median(medians.slice(-3))];
  const s = kendallS(medians);
  if (Math.abs(s) < significant || Math.abs(now - before) < leastChange * Math.abs(before))
    return { kind: 'level', steps };
  const ratio = (now - before) / Math.abs(before);
  const isRatio = before > 0 && now > 0 && Math.abs(ratio) < 10;
  return { kind: s < 0 ? 'falling' : 'rising', steps, change: isRatio ? ratio : null };
}

/** A third of the values must be more than a single one. */
const leastSparse = 6;

/**
 * Whether a curve with few values (NaN elsewhere) falls after the step `from`: the medians of the first and last third
 * of its values there differ by at least a hundredth. Null with fewer than six values.
 */
export function fellSince(step: Float64Array, values: ArrayLike<number>, from: number): boolean | null {
  const recent = Array.from(step.keys()).flatMap((row) =>
    step[row] >= from && Number.isFinite(values[row]) ? [values[row]] : [],
  );
  if (recent.length < leastSparse) return null;
  const third = Math.floor(recent.length / 3);
  const [before, now] = [median(recent.slice(0, third)), median(recent.slice(-third))];
  return before - now >= leastChange * Math.abs(before);
}

/** The trend of the last values of a metric; `before` and `now` are medians of its first and last three. */
export interface RecentTrend {
  readonly kind: 'level' | 'falling' | 'rising';
  readonly steps: number;
  readonly before: number;
  readonly now: number;
}

/** Mann-Kendall's test of the last ten values of a curve with few values (NaN elsewhere); null with fewer. */
export function recentTrendOf(step: Float64Array, values: ArrayLike<number>): RecentTrend | null {
  const rows: number[] = [];
  for (let row = values.length - 1; row >= 0 && rows.length < blocks; row--)
    if (Number.isFinite(values[row])) rows.unshift(row);
  if (rows.length < blocks) return null;
  const found = rows.map((row) => values[row]);
  const [before, now] = [median(found.slice(0, 3)), median(found.slice(-3))];
  const s = kendallS(found);
  const isClear = Math.abs(s) >= significant && Math.abs(now - before) >= leastChange * Math.abs(before);
  const kind = !isClear ? 'level' : s < 0 ? 'falling' : 'rising';
  return { kind, steps: step[rows[blocks - 1]] - step[rows[0]], before, now };
}

/** The number of pairs in ascending order minus that of pairs in descending order. */
const kendallS = (values: readonly number[]): number =>
  values.reduce(
    (sum, value, i) => sum + values.slice(i + 1).reduce((each, later) => each + Math.sign(later - value), 0),
    0,
  );
