// Texts printed before and after a run: its heading, its summary, and the table of several seeds.
import path from 'node:path';
import type { EndReason, Row, TrainerEvent } from '../trainer/trainerEvents';
import type { Style } from './output';
import { clean, list, plural, significant } from '../shared/text';
import { duration, throughput, alignColumns } from './format';
import { median } from '../math/median';
import { exitCode } from './exitCodes';
import { type DataConfig, estimateOf } from '../catalog';
import type { Experiment } from '../experiment';

type Event<K extends TrainerEvent['event']> = Extract<TrainerEvent, { event: K }>;

/** Name, steps, seed, device and run directory of a run that starts. */
export function runHeading(event: Event<'start'>, style: Style): string {
  const range = event.from > 0 ? `from step ${event.from} to ${event.steps}` : plural(event.steps, 'step');
  const on = event.adapter ? `${event.device} (${event.adapter})` : event.device;
  const machine = `${event.engine} on ${on}, ${plural(event.threads, 'thread')}`;
  return [
    `${style.bold(clean(event.name))}  ${range}, seed ${event.seed}, ${clean(machine)}`,
    style.dim(shortPath(event.run)),
    '',
  ].join('\n');
}

/** What the reporter knows about this attempt when it ends. */
export interface AttemptFacts {
  /** Steps of this attempt, and the seconds they took. */
  readonly steps: number;
  readonly seconds: number;
  /** Number of modes of the data, if it is a mixture. */
  readonly modes?: number;
  /** File of the last sample grid. */
  readonly sampleGrid?: string;
  /** The last notice that was printed; the summary does not repeat it as the reason. */
  readonly notice?: string;
}

/** How a run ended, its metrics, and where its files are. */
export function runSummary(event: Event<'end'>, attempt: AttemptFacts, style: Style): string {
  const [verb, color] = endings[event.reason];
  const speed =
    attempt.steps > 1 ? ` in ${duration(attempt.seconds)} (${throughput(attempt.steps / attempt.seconds)})` : '';
  const reason = event.message && event.message !== attempt.notice ? `: ${clean(event.message)}` : '';
  const headline = `${style[color](verb)} at step ${event.step}${speed}${reason}`;
  const run = shortPath(event.run);
  const rows = [
    ...metricRows(event.metrics, attempt.modes),
    ...bestRow(event),
    ...(attempt.sampleGrid ? [['samples', shortPath(path.dirname(attempt.sampleGrid))]] : []),
    ['run', run],
    ...(resumable.includes(event.reason) ? [['resume', `earthmover resume ${quoted(run)}`]] : []),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [headline, '', ...rows.map(([label, text]) => `  ${style.dim(label.padEnd(width))}${text}`)].join('\n');
}

const endings: Readonly<Record<EndReason, readonly [verb: string, color: 'green' | 'yellow' | 'red']>> = {
  finished: ['Finished', 'green'],
  stopped: ['Stopped', 'green'],
  interrupted: ['Interrupted', 'yellow'],
  diverged: ['Diverged', 'red'],
  failed: ['Failed', 'red'],
  replaced: ['Replaced', 'red'],
};

/** Ends after which resuming makes sense: a run that diverged would diverge again. */
const resumable: readonly EndReason[] = ['stopped', 'interrupted', 'failed'];

/** Known metrics are combined into labeled rows; any other metric gets its own row. */
function metricRows(metrics: Row, allModes: number | undefined): string[][] {
  const { modes, highQuality, w1, w1Floor, ...others } = metrics;
  const rows: string[][] = [];
  if (modes !== undefined) rows.push(['modes', allModes === undefined ? `${modes}` : `${modes} of ${allModes}`]);
  if (highQuality !== undefined) rows.push(['high quality', `${(100 * highQuality).toFixed(1)}%`]);
  if (w1 !== undefined) {
    const floor = w1Floor === undefined ? '' : `  (two sets of real samples: ${significant(w1Floor)})`;
    rows.push(['exact W1', significant(w1) + floor]);
  }
  for (const [name, value] of Object.entries(others)) rows.push([clean(name), significant(value)]);
  return rows;
}

/** The checkpoint that the run keeps as the best. */
function bestRow({ best }: Event<'end'>): string[][] {
  if (!best) return [];
  const { metric, step, value } = best;
  return [['best', `${clean(metric)} ${significant(value)} at step ${step}  (--checkpoint best)`]];
}

/** The path relative to the working directory, or absolute if that is shorter. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file) || '.';
  return clean(relative.length < file.length ? relative : file);
}

/** The argument quoted for a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** How the run of one seed ended; `end` is absent if it failed or was interrupted before its run began. */
export interface SeedResult {
  readonly seed: number;
  readonly code: number;
  readonly end?: Event<'end'>;
}

/** A table with the metrics of each seed, their median and range, and the number of seeds that were not started. */
export function seedsSummary(results: readonly SeedResult[], seeds: number, style: Style): string {
  const names = [...new Set(results.flatMap(({ end }) => Object.keys(end?.metrics ?? {})))];
  const valuesOf = (name: string) => results.flatMap(({ end }) => end?.metrics[name] ?? []);
  const rows = [
    ['seed', 'result', ...names.map(clean)],
    ...results.map(({ seed, end, code }) => [
      `${seed}`,
      end?.reason ?? (code === exitCode.interrupted ? 'interrupted' : 'failed'),
      ...names.map((name) => numberText(end?.metrics[name])),
    ]),
    ...(results.length > 1 && names.length > 0
      ? [
          ['median', '', ...names.map((name) => numberText(median(valuesOf(name))))],
          ['range', '', ...names.map((name) => rangeText(valuesOf(name)))],
        ]
      : []),
  ];
  const lines = alignColumns(rows).map((line) => `  ${line}`);
  const failed = results.filter(({ end, code }) => code === exitCode.failed && end?.reason !== 'diverged');
  const failures = failed.length === 0 ? [] : [`Failed: seed ${list(failed.map(({ seed }) => `${seed}`))}.`];
  const missing = seeds - results.length;
  const skipped = missing > 0 ? [`${plural(missing, 'seed')} ${missing === 1 ? 'was' : 'were'} not started.`] : [];
  return [
    style.bold(`${results.length} of ${plural(seeds, 'seed')}`),
    '',
    style.dim(lines[0]),
    ...lines.slice(1),
    ...failures,
    ...skipped,
  ].join('\n');
}

const numberText = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '-' : significant(value);

const rangeText = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? significant(low) : `${significant(low)} to ${significant(high)}`;
};

/** What the reporter knows of the experiment: what its objective estimates, and how many modes its data has. */
export interface RunSubject {
  readonly estimate?: string;
  readonly modes?: number;
}

export const subjectOf = ({ objective, data }: Pick<Experiment, 'objective' | 'data'>): RunSubject => ({
  estimate: estimateOf(objective).label,
  modes: modeCount(data),
});

/** The number of modes of a mixture; undefined for other data. */
function modeCount(data: DataConfig): number | undefined {
  if (data.source === 'gaussians-ring') return data.modes;
  if (data.source === 'gaussians-grid') return data.side ** 2;
  return undefined;
}
