// Describes a chart in text for screen readers: the last value and the range of each line in the legend.
import { writers } from '../format';
import { t } from '../l10n';
import { type ChartPlan, inLegend } from './chartPlan';

/** `ys` has the visible points of each of the plan's lines, `last` the last value of each; `range` is in words. */
export function chartSummary(
  plan: ChartPlan,
  ys: readonly (readonly (number | null | undefined)[])[],
  last: readonly number[],
  range: string,
): string {
  const write = writers[plan.numberFormat];
  const lines = inLegend(plan.lines).map((line) => {
    const i = plan.lines.indexOf(line);
    let low = Infinity;
    let high = -Infinity;
    for (const value of ys[i]) {
      if (value == null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low > high) return t('{0}: no values.', line.label);
    return t('{0}: last {1}, between {2} and {3}.', line.label, write(last[i]), write(low), write(high));
  });
  const level = plan.level === null ? '' : t('Theory: {0} = {1}.', plan.level.label, write(plan.level.value));
  return [`${range}.`, ...lines, level].join(' ').trim();
}
