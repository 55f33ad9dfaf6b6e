// The number that says most about a run, for a row of the Runs view: a metric of its samples, else its estimate.
import * as vscode from 'vscode';
import type { MetricNumber } from '../../catalog';
// Not all of the catalog, which every window would load.
import { metricNumbers } from '../../catalog/metricNumbers';
import type { Run } from './readRuns';

/** The finite ones of the last metrics and the estimate, by column. */
export function metricsOf({ status, estimate }: Pick<Run, 'status' | 'estimate'>): Readonly<Record<string, number>> {
  const known = Object.entries({ estimate, ...status?.metrics });
  return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== null));
}

/** In this order: distances that compare samples with real ones. */
const headlines = ['w1', 'fid', 'kid', 'swd'];

/** `W₁ 0.2135`, or the estimate: `K·W 1.31`; '' before the first. */
export function headline(run: Pick<Run, 'status' | 'estimate' | 'estimateLabel'>): string {
  const known = metricsOf(run);
  const metric = headlines.find((name) => Object.hasOwn(known, name));
  if (metric !== undefined) return `${metricLabel(metric)} ${significant(known[metric])}`;
  return estimateText(run);
}

/** The name of a metric, or of the estimate if all `runs` have the same. */
export function metricLabel(name: string, runs: readonly Pick<Run, 'estimateLabel'>[] = []): string {
  if (name === 'estimate') {
    const [label = '', another] = new Set(runs.map((run) => run.estimateLabel).filter((each) => each !== ''));
    return estimateName(another === undefined ? label : '');
  }
  return numberOf(name)?.label ?? name;
}

const numbers: Readonly<Record<string, Omit<MetricNumber, 'text'>>> = metricNumbers;
const numberOf = (name: string) => (Object.hasOwn(numbers, name) ? numbers[name] : undefined);

/** Which of two values of a number is better; undefined if neither is, or it is not a number of a metric. */
export const betterOf = (name: string) => numberOf(name)?.better;

/** `K·W 0.213`, with the name and the value of the monitor; '' before the first. */
function estimateText({ estimate, estimateLabel }: Pick<Run, 'estimate' | 'estimateLabel'>): string {
  return estimate === null ? '' : `${estimateName(estimateLabel)} ${significant(estimate)}`;
}

/** The localized name of an estimate. Most are formulas. */
function estimateName(label: string): string {
  const words: Readonly<Record<string, string>> = {
    '': vscode.l10n.t('Estimate'),
    bound: vscode.l10n.t('bound'),
    'KL bound': vscode.l10n.t('KL bound'),
    'reverse KL': vscode.l10n.t('reverse KL'),
  };
  return words[label] ?? label;
}

/** Four significant digits: 0.2135, 38.24, 12345, 1.2e-7. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(2);
  return size >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
