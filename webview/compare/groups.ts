// A run of a comparison as the page keeps it, and how runs are put together: those that differ in their seed alone are one.
import type { ComparedRun, MonitorSetting, MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { lineStyleOf } from '../ui/palette';
import type { Curve } from '../curve/curve';

/** A run whose state has come. */
export interface LoadedRun extends MonitorStatus {
  readonly id: string;
  readonly state: MonitorState;
  readonly curve: Curve;
}

/** Runs that are drawn as one. */
export interface RunGroup {
  /** The first run's. */
  readonly id: string;
  /** Says what tells it from the others. */
  readonly label: string;
  readonly members: readonly LoadedRun[];
  readonly hue: number;
  readonly dash: number;
}

/** What may differ between runs of one group. */
const ofSeed = new Set(['seed', 'seeds']);

/**
 * Groups of the runs that have come, in the order of `order`, which has every run there is to be. With `apart` each run
 * stands alone.
 */
export function groupRuns(runs: readonly LoadedRun[], order: readonly ComparedRun[], apart: boolean): RunGroup[] {
  const sorted = order.flatMap(({ id }) => runs.find((run) => run.id === id) ?? []);
  const byKey = new Map<string, LoadedRun[]>();
  for (const run of sorted) {
    const key = apart ? run.id : sameBut(run.state.settings);
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey.values()];
  return groups.map((members, i) => ({
    id: members[0].id,
    label: labelOf(members, groups, apart),
    members,
    ...lineStyleOf(i),
  }));
}

const sameBut = (settings: readonly MonitorSetting[]): string =>
  JSON.stringify(settings.flatMap(({ key, value }) => (ofSeed.has(key) ? [] : [[key, value]])));

/**
 * What tells a group from the others: its name, where no other has that, else the fewest settings that no other of that
 * name has together; the folder where there are none. A name that all have is left out.
 */
function labelOf([run]: readonly LoadedRun[], groups: readonly (readonly LoadedRun[])[], apart: boolean): string {
  const { name, directory } = run.state;
  const heads = groups.map(([first]) => first);
  let others = heads.filter((head) => head !== run && head.state.name === name);
  if (others.length === 0) return name;
  const told: string[] = [];
  const keys = differingSettings([run, ...others]).filter(
    (key) => settingValue(run, key) !== '' && (apart || !ofSeed.has(key)),
  );
  while (others.length > 0) {
    const alike = (key: string) => others.filter((other) => settingValue(other, key) === settingValue(run, key));
    const best = keys.reduce<string | undefined>(
      (a, b) => (a === undefined || alike(b).length < alike(a).length ? b : a),
      undefined,
    );
    if (best === undefined || alike(best).length === others.length) break;
    others = alike(best);
    told.push(spoken(best, settingValue(run, best)));
  }
  if (others.length > 0) told.push(directory.split(/[\\/]/).at(-1) ?? directory);
  return heads.every((head) => head.state.name === name) ? told.join(', ') : `${name} (${told.join(', ')})`;
}

/** A setting in few words: `lambda 10`, and of a choice what was chosen, `clip`. */
function spoken(key: string, value: string): string {
  const last = key.split('.').at(-1) ?? key;
  return /^(kind|source|network|preset)$/.test(last) ? value : `${last} ${value}`;
}

/** The settings in which the runs differ, in the order of the experiments; the name is none. */
export function differingSettings(runs: readonly LoadedRun[]): string[] {
  const keys = [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))];
  return keys.filter((key) => key !== 'name' && new Set(runs.map((run) => settingValue(run, key))).size > 1);
}

/** A setting's value; '' where the experiment has none such. */
export const settingValue = ({ state }: LoadedRun, key: string): string =>
  state.settings.find((setting) => setting.key === key)?.value ?? '';
