// Images in a text table as a data source: a row for each image, with its pixels and perhaps its class, as MNIST is
// distributed on Kaggle and OpenML.
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import { badFile, badSetting } from '../errors';
import { openImageArray, type ArrayImage } from '../images/openImageArray';
import type { ImageSource } from '../images/storedImages';
import { resolveDataFile } from '../resolveDataPath';
import { guessedRange } from '../images/valueRange';
import { readTable, type TableRead } from '../table/readTable';
import { fileInfo } from './byteStream';
import { expectKind } from './fileKind';

interface Form {
  readonly side: number;
  readonly channels: 1 | 3;
  /** Position of the classes in a row; undefined if there are none. */
  readonly label: number | undefined;
  /** Position of the first pixel in a row. */
  readonly start: number;
}

/** Throws DataError for faults that the user can fix. */
export async function openCsv(data: DataConfig<'csv'>, context: DataContext): Promise<ImageSource> {
  const file = await resolveDataFile(data.path, context);
  await expectKind(file, 'gzip');
  const { delimiter, header, onError } = data;
  const table = await readTable(file, {
    ...{ delimiter, header, onError, decimal: 'auto', signal: context.signal },
    choose: ({ columns, hasIndex }) => ({
      indices: Array.from({ length: columns }, (_, i) => i).slice(hasIndex ? 1 : 0),
      notes: hasIndex ? ['The first column, which numbers the rows, was left out.'] : [],
    }),
  });
  const { values } = table;
  const width = table.columns.length;
  const count = values.length / width;
  if (count === 0) throw badFile(file, table.bad.length > 0 ? firstFew(table.bad, 3) : 'it has no rows', formAdvice);
  const form = formOf(file, table);
  const { size = 0, mtimeMs = 0 } = (await fileInfo(file)) ?? {};
  const upright = data.transpose === 'yes' || (data.transpose === 'auto' && /emnist/i.test(path.basename(file)));
  const range = rangeOf(file, values, width, form);
  const set = {
    files: [file],
    identity: ['csv', file, size, mtimeMs, delimiter, header, upright],
    count,
    height: form.side,
    width: form.side,
    channels: form.channels,
    origin: `of "${data.path}"`,
    notes: [
      ...table.notes,
      form.label === undefined ? 'No column of classes.' : `Classes are in ${table.columns[form.label]}.`,
      `Values from ${range[0]} to ${range[1]} become −1 to 1.`,
      ...(upright ? ['Rows and columns of each image were exchanged, since EMNIST stores them so.'] : []),
      ...(table.bad.length > 0 ? [`${plural(table.bad.length, 'line')} skipped: ${firstFew(table.bad)}.`] : []),
    ],
    samples: () => images(values, width, form, upright, range),
    labels: () => classesOf(values, width, form.label),
  };
  return openImageArray(set, data, context);
}

const formAdvice = 'Each row must have the pixels of a square image, row by row, and perhaps its class at either end.';

/**
 * The pixels are all columns, or all but the first or last, whichever makes squares. The class is the column with a
 * name for it; without names the end whose values are far above those of all pixels, or are whole numbers and vary,
 * since corners of images usually do not.
 */
function formOf(file: string, { values, columns }: TableRead): Form {
  const n = columns.length;
  const named = columns.findIndex((title) => /^"(labels?|class|targets?|digit|letter)"$/i.test(title));
  const ends = named < 0 ? [0, n - 1] : [named].filter((column) => column === 0 || column === n - 1);
  const asForm = (label: number | undefined): Form | undefined => {
    const pixels = label === undefined ? n : n - 1;
    for (const channels of [1, 3] as const) {
      const side = Math.sqrt(pixels / channels);
      if (Number.isInteger(side) && side >= 4) return { side, channels, label, start: label === 0 ? 1 : 0 };
    }
    return undefined;
  };
  const whole = asForm(undefined);
  if (whole && named < 0) return whole;
  const [first, last] = ends.map((column) => classCount(values, n, column));
  const inner = greatestOf(values, n, 1, n - 1);
  const [isFirst, isLast] = [0, n - 1].map((column) => greatestOf(values, n, column, column + 1) > 2 * inner);
  const useLast =
    isFirst === isLast ? last !== undefined && unlikeness(last) < unlikeness(first) : isLast && ends.length > 1;
  const form = ends.length > 0 ? asForm(useLast ? ends[1] : ends[0]) : undefined;
  if (form) return form;
  throw badSetting(
    'path',
    `${file} has ${plural(n, 'column')}, which are not the pixels of a square image with or without a class. ` +
      `${formAdvice} For points set "data.source" to "points".`,
  );
}

/** More values than this in an end are those of a pixel. */
const maxClasses = 100;

/**
 * The less, the more a column with so many different values is like one of classes: few of them, rather than one, which
 * may also be a corner of the images, rather than many.
 */
const unlikeness = (count: number): number =>
  count > 1 && count <= maxClasses ? count : count === 1 ? maxClasses + 1 : Infinity;

/** The greatest value of the columns from `from` to before `to`. */
function greatestOf(values: Float64Array, width: number, from: number, to: number): number {
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i += width)
    for (let column = from; column < to; column++) greatest = Math.max(greatest, values[i + column]);
  return greatest;
}

/** The number of different values of a column that can be classes; 0 if they cannot. */
function classCount(values: Float64Array, width: number, column: number): number {
  const classes = new Set<number>();
  for (let i = column; i < values.length; i += width) {
    if (!Number.isInteger(values[i]) || values[i] < 0 || values[i] > 255) return 0;
    classes.add(values[i]);
  }
  return classes.size;
}

function rangeOf(file: string, values: Float64Array, width: number, { label }: Form): readonly [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (i % width === label) continue;
    least = Math.min(least, values[i]);
    greatest = Math.max(greatest, values[i]);
  }
  if (least === greatest) throw badFile(file, `all pixels are ${least}`, formAdvice);
  if (least < -256 || greatest > 65_535)
    throw badFile(file, `its values are from ${least} to ${greatest}`, 'Pixels must be from 0 to 255, or from 0 to 1.');
  return guessedRange(least, greatest);
}

/** Undefined if there are none, or one is not a whole number from 0 to 255. */
function classesOf(values: Float64Array, width: number, label: number | undefined): Uint8Array | undefined {
  if (label === undefined || classCount(values, width, label) === 0) return undefined;
  return Uint8Array.from({ length: values.length / width }, (_, i) => values[i * width + label]);
}

async function* images(
  values: Float64Array,
  width: number,
  { side, channels, start }: Form,
  upright: boolean,
  [black, white]: readonly [number, number],
): AsyncIterable<ArrayImage> {
  const bytes = new Uint8Array(side * side * channels);
  const scale = 255 / (white - black);
  for (let at = start; at < values.length; at += width) {
    for (let k = 0; k < bytes.length; k++) {
      const [y, x, c] = [Math.floor(k / (side * channels)), Math.floor(k / channels) % side, k % channels];
      const from = upright ? (x * side + y) * channels + c : k;
      bytes[k] = Math.max(0, Math.min(255, Math.round((values[at + from] - black) * scale)));
    }
    yield { bytes };
  }
}
