// Points from a text table or a NumPy array [N, d] as a data source.
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, grouped, list, plural, significant } from '../../shared/text';
import type { DataContext, DataSource } from '../dataSource';
import * as errors from '../errors';
import { excessNotes } from '../formats/byteStream';
import { expectKind } from '../formats/fileKind';
import { openNpyFile, readNpySamples } from '../formats/numpy/npyReader';
import { resolveDataFile } from '../resolveDataPath';
import { columnsOf, isFloat32, maxValues, readTable, type TableRead } from '../table/readTable';
import { allocatePoints, createPointSource } from './pointSource';

/** Throws DataError for faults that the user can fix. */
export async function openPointsFile(data: DataConfig<'points'>, context: DataContext): Promise<DataSource> {
  const file = await resolveDataFile(data.path, context);
  await expectKind(file, 'gzip', 'npy');
  const { values, columns, bad, notes } = /\.npy$/i.test(file)
    ? await readArray(file, data, context.signal)
    : await readTable(file, { ...data, choose: columnsOf(file, data.columns), signal: context.signal });
  const dimensions = columns.length;
  const n = values.length / dimensions;
  if (n === 0)
    throw errors.badFile(
      file,
      bad.length > 0 ? firstFew(bad, 3) : 'it contains no points',
      'Write one point per line, as numbers.',
    );
  const pixels = Math.sqrt(dimensions);
  const asImages =
    dimensions >= 64 && (Number.isInteger(pixels) || Number.isInteger(Math.sqrt(dimensions - 1)))
      ? [`To train on images of ${Math.floor(pixels)} x ${Math.floor(pixels)} pixels, set "data.source" to "csv".`]
      : [];
  const scales = columns.map((_, axis) => scaleOf(values, axis, dimensions));
  const adjusted = data.standardize ? standardize(values, columns, scales, file) : scaleNotes(columns, scales);
  const title = `${plural(n, 'point')} of ${plural(dimensions, 'number')} from "${data.path}"`;
  const chosen = dimensions <= 12 && columns.some((name) => name.startsWith('"')) ? ` (${list(columns)})` : '';
  const skipped = bad.length > 0 ? [`${plural(bad.length, 'line')} skipped: ${firstFew(bad)}.`] : [];
  const shared = allocatePoints(n, dimensions);
  shared.set(values);
  return createPointSource(shared, dimensions, {
    validation: data.validation,
    seed: context.seed,
    files: [{ name: path.basename(file), path: file }],
    notes: (held) => [
      `${title}${chosen}; ${plural(held, 'point')} held out.`,
      ...notes,
      ...asImages,
      ...adjusted,
      ...skipped,
    ],
  });
}

async function readArray(
  file: string,
  { onError, columns: wanted }: DataConfig<'points'>,
  signal?: AbortSignal,
): Promise<TableRead> {
  const { array } = await openNpyFile(file);
  const { shape, count: n, length } = array;
  if (shape.length > 2) {
    throw errors.badFile(
      file,
      `its shape is (${shape.join(', ')}), but points need [N, d]`,
      'To read images, set "data.source" to "npy".',
    );
  }
  const layout = { columns: length, rows: [], decimal: 'point', delimiter: 'comma', firstLine: 1, notes: [] } as const;
  const { indices } = columnsOf(file, wanted)({ ...layout, hasIndex: false });
  if (n * indices.length > maxValues)
    throw errors.badFile(
      file,
      `it has ${grouped(n * indices.length)} numbers`,
      `At most ${grouped(maxValues)} can be read; choose some with "data.columns".`,
    );
  const values = new Float64Array(indices.length * n);
  const bad: string[] = [];
  let [good, row] = [0, 0];
  const skipOrFail = (problem: string) => {
    if (onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };
  for await (const sample of readNpySamples(array, signal)) {
    const point = indices.map((index) => sample[index]);
    if (point.every(isFloat32)) values.set(point, indices.length * good++);
    else
      skipOrFail(
        `row ${row} is (${firstFew(point.map(String), 6)}), not ${plural(point.length, 'finite float32 number')}`,
      );
    row++;
  }
  if (row < shape[0]) skipOrFail(`the file ends after ${row} of ${shape[0]} rows`);
  const columns = indices.map((index) => `column ${index + 1}`);
  return { values: values.subarray(0, indices.length * good), columns, bad, notes: excessNotes(file, array.excess) };
}

interface Scale {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly deviation: number;
}

function scaleOf(values: Float64Array, axis: number, dimensions: number): Scale {
  const n = values.length / dimensions;
  let [least, greatest, mean, variance] = [Infinity, -Infinity, 0, 0];
  for (let i = axis; i < values.length; i += dimensions) {
    least = Math.min(least, values[i]);
    greatest = Math.max(greatest, values[i]);
    mean += values[i] / n;
  }
  for (let i = axis; i < values.length; i += dimensions) variance += (values[i] - mean) ** 2 / n;
  return { least, greatest, mean, deviation: Math.sqrt(variance) };
}

/** x ← (x − mean) / deviation for each column, in place; returns a sentence for the log. */
function standardize(
  values: Float64Array,
  columns: readonly string[],
  scales: readonly Scale[],
  file: string,
): string[] {
  for (const [axis, { least, greatest, mean, deviation }] of scales.entries()) {
    if (!(greatest > least) || !(deviation > 0) || !Number.isFinite(deviation)) {
      throw errors.badSetting(
        'standardize',
        `The values of ${columns[axis]} in ${file} ${greatest > least ? 'have no finite variance' : `are all ${least}`}, ` +
          'so they cannot be scaled to variance 1. Leave the column out by "data.columns", or set "data.standardize" to false.',
      );
    }
    for (let i = axis; i < values.length; i += columns.length) values[i] = (values[i] - mean) / deviation;
  }
  const few = (numbers: readonly number[]) =>
    `(${firstFew(
      numbers.map((value) => String(Number(value.toPrecision(6)))),
      8,
    )})`;
  const [means, deviations] = [scales.map(({ mean }) => mean), scales.map(({ deviation }) => deviation)];
  return [`Standardized: mean ${few(means)} and standard deviation ${few(deviations)} were scaled to 0 and 1.`];
}

/** Networks and learning rates suit values near 1; beyond this factor a column is reported. */
const farFromUnit = 20;

/** Sentences about columns that are constant or far from unit scale. */
function scaleNotes(columns: readonly string[], scales: readonly Scale[]): string[] {
  const isConstant = ({ least, greatest }: Scale) => !(greatest > least);
  const isFar = ({ mean, deviation }: Scale) =>
    Math.max(Math.abs(mean), deviation) > farFromUnit || deviation < 1 / farFromUnit;
  const constant = columns.filter((_, axis) => isConstant(scales[axis]));
  const far = columns.flatMap((name, axis) => {
    const { least, greatest } = scales[axis];
    return !isConstant(scales[axis]) && isFar(scales[axis])
      ? [`${name} has values from ${significant(least)} to ${significant(greatest)}`]
      : [];
  });
  return [
    ...(constant.length > 0 ? [`All values are the same in ${firstFew(constant)}.`] : []),
    ...(far.length > 0
      ? [
          `Far from unit scale, for which networks are initialized: ${firstFew(far, 3)}. Set "data.standardize" to true.`,
        ]
      : []),
  ];
}
