// Points of the plane from a text file with two columns, or from a NumPy array [N, 2].
import type { DataConfig } from '../../catalog/index';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { resolveDataFile } from '../resolvePath';
import { plural, firstFew } from '../../shared/text';
import { openNpyFile } from '../formats/numpy/npy';
import { readNpySamples } from '../formats/numpy/npyReader';
import { createPointSource, allocatePoints } from './distributionSource';
import { isUsable, mostPoints, readPointsText, type FoundPoints } from './pointsText';
import type { DataSource } from '../dataSource';

/** Throws DataError for what the user can mend. */
export async function openPointsFile(data: DataConfig<'points'>, context: DataContext): Promise<DataSource> {
  const file = await resolveDataFile(data.path, context);
  const read = /\.npy$/i.test(file) ? readArray : readPointsText;
  const { points, bad, notes } = await read(file, data, context.signal);
  const n = points.length / 2;
  if (n === 0)
    throw errors.badFile(file, bad.length > 0 ? firstFew(bad, 3) : 'it holds no point', 'Two numbers a line are read.');
  const standardized = data.standardize ? standardize(points, file) : [];
  const title = `${plural(n, 'point')} of "${data.path}"`;
  const skipped = bad.length > 0 ? [`${plural(bad.length, 'line')} skipped: ${firstFew(bad)}.`] : [];
  const shared = allocatePoints(n);
  shared.set(points);
  return createPointSource(shared, {
    validation: data.validation,
    seed: context.seed,
    notes: (held) => [`${title}; ${plural(held, 'point')} held out.`, ...notes, ...standardized, ...skipped],
  });
}

async function readArray(file: string, { onError }: DataConfig<'points'>, signal?: AbortSignal): Promise<FoundPoints> {
  const { array } = await openNpyFile(file);
  const { shape, count: n, length } = array;
  if (shape.length !== 2 || length !== 2) {
    throw errors.badFile(
      file,
      `its shape is (${shape.join(', ')}), and points have [N, 2]`,
      'Images are read by the source "npy".',
    );
  }
  if (n > mostPoints)
    throw errors.badFile(file, `it has ${plural(n, 'point')}`, `At most ${plural(mostPoints, 'point')} are read.`);
  const points = new Float64Array(2 * n);
  const bad: string[] = [];
  let [good, row] = [0, 0];
  const refuse = (problem: string) => {
    if (onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };
  for await (const [x, y] of readNpySamples(array, signal)) {
    if (isUsable(x) && isUsable(y)) points.set([x, y], 2 * good++);
    else refuse(`row ${row} is (${x}, ${y}), not two finite numbers of float32`);
    row++;
  }
  if (row < shape[0]) refuse(`the file ends after ${row} of ${shape[0]} rows`);
  return { points: points.subarray(0, 2 * good), bad, notes: [] };
}

/** x ← (x − mean) / deviation for each coordinate, in place; returns the sentence that says so. */
function standardize(points: Float64Array, file: string): string[] {
  const n = points.length / 2;
  const means = [0, 0];
  const deviations = [0, 0];
  for (const axis of [0, 1]) {
    for (let i = axis; i < points.length; i += 2) means[axis] += points[i] / n;
    for (let i = axis; i < points.length; i += 2) deviations[axis] += (points[i] - means[axis]) ** 2 / n;
    deviations[axis] = Math.sqrt(deviations[axis]);
    if (!(deviations[axis] > 0) || !Number.isFinite(deviations[axis])) {
      throw errors.badSetting(
        'standardize',
        `Coordinate ${axis + 1} of ${file} has variance ${deviations[axis] ** 2} and cannot be scaled to 1. Let "standardize" in "data" be false.`,
      );
    }
    for (let i = axis; i < points.length; i += 2) points[i] = (points[i] - means[axis]) / deviations[axis];
  }
  const pair = (values: readonly number[]) => `(${values.map((value) => Number(value.toPrecision(6))).join(', ')})`;
  return [`Standardized: from means ${pair(means)} and deviations ${pair(deviations)} to 0 and 1.`];
}
