// A run of a comparison, and in which settings runs differ.
import type { MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import type { Curve } from '../curve/curve';

/** A run whose state has been received. */
export interface LoadedRun extends MonitorStatus {
  readonly id: string;
  readonly state: MonitorState;
  readonly curve: Curve;
}

/** The settings that may differ within a group. */
export const seedKeys: ReadonlySet<string> = new Set(['seed', 'seeds']);

/** The keys of the settings in which the runs differ, without the name. */
export function differingSettings(runs: readonly LoadedRun[]): string[] {
  const keys = [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))];
  return keys.filter((key) => key !== 'name' && new Set(runs.map((run) => settingValue(run, key))).size > 1);
}

/** The value of a setting; '' if the run does not have it. The steps are those that a run was extended to. */
export function settingValue({ state, status }: LoadedRun, key: string): string {
  const value = state.settings.find((setting) => setting.key === key)?.value ?? '';
  return key === 'steps' && value !== '' && status !== null ? String(status.steps) : value;
}
