// From a run's files to what the monitor's page is sent.
import { parse } from 'jsonc-parser';
import { divergences, objectives, type Estimate } from '../../catalog';
import type { MonitorEstimate, MonitorRows, MonitorSetting, MonitorState } from '../../protocol/monitor';
import type { Rows } from '../../run/metricsReader';

/** What of the monitor's state stands in the experiment alone. */
export type MonitorHead = Pick<MonitorState, 'name' | 'seed' | 'estimate' | 'settings'>;

/**
 * `experiment` is the one of experiment.json, of which nothing is taken for granted: an older or newer program may have
 * written it. `text` is the experiment file as it was then, '' where that is not known.
 */
export function monitorHead(experiment: unknown, text: string, fallbackName: string): MonitorHead {
  const { name, objective, seed } = experiment as {
    name?: unknown;
    objective?: { kind?: unknown; divergence?: unknown } | null;
    seed?: unknown;
  };
  return {
    name: typeof name === 'string' ? name : fallbackName,
    seed: typeof seed === 'number' && Number.isFinite(seed) ? seed : null,
    estimate: estimateOf(objective?.kind, objective?.divergence),
    settings: settingsOf(experiment, text),
  };
}

/** Every setting of the experiment, with what the file says of it. */
export function settingsOf(experiment: unknown, text: string): MonitorSetting[] {
  const said = new Map(flattened((parse(text, [], { allowTrailingComma: true }) as unknown) ?? {}));
  return flattened(experiment).map(([key, value]) => {
    const spelled = spellings(key).find((each) => said.has(each));
    return { key, value, written: spelled === undefined ? null : (said.get(spelled) ?? null) };
  });
}

/**
 * The keys under which a file may say what the experiment has under `key`: `constraint.0.kind` is said as `constraint.kind`
 * or `constraint` where there is one, and `optimizer.critic.beta1` as `optimizer.beta1` where both networks have the same.
 */
function spellings(key: string): string[] {
  const shorter = [
    key,
    key.replace(/\.\d+(?=\.|$)/g, ''),
    key.replace(/^optimizer\.(generator|critic)\./, 'optimizer.'),
  ];
  return shorter.flatMap((each) => [each, each.replace(/\.(kind|source|network)$/, '')]);
}

/** Settings one a line: `critic.width` = '128', `samples.grid` = '8, 8', `constraint.0.kind` = 'gradient-penalty'. */
export function flattened(value: unknown, path: readonly string[] = []): (readonly [key: string, value: string])[] {
  const isList = Array.isArray(value);
  const plainList = isList && value.every((item) => typeof item !== 'object' || item === null);
  if (typeof value !== 'object' || value === null || plainList) return [[path.join('.'), shown(value)]];
  const inner = Object.entries(value).flatMap(([key, item]) => flattened(item, [...path, key]));
  return inner.length > 0 || path.length === 0 ? inner : [[path.join('.'), isList ? 'none' : '']];
}

/** Rows as they cross to the page: steps as float64, which is what charts take. */
export const monitorRows = ({ step, wallTime, columns }: Rows): MonitorRows => ({
  step: Float64Array.from(step),
  wallTime,
  values: columns,
});

export const noRows: MonitorRows = { step: new Float64Array(0), wallTime: new Float64Array(0), values: {} };

function estimateOf(kind: unknown, divergence: unknown): MonitorEstimate {
  const ofDivergence = kind === 'f-gan' ? entryOf(divergences, divergence) : undefined;
  const found: { readonly estimate: Estimate } | undefined = ofDivergence ?? entryOf(objectives, kind);
  if (found === undefined)
    return { label: 'estimate', text: 'The objective of this run is not known to this version.', theory: null };
  const { label, text, theory = null } = found.estimate;
  return { label, text, theory };
}

const entryOf = <T extends object>(table: T, id: unknown): T[keyof T] | undefined =>
  typeof id === 'string' && Object.hasOwn(table, id) ? table[id as keyof T] : undefined;

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return value === null ? 'none' : String(value);
}
