// The runs table: the rows that the extension sends to its page, and what the page asks for.
import { type Check, count, finite, listOf, object, oneOf, orNull, record, text } from './check';
import { endStates, type RunState, workingStates } from './status';

/** The state of a run: the recorded one, or one inferred from its process or its files. */
export type TableState = RunState | 'stalled' | 'dead' | 'damaged';

/** A row of the table. */
export interface TableRun {
  /** The run directory. */
  readonly id: string;
  /** The name that the user gave the run, else that of its experiment. */
  readonly name: string;
  readonly experiment: string;
  /** The name of its folder. */
  readonly folder: string;
  readonly state: TableState;
  /** Null before the first status. */
  readonly step: number | null;
  readonly steps: number | null;
  /** Unix seconds; null if unknown. */
  readonly startedAt: number | null;
  /** Seconds of training; null before the first status. */
  readonly seconds: number | null;
  /** The estimate and the last metrics by column; null if not finite. */
  readonly values: Readonly<Record<string, number | null>>;
  /** What its objective estimates, such as K·W; '' if unknown. */
  readonly estimateLabel: string;
  /** Settings by key, only those in which the listed runs differ. */
  readonly settings: Readonly<Record<string, string>>;
  /** The name of the folder of the run that it is a fork of, and the step of the fork; null if it is none. */
  readonly parent: { readonly folder: string; readonly step: number } | null;
  readonly tags: readonly string[];
  readonly notes: string;
}

/** To the page: all runs, or only those that changed since. */
export type ToRunsTable =
  | { readonly type: 'runsTable'; readonly runs: readonly TableRun[]; readonly baseline: string | null }
  | { readonly type: 'tableRuns'; readonly runs: readonly TableRun[] };

export type FromRunsTable =
  | { readonly type: 'openTableRun'; readonly id: string }
  | { readonly type: 'compareTableRuns'; readonly ids: readonly string[] }
  /** Metrics are shown as differences to those of this run; null for none. */
  | { readonly type: 'pinBaseline'; readonly id: string | null }
  | {
      readonly type: 'annotateRun';
      readonly id: string;
      readonly name: string;
      readonly tags: readonly string[];
      readonly notes: string;
    };

const all =
  (check: Check): Check =>
  (value) =>
    record(value) && Object.values(value as object).every(check);

export const isTableRun: Check = object<TableRun>({
  id: text,
  name: text,
  experiment: text,
  folder: text,
  state: oneOf(...workingStates, ...endStates, 'stalled', 'dead', 'damaged'),
  step: orNull(count),
  steps: orNull(count),
  startedAt: orNull(finite),
  seconds: orNull(finite),
  values: all(orNull(finite)),
  estimateLabel: text,
  settings: all(text),
  parent: orNull(object<NonNullable<TableRun['parent']>>({ folder: text, step: count })),
  tags: listOf(text),
  notes: text,
});
