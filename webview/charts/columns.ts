// What the charts and tables know of a column: its label, unit, tooltip and number format.
import { metrics } from '../../src/catalog';
import type { MonitorColumn } from '../../src/protocol/monitor';
import { t } from '../l10n';
import type { ChartPlan } from './chartPlan';

const numberFormats: Readonly<Record<string, ChartPlan['numberFormat']>> = {
  modes: 'count',
  highQuality: 'share',
  criticUpdates: 'count',
};

/** What the catalog says of a measured number; '' of a column that is no measure, and so has a value at every step. */
export function metricTooltip(name: string): string {
  const yields = Object.values(metrics).map((measure): Record<string, { text: string }> => measure.yields);
  const found = yields.find((numbers) => Object.hasOwn(numbers, name))?.[name];
  return found === undefined ? '' : t(found.text);
}

/** Whether a column has values at some steps only. */
export const isSparse = (name: string): boolean => metricTooltip(name) !== '' || name === 'validationEstimate';

/** Whether a median says more of a column than its values do: of what is counted it would say what never was. */
export const isSmoothed = (name: string): boolean => !isSparse(name) && numberFormatOf(name) !== 'count';

/** How the numbers of a column are written. */
export const numberFormatOf = (name: string): ChartPlan['numberFormat'] => numberFormats[name] ?? 'measured';

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a column is called: in the page's language as far as it is known, else as the run calls it. */
export function columnLabel(name: string, label: string): string {
  if (name === 'validationEstimate') return t('estimate on held-out samples');
  return t(label);
}

const dataUnitColumns = new Set(['normalizedEstimate', 'w1', 'w1Floor']);

/** Losses and penalties are on the scale of the estimate: it is what they are made of. */
const estimateScale = new Set(['criticLoss', 'generatorLoss', 'penalty', 'estimate', 'validationEstimate']);

/**
 * What a column is measured in; '' of what has no unit. `estimate` is that column, null where runs do not agree on it. A
 * Wasserstein critic of slope K gives a distance K times over.
 */
export function unitOf({ name, unit }: MonitorColumn, estimate: Omit<MonitorColumn, 'name'> | null): string {
  if (estimateScale.has(name))
    return estimate === null
      ? ''
      : estimate.unit !== ''
        ? t(estimate.unit)
        : estimate.label === 'K·W'
          ? t('K × data units')
          : '';
  if (name === 'gradientNorm') return t('per data unit');
  return dataUnitColumns.has(name) ? t('data units') : t(unit);
}
