// A run of a comparison as the page keeps it, and how runs are put together: those that differ in their seed alone are one.
import type { ComparedRun, MonitorSetting, MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { looksOf } from '../palette';
import type { Curve } from '../run/curve';

/** A run whose state has come. */
export interface Compared extends MonitorStatus {
  readonly id: string;
  readonly state: MonitorState;
  readonly curve: Curve;
}

/** Runs that are drawn as one. */
export interface Group {
  /** The first run's. */
  readonly id: string;
  /** Says what tells it from the others. */
  readonly label: string;
  readonly members: readonly Compared[];
  readonly hue: number;
  readonly dash: number;
}

/** What may differ between runs of one group. */
const ofSeed = new Set(['seed', 'seeds']);

/**
 * Groups of the runs that have come, in the order of `order`, which has every run there is to be. With `apart` each run
 * stands alone.
 */
export function groupsOf(runs: readonly Compared[], order: readonly ComparedRun[], apart: boolean): Group[] {
  const sorted = order.flatMap(({ id }) => runs.find((run) => run.id === id) ?? []);
  const byKey = new Map<string, Compared[]>();
  for (const run of sorted) {
    const key = apart ? run.id : sameBut(run.state.settings);
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey.values()];
  return groups.map((members, i) => ({ id: members[0].id, label: labelOf(members, groups), members, ...looksOf(i) }));
}

const sameBut = (settings: readonly MonitorSetting[]): string =>
  JSON.stringify(settings.flatMap(({ key, value }) => (ofSeed.has(key) ? [] : [[key, value]])));

/** The name, with the first two settings that tell it from groups of the same name; the folder where none does. */
function labelOf(members: readonly Compared[], groups: readonly (readonly Compared[])[]): string {
  const [{ state }] = members;
  const namesakes = groups.filter(([first]) => first.state.name === state.name);
  if (namesakes.length === 1) return state.name;
  const heads = namesakes.map(([first]) => first);
  const told = differing(heads).slice(0, 2).map((key) => `${key.split('.').at(-1)} ${settingOf(members[0], key)}`); // prettier-ignore
  return `${state.name} (${told.join(', ') || state.directory.split(/[\\/]/).at(-1)})`;
}

/** The settings in which the runs differ, in the order of the experiments; the name is none. */
export function differing(runs: readonly Compared[]): string[] {
  const keys = [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))];
  return keys.filter((key) => key !== 'name' && new Set(runs.map((run) => settingOf(run, key))).size > 1);
}

/** A setting's value; '' where the experiment has none such. */
export const settingOf = ({ state }: Compared, key: string): string => state.settings.find((setting) => setting.key === key)?.value ?? ''; // prettier-ignore
