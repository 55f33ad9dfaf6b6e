// The range of an axis of values: what is drawn and the level that theory singles out, with some air.
import type { ChartPlan, LinePlan } from './plan';

export type Range = readonly [low: number, high: number];

/** The share of a raw curve's points that may leave the chart at each end, so that a few wild batches do not flatten the rest. */
const wild = 0.01;

/** `ys` has the points in sight of each of the plan's lines; those that are hidden take no room. A share has [0, 1]. */
export function valueRange(
  plan: ChartPlan,
  ys: readonly (readonly (number | null)[])[],
  hidden: ReadonlySet<string>,
): Range {
  const levels = [...(plan.level === null ? [] : [plan.level.value]), ...(plan.numbers === 'share' ? [0, 1] : [])];
  const bounds = plan.lines.flatMap((line, i) => (hidden.has(line.key) ? [] : boundsOf(line, ys[i])));
  let least = Infinity;
  let most = -Infinity;
  for (const value of [...bounds, ...levels]) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return [0, 1];
  const span = most - least || Math.abs(most) || 1;
  // A curve that comes near zero is shown with zero: that is where a distance is to go.
  const bottom = least >= 0 && least < 0.35 * span ? 0 : least - 0.06 * span;
  const top = most <= 0 && -most < 0.35 * span ? 0 : most + 0.06 * span;
  return [bottom, top];
}

/** The smallest and the largest value of a line; of a raw curve, which has its median before it, those that all but the wildest keep to. */
function boundsOf({ look }: LinePlan, values: readonly (number | null)[]): readonly number[] {
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
  if (sorted.length === 0) return [];
  const skip = look === 'pale' ? Math.floor(wild * sorted.length) : 0;
  return [sorted[skip], sorted[sorted.length - 1 - skip]];
}
