// Groups the runs of a comparison: runs that differ only in their seed form one group.
import type { ComparedRun, MonitorSetting } from '../../src/protocol/monitor';
import { lineStyleOf } from '../ui/palette';
import { type LoadedRun, seedKeys } from './loadedRun';
import { runLabels } from './runLabels';

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
  const labels = runLabels(
    groups.map(([first]) => first),
    ungrouped,
  );
  return groups.map((members, i) => ({
    id: members[0].id,
    label: labels[i],
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
