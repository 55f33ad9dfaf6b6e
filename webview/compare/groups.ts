// Groups the runs of a comparison: runs that differ only in their seed form one group.
import type { ComparedRun, MonitorSetting, MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { lineStyleOf } from '../ui/palette';
import type { Curve } from '../curve/curve';

/** A run whose state has been received. */
export interface LoadedRun extends MonitorStatus {
  readonly id: string;
  readonly state: MonitorState;
  readonly curve: Curve;
}

/** Runs that are drawn as one curve. */
export interface RunGroup {
  /** The id of the first run. */
  readonly id: string;
  /** What distinguishes the group from the others. */
  readonly label: string;
  readonly members: readonly LoadedRun[];
  readonly hue: number;
  readonly dash: number;
  /** By which the estimates of its runs are divided. */
  readonly factor: number;
}

/** The settings that may differ within a group. */
const seedKeys = new Set(['seed', 'seeds']);

/**
 * Groups the loaded runs, sorted by `order`, which lists all runs of the comparison. With `ungrouped`, each run is a
 * group of its own.
 */
export function groupRuns(runs: readonly LoadedRun[], order: readonly ComparedRun[], ungrouped: boolean): RunGroup[] {
  const sorted = order.flatMap(({ id }) => runs.find((run) => run.id === id) ?? []);
  const byKey = new Map<string, LoadedRun[]>();
  for (const run of sorted) {
    const key = ungrouped ? run.id : `${settingsWithoutSeed(run.state.settings)} ${protocolsOf(run)}`;
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey.values()];
  return groups.map((members, i) => ({
    id: members[0].id,
    label: labelOf(members, groups, ungrouped),
    members,
    factor: 1,
    ...lineStyleOf(i),
  }));
}

const settingsWithoutSeed = (settings: readonly MonitorSetting[]): string =>
  JSON.stringify(settings.flatMap(({ key, value }) => (seedKeys.has(key) ? [] : [[key, value]])));

/** Runs of the same settings may have used different feature networks under one name. */
const protocolsOf = ({ state }: LoadedRun): string =>
  JSON.stringify(
    state.columns.flatMap(({ name, protocol }) => (protocol ? [[name, protocol.features, protocol.data]] : [])),
  );

/**
 * The label of a group: its name if it is unique, else the smallest set of settings that distinguishes it from others
 * of the same name, else its folder. A name that all groups share is omitted.
 */
function labelOf([run]: readonly LoadedRun[], groups: readonly (readonly LoadedRun[])[], ungrouped: boolean): string {
  const { name, directory } = run.state;
  const firstRuns = groups.map(([first]) => first);
  let others = firstRuns.filter((other) => other !== run && other.state.name === name);
  if (others.length === 0) return name;
  const parts: string[] = [];
  const keys = differingSettings([run, ...others]).filter(
    (key) => settingValue(run, key) !== '' && (ungrouped || !seedKeys.has(key)),
  );
  while (others.length > 0) {
    const alike = (key: string) => others.filter((other) => settingValue(other, key) === settingValue(run, key));
    const best = keys.reduce<string | undefined>(
      (a, b) => (a === undefined || alike(b).length < alike(a).length ? b : a),
      undefined,
    );
    if (best === undefined || alike(best).length === others.length) break;
    others = alike(best);
    parts.push(shortSetting(best, settingValue(run, best)));
  }
  if (others.length > 0) parts.push(directory.split(/[\\/]/).at(-1) ?? directory);
  return firstRuns.every((other) => other.state.name === name) ? parts.join(', ') : `${name} (${parts.join(', ')})`;
}

/** A setting in short form: `lambda 10`, or just the value of a choice such as `clip`. */
function shortSetting(key: string, value: string): string {
  const last = key.split('.').at(-1) ?? key;
  return /^(kind|source|network|preset)$/.test(last) ? value : `${last} ${value}`;
}

/** The keys of the settings in which the runs differ, without the name. */
export function differingSettings(runs: readonly LoadedRun[]): string[] {
  const keys = [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))];
  return keys.filter((key) => key !== 'name' && new Set(runs.map((run) => settingValue(run, key))).size > 1);
}

/** The value of a setting; '' if the run does not have it. */
export const settingValue = ({ state }: LoadedRun, key: string): string =>
  state.settings.find((setting) => setting.key === key)?.value ?? '';
