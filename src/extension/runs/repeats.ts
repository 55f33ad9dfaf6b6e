// What tells runs of the same title apart: their seed, and when they started.
import * as vscode from 'vscode';
import { shortStartTime, startTime, titleOf } from './describe';
import type { Run } from './readRuns';

/**
 * For each run that shares its title with others, by its directory: its seed and its start, with the time of day only
 * if the day does not tell it from the others.
 */
export function repeats(runs: readonly Run[]): ReadonlyMap<string, string> {
  const byTitle = new Map<string, Run[]>();
  for (const run of runs) {
    const title = titleOf(run);
    const before = byTitle.get(title);
    if (before) before.push(run);
    else byTitle.set(title, [run]);
  }
  return new Map([...byTitle.values()].filter(({ length }) => length > 1).flatMap(distinctStarts));
}

function distinctStarts(runs: readonly Run[]): (readonly [directory: string, text: string])[] {
  const starts = runs.map(({ directory }) => ({ directory, texts: startTexts(directory) }));
  const counts = new Map<string, number>();
  for (const { texts } of starts) counts.set(texts[0], (counts.get(texts[0]) ?? 0) + 1);
  return starts.map(({ directory, texts: [short, long] }) => [directory, counts.get(short) === 1 ? short : long]);
}

/** `Nov 22` and `Nov 22 14:03`, or of today `14:03` and `14:03:26`; both with the seed of a run of several seeds. */
function startTexts(directory: string): readonly [short: string, long: string] {
  const short = shortStartTime(directory);
  const time = startTime(directory).slice(11);
  const long = time.startsWith(short) ? time : `${short} ${time.slice(0, 5)}`;
  const seed = /-seed-(\d+)$/.exec(directory)?.[1];
  if (seed === undefined || short === '') return [short, long];
  return [`${vscode.l10n.t('seed {0}', seed)} · ${short}`, `${vscode.l10n.t('seed {0}', seed)} · ${long}`];
}
