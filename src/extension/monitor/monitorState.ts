// Converts a run's files to the state that the monitor's page receives.
import { parse } from 'jsonc-parser';
import { divergences, objectives, type Estimate } from '../../catalog';
import type { MonitorEstimate, MonitorRows, MonitorSetting, MonitorState } from '../../protocol/monitor';
import type { Rows } from '../../run/metricsReader';
import { flattened } from '../../shared/flatSettings';

/** The part of the monitor's state that depends on the experiment only. */
export type MonitorHead = Pick<MonitorState, 'name' | 'parent' | 'seed' | 'estimate' | 'settings'>;

/**
 * `experiment` is from experiment.json and not validated: another version may have written it. `text` is the experiment
 * file at that time, '' if unknown.
 */
export function monitorHead(
  experiment: unknown,
  text: string,
  fallbackName: string,
  parent: MonitorHead['parent'] = null,
): MonitorHead {
  const { name, objective, seed } = experiment as {
    name?: unknown;
    objective?: { kind?: unknown; divergence?: unknown } | null;
    seed?: unknown;
  };
  return {
    name: typeof name === 'string' ? name : fallbackName,
    parent: parent && { directory: parent.directory, step: parent.step },
    seed: typeof seed === 'number' && Number.isFinite(seed) ? seed : null,
    estimate: estimateOf(objective?.kind, objective?.divergence),
    settings: settingsOf(experiment, text),
  };
}

/** Every setting of the experiment, with its value in the file. */
export function settingsOf(experiment: unknown, text: string): MonitorSetting[] {
  const inFile = new Map(flattened((parse(text, [], { allowTrailingComma: true }) as unknown) ?? {}));
  return flattened(experiment).map(([key, value]) => {
    const spelling = spellingsOf(key).find((each) => inFile.has(each));
    return { key, value, written: spelling === undefined ? null : (inFile.get(spelling) ?? null) };
  });
}

/**
 * The keys by which a file can set `key` of the experiment: `constraint.0.kind` can be `constraint.kind` or
 * `constraint` if there is only one, and `optimizer.critic.beta1` can be `optimizer.beta1` if both networks share it.
 */
function spellingsOf(key: string): string[] {
  const shorter = [
    key,
    key.replace(/\.\d+(?=\.|$)/g, ''),
    key.replace(/^optimizer\.(generator|critic)\./, 'optimizer.'),
  ];
  return shorter.flatMap((each) => [each, each.replace(/\.(kind|source|network)$/, '')]);
}

/** Rows in the format of the page: steps as float64, which the charts need. */
export const monitorRows = ({ step, wallTime, columns }: Rows): MonitorRows => ({
  step: Float64Array.from(step),
  wallTime,
  values: columns,
});

/**
 * At most `most` rows, for a first look at a long curve: each stands for those since the one before it, with the last
 * value that each column has among them.
 */
export function thinnedRows({ step, wallTime, values }: MonitorRows, most: number): MonitorRows {
  const count = step.length;
  const kept = Math.min(most, count);
  const ends = Array.from({ length: kept }, (_, i) => Math.floor(((i + 1) * count) / kept));
  const lastOf = (column: Float32Array) => (end: number, i: number) => {
    for (let row = end - 1; row >= (ends[i - 1] ?? 0); row--) if (!Number.isNaN(column[row])) return column[row];
    return NaN;
  };
  return {
    step: Float64Array.from(ends, (end) => step[end - 1]),
    wallTime: Float64Array.from(ends, (end) => wallTime[end - 1]),
    values: Object.fromEntries(
      Object.entries(values).map(([name, column]) => [name, Float32Array.from(ends, lastOf(column))]),
    ),
  };
}

/** Copies of the rows in parts of at most `most`: a view would be sent with all that it is a view of. */
export function partsOf({ step, wallTime, values }: MonitorRows, most: number): MonitorRows[] {
  return Array.from({ length: Math.ceil(step.length / most) }, (_, part) => {
    const [from, to] = [part * most, (part + 1) * most];
    return {
      step: step.slice(from, to),
      wallTime: wallTime.slice(from, to),
      values: Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column.slice(from, to)])),
    };
  });
}

export const noRows: MonitorRows = { step: new Float64Array(0), wallTime: new Float64Array(0), values: {} };

function estimateOf(kind: unknown, divergence: unknown): MonitorEstimate {
  const ofDivergence = kind === 'f-gan' ? entryOf(divergences, divergence) : undefined;
  const found: { readonly estimate: Estimate } | undefined = ofDivergence ?? entryOf(objectives, kind);
  if (found === undefined)
    return {
      label: 'estimate',
      text: "This version of Earthmover does not support this run's objective.",
      theory: null,
    };
  const { label, text, theory = null } = found.estimate;
  return { label, text, theory };
}

const entryOf = <T extends object>(table: T, id: unknown): T[keyof T] | undefined =>
  typeof id === 'string' && Object.hasOwn(table, id) ? table[id as keyof T] : undefined;
