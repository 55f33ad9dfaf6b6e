// From a run's files to what the monitor's page is sent.
import { objectives } from '../../catalog';
import type { MonitorRows, MonitorState } from '../../protocol/monitor';
import type { Rows } from '../../run/metricsReader';

/** What of the monitor's state stands in the experiment alone. */
export type MonitorHead = Pick<MonitorState, 'name' | 'estimate' | 'settings'>;

/** `experiment` is the one of experiment.json, of which nothing is taken for granted: an older or newer program may have written it. */
export function monitorHead(experiment: unknown, fallbackName: string): MonitorHead {
  const { name, objective } = experiment as { name?: unknown; objective?: { kind?: unknown } | null };
  return {
    name: typeof name === 'string' ? name : fallbackName,
    estimate: estimateOf(objective?.kind),
    settings: flattened(experiment),
  };
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

function estimateOf(kind: unknown): MonitorState['estimate'] {
  if (typeof kind !== 'string' || !Object.hasOwn(objectives, kind)) {
    return { label: 'estimate', text: 'The objective of this run is not known to this version.', theory: null };
  }
  const entry = objectives[kind as keyof typeof objectives];
  const { label, text } = entry.estimate;
  return { label, text, theory: 'theory' in entry ? entry.theory : null };
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return value === null ? 'none' : String(value);
}
