// What the comments of the examples say about their training, as measures of a run with bounds.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { median } from '../../src/math/median';
import type { Rows } from '../../src/run/metricsReader';
import { openRunMetrics } from '../../src/run/runMetrics';
import { table } from './markdown';

/** A number that describes a run, computed from its curves. */
interface Measure {
  readonly title: string;
  readonly of: (run: Rows) => number;
}

export interface Claim {
  /** Words of the example's comments. */
  readonly says: string;
  readonly measure: Measure;
  /** Bounds of the measure, inclusive; each holds with every seed. */
  readonly least?: number;
  readonly most?: number;
}

type Value = (run: Rows) => number;

/** The values of a column at the steps that have one. */
const valuesOf = (run: Rows, column: string): { readonly step: number; readonly value: number }[] =>
  Array.from(run.columns[column], (value, row) => ({ step: run.step[row], value })).filter(
    ({ value }) => !Number.isNaN(value),
  );

/** The median of a column within 25 steps of `step`: metrics are measured at sample steps only, losses fluctuate. */
const around =
  (column: string, step: number): Value =>
  (run) =>
    median(
      valuesOf(run, column)
        .filter((at) => Math.abs(at.step - step) <= 25)
        .map(({ value }) => value),
    );
const atEnd =
  (column: string): Value =>
  (run) =>
    around(column, run.step[run.count - 1])(run);
const allBetween =
  (column: string, from: number, to = Infinity): ((run: Rows) => number[]) =>
  (run) =>
    valuesOf(run, column)
      .filter(({ step }) => step >= from && step <= to)
      .map(({ value }) => value);

/** The value at one step relative to that at another. */
const relative =
  (later: Value, earlier: Value): Value =>
  (run) =>
    later(run) / earlier(run);

const words = { estimate: 'estimate', w1: 'W₁', highQuality: 'share within 3σ' } as const;
/** A column at the end relative to an earlier step. */
const endTo = (column: keyof typeof words, step: number): Measure => ({
  title: `${words[column]}: end / step ${step}`,
  of: relative(atEnd(column), around(column, step)),
});

const modesFrom2000: Measure = {
  title: 'fewest modes from step 2000 on',
  of: (run) => Math.min(...allBetween('modes', 2000)(run)),
};
const modesAtEnd: Measure = { title: 'modes at the end', of: atEnd('modes') };
const goodAtEnd: Measure = { title: 'share within 3σ at the end', of: atEnd('highQuality') };
const floorsAtEnd: Measure = {
  title: 'W₁ at the end / W₁ of two sets of real points',
  of: relative(atEnd('w1'), atEnd('w1Floor')),
};

/** The largest median of 50 neighboring values: a single one can be an outlier. */
const peak =
  (column: string): Value =>
  (run) => {
    const { step } = run;
    return Math.max(...Array.from(step, (at) => around(column, at)(run)).filter(Number.isFinite));
  };
const estimateRises: Measure = {
  title: 'estimate: largest / first',
  of: relative(peak('estimate'), (run) => median(allBetween('estimate', 1, 5)(run))),
};
const estimateFalls: Measure = {
  title: 'estimate: end / largest',
  of: relative(atEnd('estimate'), peak('estimate')),
};

/** Δ = ∫(p_r − p_g)²/(p_r + p_g) if p_g covers k of eight equal clusters, each with the share 1/k. */
const missingModes = (k: number): number => (2 * (8 - k)) / (8 + k);

