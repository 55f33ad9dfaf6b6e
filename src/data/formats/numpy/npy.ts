import type { DataConfig } from '../../../catalog';
import { fileInfo } from '../byteStream';
import type { DataContext } from '../../dataSource';
import { badFile, badSetting } from '../../errors';
import type { ImageSource } from '../../images/imageSet';
import { resolveDataFile } from '../../resolvePath';
import { openNpyArray, type NpyArray, readNpySamples } from './npyReader';
import { openImageArray, type ImageArray, type ArrayImage } from '../../images/imageArray';

// A .npy file of images.

/** Throws DataError for what the user can mend. */
export async function openNpySource(data: DataConfig<'npy'>, context: DataContext): Promise<ImageSource> {
  const file = await resolveDataFile(data.path, context);
  const { array, identity } = await openNpyFile(file);
  return openNpyImages({ array, title: file, identity, origin: `of "${data.path}"` }, data, context);
}

/** The array in a file, and what tells the file from another. */
export async function openNpyFile(file: string): Promise<{ readonly array: NpyArray; readonly identity: unknown }> {
  try {
    const { size, mtimeMs } = (await fileInfo(file)) ?? { size: 0, mtimeMs: 0 };
    return { array: await openNpyArray({ file, mostBytes: size }), identity: [file, size, mtimeMs] };
  } catch (error) {
    throw badFile(
      file,
      (error as Error).message,
      'Save it again with numpy.save(file, x), whole, x as uint8 or float32.',
    );
  }
}

// Images in a NumPy array: which axes are what, which numbers are black and white.

interface Form {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  /** [channels, height, width] in the file. */
  readonly planes: boolean;
}

export interface NpyImages {
  readonly array: NpyArray;
  /** What errors call the array. */
  readonly title: string;
  /** What tells this content from another: sizes and times. */
  readonly identity: unknown;
  readonly origin: string;
  readonly labels?: ImageArray['labels'];
}

const mostSide = 8192;

/** Throws DataError for what the user can mend. */
export async function openNpyImages(
  { array, title, identity, origin, labels }: NpyImages,
  data: DataConfig<'npy'> | DataConfig<'npz'>,
  context: DataContext,
): Promise<ImageSource> {
  const form = formOf(array, data.layout, title);
  let range: readonly [number, number] | undefined;
  const set: ImageArray = {
    identity: ['npy', identity, form, data.low, data.high],
    count: array.count,
    height: form.height,
    width: form.width,
    channels: form.channels,
    origin,
    notes:
      array.count < array.shape[0] ? [`The file claims ${array.shape[0]} images and has room for ${array.count}.`] : [],
    notesAfterReading: () => (range ? [`Values from ${plain(range[0])} to ${plain(range[1])} become −1 to 1.`] : []),
    samples: async function* () {
      range = await rangeOf(array, data, title, context.signal);
      yield* images(array, form, range, context.signal);
    },
    labels,
  };
  return openImageArray(set, data, context);
}

const plain = (value: number) => String(Number(value.toPrecision(6)));

function formOf({ shape }: NpyArray, layout: DataConfig<'npy'>['layout'], title: string): Form {
  const [, ...axes] = shape;
  const form = formOfAxes(axes, layout);
  if (form && form.height <= mostSide && form.width <= mostSide) return form;
  const found = `its shape is (${shape.join(', ')})`;
  if (axes.length === 1 && axes[0] === 2)
    throw badFile(title, found, 'These are points: let "source" in "data" be "points".');
  const first = axes.length === 3 && [1, 3, 4].includes(axes[0]) && layout === 'channels-last';
  throw badFile(
    title,
    found,
    first
      ? 'Its channels come first: let "layout" in "data" be "channels-first".'
      : 'Images have [N, height, width, channels], [N, height, width], or flat rows of square images, with 1, 3 or 4 channels.',
  );
}

function formOfAxes(axes: readonly number[], layout: DataConfig<'npy'>['layout']): Form | undefined {
  const planes = layout === 'channels-first';
  if (axes.length === 3) {
    const [height, width, channels] = planes ? [axes[1], axes[2], axes[0]] : axes;
    const looksPlanar = !planes && isChannels(height) && width === channels && height < width; // (3, 4, 4) is no image 3 high
    return isChannels(channels) && !looksPlanar ? { height, width, channels, planes } : undefined;
  }
  if (axes.length === 2) return { height: axes[0], width: axes[1], channels: 1, planes };
  if (axes.length !== 1) return undefined;
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt(axes[0] / channels);
    if (Number.isInteger(side) && side > 1) return { height: side, width: side, channels, planes };
  }
  return undefined;
}

const isChannels = (n: number): n is Form['channels'] => n === 1 || n === 3 || n === 4;

/** What is given, completed by what the values show. */
async function rangeOf(
  array: NpyArray,
  { low, high }: { readonly low: number | null; readonly high: number | null },
  title: string,
  signal?: AbortSignal,
): Promise<readonly [number, number]> {
  const { kind, size } = array.dtype;
  if (low !== null && high !== null) return ordered(low, high);
  if (kind === 'u' && size === 1) return ordered(low ?? 0, high ?? 255);
  if (kind === 'b') return ordered(low ?? 0, high ?? 1);
  const [least, greatest] = await extent(array, signal);
  if (!(least < greatest))
    throw badFile(
      title,
      least === greatest ? `all its values are ${least}` : 'it has no finite value',
      'Is it the right file?',
    );
  const usual = (
    [
      [0, 1],
      [-1, 1],
      [0, 255],
    ] as const
  ).find(([from, to]) => least >= from && greatest <= to);
  return ordered(low ?? usual?.[0] ?? least, high ?? usual?.[1] ?? greatest);
}

function ordered(low: number, high: number): readonly [number, number] {
  if (low < high) return [low, high];
  const message = `"low" is ${low} and "high" is ${high} in "data"; low becomes −1 and high becomes 1, so low must be less.`;
  throw badSetting('high', message);
}

/** The least and the greatest finite value, of what can be read. */
async function extent(array: NpyArray, signal?: AbortSignal): Promise<readonly [number, number]> {
  let [least, greatest] = [Infinity, -Infinity];
  try {
    for await (const sample of readNpySamples(array, signal)) {
      for (const value of sample) {
        if (value < least && value !== -Infinity) least = value;
        if (value > greatest && value !== Infinity) greatest = value;
      }
    }
  } catch {
    signal?.throwIfAborted(); // Damage is met again, and counted, when the samples are read.
  }
  return [least, greatest];
}

async function* images(
  array: NpyArray,
  form: Form,
  [low, high]: readonly [number, number],
  signal?: AbortSignal,
): AsyncIterable<ArrayImage> {
  const { height, width, channels, planes } = form;
  const bytes = new Uint8Array(array.length);
  const scale = 255 / (high - low);
  for await (const sample of readNpySamples(array, signal)) {
    let finite = true;
    for (let k = 0; k < sample.length; k++) {
      // [C,H,W] to [H,W,C], where the planes come first
      const value = sample[planes ? (k % channels) * height * width + Math.floor(k / channels) : k];
      finite &&= Number.isFinite(value);
      bytes[k] = Math.max(0, Math.min(255, Math.round((value - low) * scale)));
    }
    yield finite ? { bytes } : { reason: 'it has a value that is not finite' };
  }
}
