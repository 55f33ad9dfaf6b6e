// Points of the plane from a text file with two columns, or from a NumPy array [N, 2], as a data source.
import type { DataConfig } from '../../catalog';
import { firstFew, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import type { DataSource } from '../dataSource';
import * as errors from '../errors';
import { expectKind } from '../formats/fileKind';
import { openNpyFile, readNpySamples } from '../formats/numpy/npyReader';
import { resolveDataFile } from '../resolveDataPath';
import { allocatePoints, createPointSource } from './pointSource';
import { isFloat32, maxPoints, readPointsText, type PointsRead } from './pointsText';

/** Throws DataError for faults that the user can fix. */
export async function openPointsFile(data: DataConfig<'points'>, context: DataContext): Promise<DataSource> {
  const file = await resolveDataFile(data.path, context);
  await expectKind(file, 'gzip', 'npy');
  const read = /\.npy$/i.test(file) ? readArray : readPointsText;
  const { points, bad, notes } = await read(file, data, context.signal);
  const n = points.length / 2;
  if (n === 0)
    throw errors.badFile(
      file,
      bad.length > 0 ? firstFew(bad, 3) : 'it contains no points',
      'Write one point per line, as two numbers.',
    );
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

async function readArray(file: string, { onError }: DataConfig<'points'>, signal?: AbortSignal): Promise<PointsRead> {
  const { array } = await openNpyFile(file);
  const { shape, count: n, length } = array;
  if (shape.length !== 2 || length !== 2) {
    throw errors.badFile(
      file,
      `its shape is (${shape.join(', ')}), but points need [N, 2]`,
      'To read images, set "data.source" to "npy".',
    );
  }
  if (n > maxPoints)
    throw errors.badFile(file, `it has ${plural(n, 'point')}`, `At most ${plural(maxPoints, 'point')} can be read.`);
  const points = new Float64Array(2 * n);
  const bad: string[] = [];
  let [good, row] = [0, 0];
  const skipOrFail = (problem: string) => {
    if (onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };
  for await (const [x, y] of readNpySamples(array, signal)) {
    if (isFloat32(x) && isFloat32(y)) points.set([x, y], 2 * good++);
    else skipOrFail(`row ${row} is (${x}, ${y}), not two finite float32 numbers`);
    row++;
  }
  if (row < shape[0]) skipOrFail(`the file ends after ${row} of ${shape[0]} rows`);
  return { points: points.subarray(0, 2 * good), bad, notes: [] };
}

/** x ← (x − mean) / deviation for each coordinate, in place; returns a sentence for the log. */
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
        `Coordinate ${axis + 1} of ${file} has variance ${deviations[axis] ** 2} and cannot be scaled to 1. ` +
          'Set "data.standardize" to false.',
      );
    }
    for (let i = axis; i < points.length; i += 2) points[i] = (points[i] - means[axis]) / deviations[axis];
  }
  const pair = (values: readonly number[]) => `(${values.map((value) => Number(value.toPrecision(6))).join(', ')})`;
  return [`Standardized: mean ${pair(means)} and standard deviation ${pair(deviations)} were scaled to 0 and 1.`];
}
