// Texts printed before and after a run: its heading, its summary, and the table of several seeds.
import path from 'node:path';
import type { EndReason, Row, TrainerEvent } from '../trainer/trainerEvents';
import type { Style } from './output';
import { clean, duration, plural, significant, throughput, aligned } from './format';
import { median } from '../math/statistics';
import { exitCode } from './exitCodes';
import type { DataConfig } from '../catalog';

type Event<K extends TrainerEvent['event']> = Extract<TrainerEvent, { event: K }>;

/** What is about to run, on what, and where it is written. */
export function runHeading(event: Event<'start'>, style: Style): string {
  const extent = event.from > 0 ? `from step ${event.from} to ${event.steps}` : plural(event.steps, 'step');
  const on = event.adapter ? `${event.device} (${event.adapter})` : event.device;
  const machine = `${event.engine} on ${on}, ${plural(event.threads, 'thread')}`;
  return [
    `${style.bold(clean(event.name))}  ${extent}, seed ${event.seed}, ${clean(machine)}`,
    style.dim(shortPath(event.run)),
    '',
  ].join('\n');
}

export interface AttemptFacts {
  /** Steps of this attempt, and the seconds they took. */
  readonly steps: number;
  readonly seconds: number;
  /** Modes that the data have, where they are a mixture. */
  readonly modes?: number;
  /** Where the last picture was saved. */
  readonly picture?: string;
  /** The last note that was printed: an end for the same reason does not repeat it. */
  readonly note?: string;
}

/** How it ended, what was reached, and where it is. */
export function runSummary(event: Event<'end'>, trained: AttemptFacts, style: Style): string {
  const [verb, colour] = endings[event.reason];
  const pace =
    trained.steps > 1 ? ` in ${duration(trained.seconds)} (${throughput(trained.steps / trained.seconds)})` : '';
  const why = event.message && event.message !== trained.note ? `: ${clean(event.message)}` : '';
  const headline = `${style[colour](verb)} at step ${event.step}${pace}${why}`;
  const run = shortPath(event.run);
  const rows = [
    ...metricRows(event.metrics, trained.modes),
    ...(trained.picture ? [['pictures', shortPath(path.dirname(trained.picture))]] : []),
    ['run', run],
    ...(resumable.includes(event.reason) ? [['go on', `earthmover resume ${quoted(run)}`]] : []),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [headline, '', ...rows.map(([label, text]) => `  ${style.dim(label.padEnd(width))}${text}`)].join('\n');
}

const endings: Readonly<Record<EndReason, readonly [verb: string, colour: 'green' | 'yellow' | 'red']>> = {
  finished: ['Finished', 'green'],
  stopped: ['Stopped', 'green'],
  interrupted: ['Interrupted', 'yellow'],
  diverged: ['Diverged', 'red'],
  failed: ['Failed', 'red'],
};

/** Ends after which going on leads elsewhere: a run that diverged would diverge again. */
const resumable: readonly EndReason[] = ['stopped', 'interrupted', 'failed'];

/** Measures that are read together stand in one row; one that is not known here gets a row of its own. */
function metricRows(measures: Row, modesInAll: number | undefined): string[][] {
  const { modes, highQuality, w1, w1Floor, ...others } = measures;
  const rows: string[][] = [];
  if (modes !== undefined) rows.push(['modes', modesInAll === undefined ? `${modes}` : `${modes} of ${modesInAll}`]);
  if (highQuality !== undefined) rows.push(['high quality', `${(100 * highQuality).toFixed(1)} %`]);
  if (w1 !== undefined) {
    const floor = w1Floor === undefined ? '' : `  (two real samples: ${significant(w1Floor)})`;
    rows.push(['exact W1', significant(w1) + floor]);
  }
  for (const [name, value] of Object.entries(others)) rows.push([clean(name), significant(value)]);
  return rows;
}

/** Relative to where the user is, unless that is the longer way to say it. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file) || '.';
  return clean(relative.length < file.length ? relative : file);
}

/** As it must be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** How the training of one seed ended; `end` is absent if it failed or was interrupted before its run began. */
export interface SeedResult {
  readonly seed: number;
  readonly code: number;
  readonly end?: Event<'end'>;
}

/** A row a seed with its measures, the median and range over them, and how many seeds were left out. */
export function seedsSummary(ends: readonly SeedResult[], seeds: number, style: Style): string {
  const measures = [...new Set(ends.flatMap(({ end }) => Object.keys(end?.metrics ?? {})))];
  const valuesOf = (name: string) => ends.flatMap(({ end }) => end?.metrics[name] ?? []);
  const rows = [
    ['seed', 'end', ...measures.map(clean)],
    ...ends.map(({ seed, end, code }) => [
      `${seed}`,
      end?.reason ?? (code === exitCode.interrupted ? 'interrupted' : 'failed'),
      ...measures.map((name) => numberText(end?.metrics[name])),
    ]),
    ...(ends.length > 1 && measures.length > 0
      ? [
          ['median', '', ...measures.map((name) => numberText(median(valuesOf(name))))],
          ['range', '', ...measures.map((name) => rangeText(valuesOf(name)))],
        ]
      : []),
  ];
  const lines = aligned(rows).map((line) => `  ${line}`);
  const missing = seeds - ends.length;
  const left = missing > 0 ? [`The other ${plural(missing, 'seed')} ${missing === 1 ? 'was' : 'were'} not begun.`] : [];
  return [
    style.bold(`${ends.length} of ${plural(seeds, 'seed')}`),
    '',
    style.dim(lines[0]),
    ...lines.slice(1),
    ...left,
  ].join('\n');
}

const numberText = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '-' : significant(value);

const rangeText = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? significant(low) : `${significant(low)} to ${significant(high)}`;
};

/** The modes of a mixture; undefined for data that are none. */
export function modeCount(data: DataConfig): number | undefined {
  if (data.source === 'gaussians-ring') return data.modes;
  if (data.source === 'gaussians-grid') return data.side ** 2;
  return undefined;
}
