// The range of an axis of values: what is drawn and the level that theory singles out, with some air.
import { type ChartPlan, isHidden, type LinePlan } from './chartPlan';

export type ValueRange = readonly [low: number, high: number];
type Values = readonly (number | null | undefined)[];

/** The share of a raw curve's points that may leave the chart at each end, so that a few wild batches do not flatten the rest; near zero, logarithms are wild by themselves. */
const wild = 0.01;
const wildLogs = 0.03;

/**
 * `ys` has the points in sight of each of the plan's lines, as logarithms to base 10 where `log`; those that are hidden take
 * no room. A share has [0, 1].
 */
export function valueRange(
  plan: ChartPlan,
  ys: readonly Values[],
  hidden: ReadonlySet<string>,
  log = false,
): ValueRange {
  const level = plan.level === null ? [] : [log ? Math.log10(plan.level.value) : plan.level.value];
  const levels = [...level.filter(Number.isFinite), ...(plan.numberFormat === 'share' ? [0, 1] : [])];
  const bounds = plan.lines.flatMap((line, i) =>
    isHidden(line, hidden) ? [] : boundsOf(line, ys[i], log ? wildLogs : wild),
  );
  let least = Infinity;
  let most = -Infinity;
  for (const value of [...bounds, ...levels]) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return [0, 1];
  const span = most - least || (log ? 1 : Math.abs(most) || 1);
  if (log) return [least - 0.06 * span, most + 0.06 * span];
  // A curve that comes near zero is shown with zero: that is where a distance is to go.
  const bottom = least >= 0 && least < 0.35 * span ? 0 : least - 0.06 * span;
  const top = most <= 0 && -most < 0.35 * span ? 0 : most + 0.06 * span;
  return [bottom, top];
}

/** Whether values have a place on a logarithmic axis: nearly all of them are above zero, but for raw ones that have their median before them. */
export function supportsLogAxis({ numberFormat, lines }: ChartPlan, ys: readonly Values[]): boolean {
  let positive = 0;
  let all = 0;
  for (const values of ys.filter((_, i) => lines[i].look !== 'pale'))
    for (const value of values) {
      if (value == null) continue;
      all++;
      if (value > 0) positive++;
    }
  return numberFormat === 'measured' && positive > 0 && positive >= 0.9 * all;
}

/** What is not above zero leaves a gap. */
export const toLog10 = (values: Values): (number | null | undefined)[] =>
  values.map((value) => (value == null ? value : value > 0 ? Math.log10(value) : null));

/** The smallest and the largest value of a line; of a raw curve, which has its median before it, those that all but the wildest keep to. */
function boundsOf({ look }: LinePlan, values: Values, below: number): readonly number[] {
  const sorted = Float64Array.from(values.filter((value) => value != null)).sort();
  if (sorted.length === 0) return [];
  const skip = (share: number) => (look === 'pale' && sorted.length > 20 ? Math.ceil(share * sorted.length) : 0);
  return [sorted[skip(below)], sorted[sorted.length - 1 - skip(wild)]];
}
