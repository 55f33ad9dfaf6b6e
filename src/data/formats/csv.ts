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
import { numberOf } from '../table/fields';
import { readTable } from '../table/readTable';
import type { TableLayout } from '../table/tableLayout';
import { fileInfo } from './byteStream';
import { expectKind } from './fileKind';

interface Form {
  readonly side: number;
  readonly channels: 1 | 3;
  /** Column of the classes; undefined if there is none. */
  readonly label: number | undefined;
  readonly pixels: readonly number[];
}

/** Throws DataError for faults that the user can fix. */
export async function openCsv(data: DataConfig<'csv'>, context: DataContext): Promise<ImageSource> {
  const file = await resolveDataFile(data.path, context);
  await expectKind(file, 'gzip');
  let form: Form | undefined;
  const table = await readTable(file, {
    delimiter: data.delimiter,
    decimal: 'auto',
    header: data.header,
    onError: data.onError === 'fail' ? 'fail' : 'skip',
    choose: (layout) => {
      form = formOf(file, layout);
      return { indices: [...form.pixels, ...(form.label === undefined ? [] : [form.label])], notes: [] };
    },
    signal: context.signal,
  });
  const { side, channels, label, pixels } = form!;
  const width = table.columns.length;
  const count = table.values.length / width;
  if (count === 0) throw badFile(file, table.bad.length > 0 ? firstFew(table.bad, 3) : 'it has no rows', formAdvice);
  const { size = 0, mtimeMs = 0 } = (await fileInfo(file)) ?? {};
  const upright = data.transpose === 'yes' || (data.transpose === 'auto' && /emnist/i.test(path.basename(file)));
  const high = whiteOf(file, table.values, width, pixels.length);
  const classes = label === undefined ? undefined : classesOf(table.values, width, count);
  const set = {
    files: [file],
    identity: ['csv', file, size, mtimeMs, data.delimiter, data.header, upright],
    count,
    height: side,
    width: side,
    channels,
    origin: `of "${data.path}"`,
    notes: [
      ...table.notes,
      label === undefined ? 'No column of classes.' : `Classes are in ${table.columns.at(-1)}.`,
      `Values from 0 to ${high} become −1 to 1.`,
      ...(upright ? ['Rows and columns of each image were exchanged, since EMNIST stores them so.'] : []),
      ...(table.bad.length > 0 ? [`${plural(table.bad.length, 'line')} skipped: ${firstFew(table.bad)}.`] : []),
    ],
    samples: () => images(table.values, { count, width, side, channels, upright, high }),
    labels: () => classes,
  };
  return openImageArray(set, data, context);
}

const formAdvice = 'Each row must have the pixels of a square image, row by row, and perhaps its class at either end.';

/** The columns that are pixels: all, or all but the first or last, whichever makes squares. */
function formOf(file: string, { columns, names, rows, hasIndex, decimal }: TableLayout): Form {
  const all = Array.from({ length: columns }, (_, i) => i).slice(hasIndex ? 1 : 0);
  const isClass = (column: number) =>
    rows.slice(0, 100).every((fields) => {
      const value = numberOf(fields[column], decimal);
      return value === undefined || (Number.isInteger(value) && value >= 0 && value <= 255);
    });
  const named = all.find((column) => names && /^(labels?|class|targets?|digit|letter)$/i.test(names[column]));
  const candidates = [undefined, ...(named === undefined ? [all[0], all.at(-1)] : [named])];
  for (const label of named === undefined ? candidates : candidates.reverse()) {
    const pixels = all.filter((column) => column !== label);
    for (const channels of [1, 3] as const) {
      const side = Math.sqrt(pixels.length / channels);
      if (Number.isInteger(side) && side >= 4 && (label === undefined || isClass(label)))
        return { side, channels, label, pixels };
    }
  }
  throw badSetting(
    'path',
    `${file} has ${plural(columns, 'column')}, which are not the pixels of a square image with or without a class. ` +
      `${formAdvice} For points set "data.source" to "points".`,
  );
}

/** The value of white: 1 or 255. */
function whiteOf(file: string, values: Float64Array, width: number, pixels: number): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (i % width >= pixels) continue;
    least = Math.min(least, values[i]);
    greatest = Math.max(greatest, values[i]);
  }
  const tolerance = 1e-3;
  if (least >= -tolerance && greatest <= 1 + tolerance) return 1;
  if (least >= -255 * tolerance && greatest <= 255 * (1 + tolerance)) return 255;
  const found = `its values are from ${least} to ${greatest}`;
  throw badFile(file, found, 'Pixels must be from 0 to 255, or from 0 to 1.');
}

/** Undefined if a class is not a whole number from 0 to 255. */
function classesOf(values: Float64Array, width: number, count: number): Uint8Array | undefined {
  const classes = Float64Array.from({ length: count }, (_, i) => values[(i + 1) * width - 1]);
  return classes.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
    ? Uint8Array.from(classes)
    : undefined;
}

interface Layout extends Pick<Form, 'side' | 'channels'> {
  readonly count: number;
  readonly width: number;
  readonly upright: boolean;
  readonly high: number;
}

async function* images(
  values: Float64Array,
  { count, width, side, channels, upright, high }: Layout,
): AsyncIterable<ArrayImage> {
  const bytes = new Uint8Array(side * side * channels);
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < bytes.length; k++) {
      const [y, x, c] = [Math.floor(k / (side * channels)), Math.floor(k / channels) % side, k % channels];
      const from = upright ? (x * side + y) * channels + c : k;
      bytes[k] = Math.max(0, Math.min(255, Math.round((values[n * width + from] / high) * 255)));
    }
    yield { bytes };
  }
}
