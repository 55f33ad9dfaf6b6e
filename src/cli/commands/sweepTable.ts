// `earthmover sweep table`: the results of a sweep by setting, as text, CSV, Markdown, LaTeX or JSON.
import { nearest } from '../../experiment/suggestions';
import { csvOf, latexTable, markdownTable, type Table } from '../../shared/table';
import { clean } from '../../shared/text';
import { allKeys, pairsTable, settingOf, settingsTable, trialsTable, usualKeys } from '../../sweep/resultTables';
import { comparisonOf, readResults } from '../../sweep/results';
import type { Sweep } from '../../sweep/sweepDirectory';
import type { Arguments } from '../arguments';
import type { CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { sweepArgument } from '../sweep/sweepArgument';
import { tableLines } from '../sweep/tableLines';
import { type sweepTableOptions } from './options';

export const sweepTable: CommandHandler<typeof sweepTableOptions> = async ({ out }, { values, rest }) => {
  const sweep = sweepArgument(rest[0]);
  const format = formatOf(values);
  const keys = keysOf(sweep, values.by);
  const tables = await tablesOf(sweep, keys, values.all === true);
  if (values.json) for (const [name, table] of tables) out.line(toJson({ event: 'table', name, ...table }));
  else out.line(tables.map(([, table]) => format(table).replace(/\n$/, '')).join('\n\n'));
  return exitCode.ok;
};

/** The tables of a sweep by name: all trials, or the settings and, if there are two, their pairs. */
export async function tablesOf(sweep: Sweep, keys: readonly string[] | null, all: boolean): Promise<[string, Table][]> {
  const comparison = comparisonOf(sweep);
  const results = await readResults(sweep, comparison);
  if (all) return [['trials', trialsTable(results, keys ?? allKeys(sweep.trials), comparison)]];
  const by = keys ?? usualKeys(sweep.trials);
  const pairs = pairsTable(results, by, comparison);
  return [
    ['settings', settingsTable(results, by, comparison)],
    ...(pairs ? [['pairs', pairs] as [string, Table]] : []),
  ];
}

const formats: Readonly<Record<'csv' | 'markdown' | 'latex', (table: Table) => string>> = {
  csv: csvOf,
  markdown: markdownTable,
  latex: latexTable,
};

/** @throws UserError if more than one format is asked for */
function formatOf(values: Arguments<typeof sweepTableOptions>['values']): (table: Table) => string {
  const asked = (['csv', 'markdown', 'latex', 'json'] as const).filter((name) => values[name]);
  if (asked.length > 1) throw errors.severalFormats(asked.map((name) => `--${name}`));
  const [name] = asked;
  return name === undefined || name === 'json' ? (table) => tableLines(table).join('\n') : formats[name];
}

/** The keys of --by, each of which some trial has; null without --by. */
function keysOf({ trials }: Sweep, by: readonly string[] | undefined): readonly string[] | null {
  if (by === undefined) return null;
  const known = allKeys(trials);
  for (const key of by) {
    if (trials.some((trial) => settingOf(trial, key) !== undefined)) continue;
    throw errors.unknownSetting(clean(key), nearest(key, known), known);
  }
  return by;
}
