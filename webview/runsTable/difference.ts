// The difference of a metric to that of the baseline, where the two can be compared.
import { rankedNumbers } from '../../src/catalog';
import type { TableRun } from '../../src/protocol/runsTable';
import { isEstimateColumn } from '../charts/columns';

export interface Difference {
  readonly value: number;
  /** Whether it is an improvement; null if that is unknown. */
  readonly better: boolean | null;
}

/** Null if one of the values is missing, or if the runs measured different things. */
export function differenceTo(baseline: TableRun, run: TableRun, name: string): Difference | null {
  const [from, to] = [baseline.values[name], run.values[name]];
  if (typeof from !== 'number' || typeof to !== 'number' || run.id === baseline.id) return null;
  if (!measuresAlike(baseline, run, name)) return null;
  const value = to - from;
  const rank = rankedNumbers[name]?.better ?? (isEstimateColumn(name) ? 'lower' : undefined);
  return { value, better: value === 0 || rank === undefined ? null : (rank === 'lower') === value < 0 };
}

/** What an estimate depends on: a critic of another shape or constraint estimates K·W with another K. */
const ofEstimate = /^(objective|constraint|critic|data|stabilization)(\.|$)/;
/** What the metrics of samples depend on. */
const ofMetric = /^(data|evaluation)(\.|$)/;

/** Only settings that differ between runs are listed, so that missing ones are equal. */
function measuresAlike(a: TableRun, b: TableRun, name: string): boolean {
  const relevant = isEstimateColumn(name) ? ofEstimate : ofMetric;
  const keys = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  return [...keys].every((key) => !relevant.test(key) || a.settings[key] === b.settings[key]);
}
