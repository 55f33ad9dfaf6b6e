// Metadata of metrics columns for charts and tables: label, unit, tooltip and number format.
import { metrics } from '../../src/catalog';
import type { MonitorColumn } from '../../src/protocol/monitor';
import { t } from '../l10n';
import type { ChartPlan } from './chartPlan';

const numberFormats: Readonly<Record<string, ChartPlan['numberFormat']>> = {
  modes: 'count',
  highQuality: 'share',
  criticUpdates: 'count',
};

/** The catalog's description of a metric; '' for other columns, which have a value at every step. */
export function metricTooltip(name: string): string {
  const metricColumns = Object.values(metrics).map((metric): Record<string, { text: string }> => metric.yields);
  const found = metricColumns.find((columns) => Object.hasOwn(columns, name))?.[name];
  return found === undefined ? '' : t(found.text);
}

/** Whether a column has values only at some steps. */
export const isSparse = (name: string): boolean => metricTooltip(name) !== '' || name === 'validationEstimate';

/** Whether a column is smoothed. Counts are not, since a median may be a value that never occurred. */
export const isSmoothed = (name: string): boolean => !isSparse(name) && numberFormatOf(name) !== 'count';

export const numberFormatOf = (name: string): ChartPlan['numberFormat'] => numberFormats[name] ?? 'measured';

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The label of a column, translated if possible. */
export function columnLabel(name: string, label: string): string {
  if (name === 'validationEstimate') return t('estimate on held-out samples');
  return t(label);
}

const dataUnitColumns = new Set(['normalizedEstimate', 'lowerBound', 'w1', 'w1Floor']);

/** Columns on the scale of the estimate. */
const estimateScale = new Set(['criticLoss', 'generatorLoss', 'penalty', 'estimate', 'validationEstimate']);

/**
 * The unit of a column; '' if it has none. `estimate` is the estimate's column, null if the runs have different ones.
 * A critic with Lipschitz constant K estimates K times the Wasserstein distance.
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
