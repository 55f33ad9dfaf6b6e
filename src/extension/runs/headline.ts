// The number that says most about a run, for a row of the Runs view: a metric of its samples, else its estimate.
import * as vscode from 'vscode';
import type { MetricNumber } from '../../catalog';
// Not all of the catalog, which every window would load.
import { metrics } from '../../catalog/metrics';
import type { Run } from './readRuns';
import { significant } from './describe';

/** The finite ones of the last metrics and the estimate, by column. */
export function metricsOf({ status, estimate }: Pick<Run, 'status' | 'estimate'>): Readonly<Record<string, number>> {
  const known = Object.entries({ estimate, ...status?.metrics });
  return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== null));
}

/** In this order: distances that compare samples with real ones. */
const headlines = ['w1', 'fid', 'kid', 'swd'];

/** `W₁ 0.2135`, or the estimate without its name; '' before the first. */
export function headline(run: Pick<Run, 'status' | 'estimate'>): string {
  const known = metricsOf(run);
  const metric = headlines.find((name) => Object.hasOwn(known, name));
  if (metric !== undefined) return `${metricLabel(metric)} ${significant(known[metric])}`;
  return known.estimate === undefined ? '' : significant(known.estimate);
}

export function metricLabel(name: string): string {
  if (name === 'estimate') return vscode.l10n.t('Estimate');
  const all: readonly Readonly<Record<string, MetricNumber>>[] = Object.values(metrics).map(({ yields }) => yields);
  return all.find((yields) => Object.hasOwn(yields, name))?.[name].label ?? name;
}