/** Example → what its comments say. */
export const exampleClaims: Readonly<Record<string, readonly Claim[] | undefined>> = {
  'parallel-lines': [
    {
      says: 'the column "normalizedEstimate" is close to |θ|',
      measure: {
        title: 'largest |normalizedEstimate − W₁| from step 50 on',
        of: (run) =>
          Math.max(
            ...valuesOf(run, 'w1').map(({ step, value }) => Math.abs(around('normalizedEstimate', step)(run) - value)),
          ),
      },
      most: 0.15,
    },
    {
      says: 'θ moves straight toward 0, by about the learning rate per step',
      measure: {
        title: 'mean step of θ in the first 100, per learning rate',
        of: (run) => (1 - around('w1', 100)(run)) / 100 / 5e-3,
      },
      least: 0.8,
      most: 1,
    },
    {
      says: 'and stays there',
      measure: { title: '|θ| at the end', of: atEnd('w1') },
      most: 0.05,
    },
  ],
  gan: [
    { says: 'with some seeds one is missing at the end', measure: modesAtEnd, least: 7 },
    {
      says: 'at the end W₁ is more than twice the distance between two sets of real points',
      measure: floorsAtEnd,
      least: 2,
    },
    {
      says: 'From step 500 to 1000 the curve doubles',
      measure: {
        title: 'estimate: step 1000 / step 500',
        of: relative(around('estimate', 1000), around('estimate', 500)),
      },
      least: 2,
    },
    {
      says: 'although the samples improve: W₁ falls',
      measure: { title: 'W₁: step 1000 / step 500', of: relative(around('w1', 1000), around('w1', 500)) },
      most: 1,
    },
  ],
  lsgan: [
    {
      says: 'two to four of the eight clusters, depending on the seed, are lost',
      measure: modesAtEnd,
      least: 4,
      most: 6,
    },
    { says: 'with more than 85% of the samples within 3σ', measure: goodAtEnd, least: 0.85 },
    {
      says: 'k of eight clusters, matched perfectly, give 2(8 − k)/(8 + k), and the curve ends near that',
      measure: {
        title: 'estimate at the end − 2(8 − k)/(8 + k)',
        of: (run) => atEnd('estimate')(run) - missingModes(atEnd('modes')(run)),
      },
      least: -0.15,
      most: 0.15,
    },
    {
      says: 'In the first steps the estimate is far below 0',
      measure: { title: 'least estimate up to step 50', of: (run) => Math.min(...allBetween('estimate', 1, 50)(run)) },
      most: -2,
    },
  ],
  'lsgan-gp': [
    {
      says: 'all eight clusters from step 2000 on',
      measure: modesFrom2000,
      least: 8,
    },
    { says: 'more than 80% of the samples within 3σ of a cluster at the end', measure: goodAtEnd, least: 0.8 },
    {
      says: 'The mean gradient norm ‖∇D‖ stays near 1',
      measure: { title: 'median ‖∇D‖ from step 1000 on', of: (run) => median(allBetween('gradientNorm', 1000)(run)) },
      least: 0.9,
      most: 1.1,
    },
    {
      says: 'it decreases after step 1000, to less than a third at the end',
      measure: endTo('estimate', 1000),
      most: 0.33,
    },
  ],
  'ml-gan': [
    { says: 'all eight are covered', measure: modesAtEnd, least: 8 },
    {
      says: 'only a third to three quarters of the samples are of "high quality" at the end',
      measure: goodAtEnd,
      least: 0.33,
      most: 0.75,
    },
    {
      says: 'it rises as the noise fades',
      measure: endTo('estimate', 2500),
      least: 2,
    },
    {
      says: 'while the samples improve',
      measure: endTo('w1', 2500),
      most: 1,
    },
  ],
  'noisy-gan': [
    { says: 'all of them covered at the end', measure: modesAtEnd, least: 8 },
    {
      says: 'The JS estimate is near 0 for the first thousand steps',
      measure: {
        title: 'median |estimate| up to step 1000',
        of: (run) => median(allBetween('estimate', 1, 1000)(run).map(Math.abs)),
      },
      most: 0.05,
    },
    {
      says: 'rises as the noise fades',
      measure: endTo('estimate', 2500),
      least: 2,
    },
    {
      says: 'while the samples improve',
      measure: endTo('highQuality', 2500),
      least: 2,
    },
  ],
  wgan: [
    { says: 'No mode is lost', measure: modesAtEnd, least: 8 },
    { says: 'many samples lie between the clusters', measure: goodAtEnd, most: 0.75 },
    { says: 'The estimate decreases', measure: estimateFalls, most: 0.5 },
  ],
  'swiss-roll': [
    { says: 'W₁ falls nearly to the floor', measure: floorsAtEnd, most: 1.5 },
    { says: 'The estimate falls toward 0 too', measure: estimateFalls, most: 0.2 },
  ],
  'twenty-five-gaussians': [
    {
      says: 'then clusters: "modes" counts those with samples',
      measure: modesAtEnd,
      least: 25,
    },
    { says: 'The exact W₁ decreases toward its floor', measure: floorsAtEnd, most: 2 },
    {
      says: 'and K toward 1',
      measure: {
        title: 'K at the end',
        of: relative(atEnd('estimate'), atEnd('normalizedEstimate')),
      },
      least: 0.8,
      most: 2,
    },
  ],
  'wgan-gp': [
    { says: 'the estimate rises while the critic learns', measure: estimateRises, least: 2 },
    { says: 'Then it falls', measure: estimateFalls, most: 0.5 },
  ],
  'resnet-32': [{ says: 'The estimate falls', measure: estimateFalls, most: 0.5 }],
  'custom-model': [{ says: 'the Swiss roll, learned', measure: floorsAtEnd, most: 2 }],
  'eight-gaussians': [
    { says: 'all of them covered from step 2000 on', measure: modesFrom2000, least: 8 },
    {
      says: 'The estimate and W₁ fall together',
      measure: endTo('estimate', 1000),
      most: 0.5,
    },
    {
      says: 'and W₁ fall together',
      measure: endTo('w1', 1000),
      most: 0.5,
    },
  ],
  'fgan-kl': [
    { says: 'all eight clusters at the end', measure: modesAtEnd, least: 8 },
    {
      says: 'The bound, in nats, rises in the first steps',
      measure: {
        title: 'largest estimate up to step 1000',
        of: (run) => Math.max(...allBetween('estimate', 1, 1000)(run)),
      },
      least: 0.1,
    },
    {
      says: 'then falls toward 0',
      measure: { title: 'estimate at the end', of: atEnd('estimate') },
      least: -0.03,
      most: 0.03,
    },
    {
      says: 'keeps the critic smooth and training stable',
      measure: { title: 'largest |estimate|', of: (run) => Math.max(...allBetween('estimate', 1)(run).map(Math.abs)) },
      most: 10,
    },
  ],
};

