// The trials of a sweep file, in an order in which every setting gets its first result early, and more seeds, samples
// or values only add trials.
import { maxTrials } from '../catalog';
import { isRecord } from '../shared/isRecord';
import type { Path } from '../experiment/problem';
import type { SweepFile } from './schema';
import { drawSample } from './sampling';

/** What a trial sets in its experiment, and where the sweep file says so. */
interface TrialSetting {
  readonly path: string;
  readonly value: unknown;
  readonly at: Path;
  /** Whether `at` is the value itself; a drawn value is not in the file. */
  readonly written: boolean;
}

/** One trial of a sweep file, before it has a number. */
export interface TrialSpec {
  /** Index in the list of experiments. */
  readonly experiment: number;
  /** What distinguishes its setting: "experiment", "case", and the settings of the grid. */
  readonly axes: Readonly<Record<string, unknown>>;
  /** Index of its sample; null without samples. */
  readonly sample: number | null;
  /** The settings that were drawn. */
  readonly sampled: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** In the order in which they apply. */
  readonly settings: readonly TrialSetting[];
}

/** The paths of the experiments. */
export const experimentsOf = ({ experiment }: SweepFile): readonly string[] =>
  typeof experiment === 'string' ? [experiment] : experiment;

const seedsOf = ({ seeds = 1 }: SweepFile): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, k) => k + 1) : seeds;

/** The number of combinations, with those that are skipped. */
export function combinations(sweep: SweepFile): number {
  const lists = Object.values(sweep.over ?? {}).map(({ length }) => length);
  const cases = Object.keys(sweep.cases ?? {}).length || 1;
  return lists.reduce(
    (product, length) => product * length,
    experimentsOf(sweep).length * cases * seedsOf(sweep).length * (sweep.sample?.count ?? 1),
  );
}

/** The number of trials without a limit: the combinations that are not skipped. */
export function countTrials(sweep: SweepFile): number {
  if ((sweep.skip ?? []).length === 0) return combinations(sweep);
  let count = 0;
  for (const _ of trialsOf(sweep)) count++;
  return count;
}

/** More than this are not looked through for those that are not skipped. */
export const maxCombinations = 100 * maxTrials;

/** The trials: for each seed, for each sample, for each experiment and case, the grid. */
export function* trialsOf(sweep: SweepFile): Generator<TrialSpec> {
  const experiments = experimentsOf(sweep);
  const cases = Object.entries(sweep.cases ?? {});
  const set = Object.entries(sweep.set ?? {}).map(([path, value]) => writtenSetting(path, value, ['set', path]));
  const samples = samplesOf(sweep);
  for (const seed of seedsOf(sweep)) {
    for (let sample = 0; sample < (sweep.sample?.count ?? 1); sample++) {
      const sampled = samples(sample);
      const drawn = Object.entries(sampled).map(([path, value]) => {
        return { path, value, at: ['sample', 'of', path], written: false };
      });
      for (let experiment = 0; experiment < experiments.length; experiment++) {
        for (const [name, settings] of cases.length > 0 ? cases : [[undefined, {}] as const]) {
          for (const point of gridOf(sweep)) {
            const axes = {
              ...(experiments.length > 1 ? { experiment: experiments[experiment] } : {}),
              ...(name === undefined ? {} : { case: name }),
              ...Object.fromEntries(point.map(({ path, value }) => [path, value])),
            };
            if (isSkipped(sweep, { ...sampled, ...axes })) continue;
            const ofCase = Object.entries(settings).map(([path, value]) =>
              writtenSetting(path, value, ['cases', name ?? '', path]),
            );
            const all = [...set, ...drawn, ...ofCase, ...point];
            yield { experiment, axes, sample: sweep.sample ? sample : null, sampled, seed, settings: all };
          }
        }
      }
    }
  }
}

const writtenSetting = (path: string, value: unknown, at: Path): TrialSetting => ({ path, value, at, written: true });

/** Draws a sample once, though each seed needs it again. */
function samplesOf({ sample }: SweepFile): (index: number) => Record<string, unknown> {
  const drawn: Record<string, unknown>[] = [];
  return (index) => (sample ? (drawn[index] ??= drawSample(sample, index)) : {});
}

/** The points of the grid, the last setting changing fastest; one without settings if there is no grid. */
function* gridOf({ over = {} }: SweepFile): Generator<TrialSetting[]> {
  const axes = Object.entries(over);
  const sizes = axes.map(([, values]) => values.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  for (let index = 0; index < count; index++) {
    let left = index;
    const point: TrialSetting[] = [];
    for (let k = axes.length - 1; k >= 0; k--) {
      const [path, values] = axes[k];
      const at = left % sizes[k];
      left = (left - at) / sizes[k];
      point.unshift(writtenSetting(path, values[at], ['over', path, at]));
    }
    yield point;
  }
}

/** Whether a rule of "skip" has all its values among those of a trial. */
const isSkipped = ({ skip = [] }: SweepFile, values: Readonly<Record<string, unknown>>): boolean =>
  skip.some((rule) => Object.keys(rule).length > 0 && hasValues(values, rule));

/** Whether a trial with these values has all values of a rule of "skip". */
export const hasValues = (
  values: Readonly<Record<string, unknown>>,
  rule: Readonly<Record<string, unknown>>,
): boolean => Object.entries(rule).every(([path, value]) => matches(found(values, path), value));

/** The value of a setting: its own, or a part of that of an object around it ("constraint.kind" of "constraint"). */
export function found(values: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(values, path)) return values[path];
  const parts = path.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const owner = parts.slice(0, length).join('.');
    if (!Object.hasOwn(values, owner)) continue;
    return parts
      .slice(length)
      .reduce<unknown>(
        (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
        values[owner],
      );
  }
  return undefined;
}

/** A list means any of its values; a value that is itself a list is meant as a whole, too. */
function matches(value: unknown, wanted: unknown): boolean {
  const same = (other: unknown): boolean => value !== undefined && JSON.stringify(value) === JSON.stringify(other);
  return same(wanted) || (Array.isArray(wanted) && wanted.some(same));
}
