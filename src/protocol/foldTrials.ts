// Folds the trials of a sweep into rows by settings: how many have a result, its median and range, and how many failed.
import { median } from '../math/median';
import {
  isOutcome,
  type PlannedTrial,
  type SettingValue,
  type SweepComparison,
  type TrialProgress,
  type TrialState,
} from './sweep';

export interface Trial extends PlannedTrial {
  readonly progress: TrialProgress;
}

/** A setting by its index in the plan, or what else distinguishes trials. */
export type GroupKey = number | 'sample' | 'seed';

export interface TrialGroup {
  /** Distinguishes the groups of a plan. */
  readonly id: string;
  /** The values of the keys. */
  readonly values: readonly SettingValue[];
  readonly trials: readonly Trial[];
  /** Trials with a result, and its median and range; null without any. */
  readonly count: number;
  readonly median: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly diverged: number;
  readonly failed: number;
  /** The number of trials in each state that some have. */
  readonly states: Readonly<Partial<Record<TrialState, number>>>;
  /** For each threshold the share in [0, 1] of the trials that ended; null before one has. */
  readonly within: readonly (number | null)[];
}

export const valueOf = (trial: PlannedTrial, key: GroupKey): SettingValue =>
  key === 'seed' ? trial.seed : key === 'sample' ? trial.sample : trial.values[key];

/** Groups of trials with equal values of `keys`, in the order of the plan. */
export function foldTrials(
  trials: readonly Trial[],
  keys: readonly GroupKey[],
  comparison: SweepComparison | null,
): TrialGroup[] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const id = JSON.stringify(keys.map((key) => valueOf(trial, key)));
    const members = groups.get(id);
    if (members) members.push(trial);
    else groups.set(id, [trial]);
  }
  return [...groups].map(([id, members]) => groupOf(id, members, keys, comparison));
}

/** The one with the best value, of several that have one; undefined if fewer have. */
export function bestOf<T>(
  candidates: readonly T[],
  valueOf: (candidate: T) => number | null,
  comparison: SweepComparison | null,
): T | undefined {
  const ranked = candidates.filter((each) => valueOf(each) !== null);
  if (comparison === null || ranked.length < 2) return undefined;
  const sign = comparison.maximize ? -1 : 1;
  return ranked.reduce((best, each) => (sign * valueOf(each)! < sign * valueOf(best)! ? each : best));
}

/** What the settings of trials are: those that differ, or the seed if none does. */
export const settingKeys = (settings: readonly unknown[]): readonly GroupKey[] =>
  settings.length > 0 ? settings.map((_, i) => i) : ['seed'];

/** The settings with the best median, and their best trial; undefined if fewer than two settings have a result. */
export function bestSettings(
  groups: readonly TrialGroup[],
  comparison: SweepComparison | null,
): { readonly group: TrialGroup; readonly trial: Trial } | undefined {
  const group = bestOf(groups, ({ median }) => median, comparison);
  if (group === undefined) return undefined;
  const valueOf = ({ progress }: Trial) => progress.value;
  const trial = bestOf(group.trials, valueOf, comparison) ?? group.trials.find((each) => valueOf(each) !== null)!;
  return { group, trial };
}

function groupOf(
  id: string,
  trials: readonly Trial[],
  keys: readonly GroupKey[],
  comparison: SweepComparison | null,
): TrialGroup {
  const values = trials.flatMap(({ progress }) => progress.value ?? []);
  const states: Partial<Record<TrialState, number>> = {};
  for (const { progress } of trials) states[progress.state] = (states[progress.state] ?? 0) + 1;
  const ended = trials.filter(({ progress }) => isOutcome(progress.state)).length;
  const isWithin = (value: number, threshold: number) =>
    comparison?.maximize ? value >= threshold : value <= threshold;
  return {
    id,
    values: keys.map((key) => valueOf(trials[0], key)),
    trials,
    count: values.length,
    median: values.length === 0 ? null : median(values),
    least: values.length === 0 ? null : Math.min(...values),
    most: values.length === 0 ? null : Math.max(...values),
    diverged: states.diverged ?? 0,
    failed: states.failed ?? 0,
    states,
    within: (comparison?.thresholds ?? []).map((threshold) =>
      ended === 0 ? null : values.filter((value) => isWithin(value, threshold)).length / ended,
    ),
  };
}
