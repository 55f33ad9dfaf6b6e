// The range of a value axis: the visible values and the theoretical level, with some padding.
import { type ChartPlan, isHidden, type LinePlan } from './chartPlan';

export type ValueRange = readonly [low: number, high: number];
type Values = readonly (number | null | undefined)[];

/**
 * The share of a raw curve's points cut off at each end, so that outliers do not flatten the rest. Logarithms need
 * more at the lower end.
 */
const outlierShare = 0.01;
const logOutlierShare = 0.03;

/**
 * `ys` has the visible points of each of the plan's lines, as log10 if `log`. Hidden lines are ignored. Shares always
 * include [0, 1].
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
    isHidden(line, hidden) ? [] : boundsOf(line, ys[i], log ? logOutlierShare : outlierShare),
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
  // The range of a curve near zero includes zero, since distances should approach it.
  const bottom = least >= 0 && least < 0.35 * span ? 0 : least - 0.06 * span;
  const top = most <= 0 && -most < 0.35 * span ? 0 : most + 0.06 * span;
  return [bottom, top];
}

/**
 * Whether a logarithmic axis makes sense: at least 90 % of the values are positive, ignoring raw curves behind a
 * median.
 */
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

/** Values that are not positive leave a gap. */
export const toLog10 = (values: Values): (number | null | undefined)[] =>
  values.map((value) => (value == null ? value : value > 0 ? Math.log10(value) : null));

/** The minimum and maximum of a line, without the outliers of a raw curve behind a median. */
function boundsOf({ look }: LinePlan, values: Values, lowerShare: number): readonly number[] {
  const sorted = Float64Array.from(values.filter((value) => value != null)).sort();
  if (sorted.length === 0) return [];
  const skip = (share: number) => (look === 'pale' && sorted.length > 20 ? Math.ceil(share * sorted.length) : 0);
  return [sorted[skip(lowerShare)], sorted[sorted.length - 1 - skip(outlierShare)]];
}
