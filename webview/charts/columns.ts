// Metadata of metrics columns for charts and tables: label, unit, tooltip and number format.
import { metrics, rankedNumbers, type MetricNumber } from '../../src/catalog';
import { protocolDifferences, type Protocol } from '../../src/protocol/metricProtocol';
import type { MonitorColumn } from '../../src/protocol/monitor';
import { formatCount } from '../format';
import { t } from '../l10n';
import type { ChartPlan } from './chartPlan';

const numberFormats: Readonly<Record<string, ChartPlan['numberFormat']>> = {
  modes: 'count',
  highQuality: 'share',
  criticUpdates: 'count',
  classes: 'count',
  accuracy: 'share',
  precision: 'share',
  recall: 'share',
  coverage: 'share',
};

const metricNumber = (name: string): MetricNumber | undefined =>
  Object.values(metrics)
    .map((metric): Readonly<Record<string, MetricNumber>> => metric.yields)
    .find((columns) => Object.hasOwn(columns, name))?.[name];

/** The catalog's description of a metric; '' for other columns, which have a value at every step. */
export function metricTooltip(name: string): string {
  const found = metricNumber(name);
  return found === undefined ? '' : t(found.text);
}

/** The description of a metric, and how it was measured. */
export function measuredTooltip({ name, protocol }: MonitorColumn): string {
  return protocol === undefined ? metricTooltip(name) : `${metricTooltip(name)} ${protocolText(protocol)}`;
}

function protocolText({ generated, real, split, features, classifier }: Protocol): string {
  const samples =
    real > 0
      ? t('{0} generated and {1} real samples ({2}).', formatCount(generated), formatCount(real), t(split))
      : t('{0} generated samples.', formatCount(generated));
  if (features === undefined) return classifier === undefined ? samples : `${samples} ${classifier}.`;
  const { layer, dimensions, sha256, input } = features;
  const by = t('Features: {0} numbers, output {1} of file {2}, {3}.', dimensions, layer, sha256.slice(0, 12), input);
  return `${samples} ${by}`;
}

/** The label of a metric, without the number of its samples. */
export const metricLabel = (name: string): string => t(metricNumber(name)?.label ?? name);

/** Distances to the data first, then the other metrics, then what depends on the critic. */
export const metricRank = (name: string): number =>
  metricTooltip(name) === '' ? 2 : rankedNumbers[name]?.better === 'higher' ? 1 : 0;

/** Whether the values of two columns may be compared: of the same name, and measured in the same way. */
export const isComparable = (a: MonitorColumn, b: MonitorColumn): boolean =>
  a.name === b.name &&
  (a.protocol === undefined || b.protocol === undefined
    ? a.protocol === b.protocol
    : protocolDifferences(a.protocol, b.protocol).length === 0);

/** Whether a column has values only at some steps. */
export const isSparse = (name: string): boolean => metricTooltip(name) !== '' || name === 'validationEstimate';

/** Whether a column is smoothed. Counts are not, since a median may be a value that never occurred. */
export const isSmoothed = (name: string): boolean => !isSparse(name) && numberFormatOf(name) !== 'count';

export const numberFormatOf = (name: string): ChartPlan['numberFormat'] => numberFormats[name] ?? 'measured';

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The label of a column, translated if possible. */
export function columnLabel({ name, label, protocol }: MonitorColumn): string {
  if (name === 'validationEstimate') return t('estimate on held-out samples');
  if (protocol !== undefined) return `${metricLabel(name)}, n = ${formatCount(protocol.generated)}`;
  return t(label);
}

const dataUnitColumns = new Set(['normalizedEstimate', 'lowerBound', 'w1', 'w1Floor']);

/** Whether a column is an estimate of the distance, of training or of held-out samples. */
export const isEstimateColumn = (name: string): boolean => name === 'estimate' || name === 'validationEstimate';

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
