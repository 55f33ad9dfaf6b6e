// Statistics of a data set: shape, sizes, range, classes.
import { type DataSource } from '../data';
import { grouped, plural, significant } from '../shared/text';

/** A split of the data, with samples [n, ...shape]. */
export interface SampledSplit {
  readonly name: 'training' | 'held out';
  /** Infinity for a distribution. */
  readonly size: number;
  readonly samples: Float32Array;
}

export interface DataStatistics {
  readonly shape: readonly number[];
  /** Number of samples; null for a distribution, which has no fixed samples. */
  readonly training: number | null;
  readonly heldOut: number | null;
  /** Of the training samples that were read. */
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  /** Number of samples of each class in both splits; absent if there are no classes. */
  readonly classes?: Readonly<Record<string, number>>;
}

export function dataStatistics(
  { shape, labels }: DataSource,
  splits: readonly [SampledSplit, SampledSplit],
): DataStatistics {
  const [{ samples }] = splits;
  let [minimum, maximum, sum, squares] = [Infinity, -Infinity, 0, 0];
  for (const value of samples) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
    squares += value * value;
  }
  const mean = sum / samples.length;
  const deviation = Math.sqrt(Math.max(0, squares / samples.length - mean ** 2));
  const [training, heldOut] = splits.map(({ size }) => (size === Infinity ? null : size));
  return { shape, training, heldOut, minimum, maximum, mean, deviation, classes: labels && countClasses(labels) };
}

function countClasses({ classes, names = [] }: NonNullable<DataSource['labels']>): Record<string, number> {
  const counts = new Map<number, number>();
  for (const label of classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(
    [...counts].sort(([a], [b]) => a - b).map(([label, n]) => [names[label] ?? `class ${label}`, n]),
  );
}

/** The statistics as lines of text. */
export function statisticsText({
  shape,
  training,
  heldOut,
  minimum,
  maximum,
  mean,
  deviation,
  classes,
}: DataStatistics): string[] {
  const size = (n: number | null) => (n === null ? 'unlimited' : grouped(n));
  const range = `Values from ${significant(minimum)} to ${significant(maximum)}, mean ${significant(mean)}, standard deviation ${significant(deviation)}.`;
  const lines = [`Shape ${shape.join(' x ')}; training samples: ${size(training)}, held out: ${size(heldOut)}.`, range];
  if (!classes) return lines;
  const entries = Object.entries(classes);
  const listed = entries.slice(0, 20).map(([name, n]) => `${name} ${grouped(n)}`);
  const more = entries.length > 20 ? ` and ${entries.length - 20} more` : '';
  return [...lines, `${plural(entries.length, 'class', 'classes')}: ${listed.join(', ')}${more}.`];
}
