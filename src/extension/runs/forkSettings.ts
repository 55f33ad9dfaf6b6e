// The settings that a fork can change, and the changes that the user makes to them.
import { changedExperiment, inShortForms } from '../../experiment/changedExperiment';
import { setOverride } from '../../experiment';
import type { Path, Problem } from '../../experiment/problem';
import { settingText, type SettingText } from '../../experiment/settingText';
import { whyFixed } from '../../run/forkSettings';
import { isRecord } from '../../shared/isRecord';
import { settingRank } from './settingOrder';

export interface ForkSetting extends SettingText {
  /** As in a file: `optimizer.learningRate`. */
  readonly key: string;
  /** As it is entered: a word, or JSON. */
  readonly value: string;
}

/** Changed settings by key, as they are entered. */
export type Changes = ReadonlyMap<string, string>;

/** What a fork keeps of its run, and `steps`, which is asked for on its own. */
const omitted = new Set(['steps', 'seeds', 'preset', 'name']);

/** The settings of a run that a fork can change, those that users vary most first. */
export function forkSettings(experiment: unknown): ForkSetting[] {
  const short = inShortForms(experiment);
  const found = leaves(short).flatMap(({ path, value }) => {
    const key = path.join('.');
    if (omitted.has(key) || whyFixed(key) !== null) return [];
    return [{ key, value: entered(value), rank: settingRank(String(path[0])), ...settingText(path, short) }];
  });
  return found.sort((a, b) => a.rank - b.rank);
}

const entered = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Settings by their paths; a list of plain values is one setting. */
function leaves(value: unknown, path: Path = []): { readonly path: Path; readonly value: unknown }[] {
  const isPlainList = Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null);
  if (isPlainList || !(isRecord(value) || Array.isArray(value))) return [{ path, value }];
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

export const assignmentsOf = (changes: Changes): string[] => [...changes].map(([key, value]) => `${key}=${value}`);

/**
 * What the parser and the linter say about a run with changes, apart from what they say about it as it is.
 * @param file that messages name
 */
export function createForkCheck(experiment: unknown, file: string): (changes: Changes) => Problem | undefined {
  const before = new Set(changedExperiment(experiment, file, []).problems.map(({ message }) => message));
  return (changes) => {
    const { problems } = changedExperiment(experiment, file, assignmentsOf(changes).map(setOverride));
    const found = problems.filter(({ message }) => !before.has(message));
    return found.find(({ severity }) => severity === 'error') ?? found[0];
  };
}
