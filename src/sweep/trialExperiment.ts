// The experiment of a trial: its base with the settings of the sweep, and its problems at their place in the sweep
// file.
import type { Override } from '../experiment';
import { parseExperiment, type Parsed } from '../experiment/parse';
import type { Change, Finding, Fix, Path, Problem } from '../experiment/problem';
import type { TrialSpec } from './trials';

/** An experiment file that a sweep is built on: its absolute path and its text. */
export interface BaseExperiment {
  readonly path: string;
  readonly text: string;
}

/** Parses the experiment of a trial; problems of its settings are told by `place`, in the sweep file. */
export const parseTrial = (
  base: BaseExperiment,
  settings: TrialSpec['settings'],
  place?: (finding: Finding) => Problem,
): Parsed =>
  parseExperiment(
    base.text,
    base.path,
    settings.map((setting, index) => overrideOf(setting, index, place)),
  );

function overrideOf(
  { path, value, at, written }: TrialSpec['settings'][number],
  index: number,
  place?: (finding: Finding) => Problem,
): Override {
  const assignment = `${path}=${JSON.stringify(value)}`;
  const setting = path.split('.');
  // The index makes equal assignments of two parts of the file distinct.
  return {
    option: `${index}: ${assignment}`,
    assignment,
    ...(place === undefined ? {} : { place: (finding) => place(moved(finding, setting, at, written)) }),
  };
}

/** A finding about the experiment as one about the setting of the sweep file that caused it. */
function moved(finding: Finding, setting: readonly string[], at: Path, written: boolean): Finding {
  const inner = finding.path.slice(setting.length);
  const isWhole = inner.length === 0;
  const keyAt = at.slice(0, at.lastIndexOf(setting.join('.')) + 1);
  const isKey = isWhole && finding.target === 'key';
  return {
    ...finding,
    path: isKey ? keyAt : written ? [...at, ...inner] : at,
    target: isKey ? 'key' : isWhole || !written ? 'value' : finding.target,
    fixes: (finding.fixes ?? []).flatMap((fix) => movedFix(fix, finding.path, setting, { at, keyAt, written })),
  };
}

/** A fix that only changes this setting, as a change of the sweep file; none for other fixes. */
function movedFix(
  { title, changes }: Fix,
  about: Path,
  setting: readonly string[],
  { at, keyAt, written }: { readonly at: Path; readonly keyAt: Path; readonly written: boolean },
): Fix[] {
  const move = (change: Change): Change | undefined => {
    const isInside = setting.every((key, index) => String(change.path[index]) === key);
    const inner = change.path.slice(setting.length);
    if (!isInside || about.length < setting.length) return undefined;
    if (inner.length > 0) return written ? { ...change, path: [...at, ...inner] } : undefined;
    if ('rename' in change) return { path: keyAt, rename: [...setting.slice(0, -1), change.rename].join('.') };
    if ('remove' in change) return { path: keyAt, remove: true };
    return written ? { path: at, value: change.value } : undefined;
  };
  const all = changes.map(move);
  return all.every((change) => change !== undefined) ? [{ title, changes: all }] : [];
}