/** Names of the examples and their files, relative to `examples/`, in alphabetical order. */
export const exampleFiles = (files: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    files
      .filter((file) => file.endsWith('.gan.json'))
      .map((file) => [path.basename(file, '.gan.json'), file] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** A hash of an example's settings, without its comments: results belong to the settings they were measured with. */
export const settingsHash = (text: string): string =>
  createHash('sha256')
    .update(JSON.stringify(parse(text)))
    .digest('hex')
    .slice(0, 8);

/** The curves of a run directory. */
export async function readRun(directory: string): Promise<Rows> {
  const metrics = await openRunMetrics(directory);
  try {
    return await metrics.read();
  } finally {
    await metrics.close();
  }
}

export const holds = ({ least = -Infinity, most = Infinity }: Claim, value: number): boolean =>
  value >= least && value <= most;

/** The cells of a claim before its values: example with the hash of its settings, words, measure, bounds. */
export const claimCells = (name: string, text: string, { says, measure, least, most }: Claim): readonly string[] => {
  const bounds =
    least === undefined
      ? `at most ${most}`
      : most === undefined
        ? `at least ${least}`
        : least === most
          ? String(least)
          : `${least} to ${most}`;
  return [`${name} ${settingsHash(text)}`, says, measure.title, bounds];
};

/** The claims of an example, the first of which is that its training gets to the end. */
export const claimsOf = (name: string, text: string): readonly Claim[] => {
  const { steps } = parse(text) as { steps: number };
  const lastStep: Measure = { title: 'last step', of: (run) => run.step[run.count - 1] };
  return [{ says: 'Train it', measure: lastStep, least: steps, most: steps }, ...(exampleClaims[name] ?? [])];
};

/** The row of a claim in docs/results.md: the cells above, and a value for each seed. */
export const claimRow = (name: string, text: string, claim: Claim, runs: readonly Rows[]): readonly string[] => [
  ...claimCells(name, text, claim),
  ...runs.map(claim.measure.of).map((value) => String(Number(value.toPrecision(5)))),
];

/** The rows of the table in docs/results.md. */
export const rowsOf = (page: string): readonly (readonly string[])[] =>
  [...(/<!-- generated by npm run examples -->([^]*?)<!-- end -->/.exec(page)?.[1] ?? '').matchAll(/^\| (.*) \|$/gm)]
    .map(([, row]) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
    .slice(2);

/** The block of docs/results.md: the new rows in place of those of the same examples. */
export function claimsTable(page: string, rows: readonly (readonly string[])[]): string {
  const nameIn = ([cell]: readonly string[]): string => cell.split(' ')[0];
  const replaced = new Set(rows.map(nameIn));
  const all = [...rowsOf(page).filter((row) => !replaced.has(nameIn(row))), ...rows];
  all.sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : Number(nameIn(a) > nameIn(b))));
  const seeds = Math.max(...all.map((row) => row.length)) - 4;
  const head = ['example, settings', 'its comments say', 'measured', 'bounds'];
  return table([...head, ...Array.from({ length: seeds }, (_, i) => `seed ${i + 1}`)], all);
}
