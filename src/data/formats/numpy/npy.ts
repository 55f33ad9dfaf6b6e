// NumPy arrays of images as a data source: finds out which axes are what, and which values are black and white.
import type { DataConfig } from '../../../catalog';
import type { DataContext } from '../../dataSource';
import { badFile, badSetting } from '../../errors';
import { openImageArray, type ArrayImage, type ImageArray } from '../../images/openImageArray';
import type { ImageSource } from '../../images/storedImages';
import { resolveDataFile } from '../../resolveDataPath';
import { openNpyFile, readNpySamples, type NpyArray } from './npyReader';

/** Opens a .npy file. Throws DataError for faults that the user can fix. */
export async function openNpy(data: DataConfig<'npy'>, context: DataContext): Promise<ImageSource> {
  const file = await resolveDataFile(data.path, context);
  const { array, identity } = await openNpyFile(file);
  return openNpyImages({ array, title: file, identity, origin: `of "${data.path}"` }, data, context);
}

/** The form of one image in the file. */
interface ImageForm {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  /** Whether the file has [channels, height, width]. */
  readonly channelsFirst: boolean;
}

export interface NpyImages {
  readonly array: NpyArray;
  /** Name of the array in errors. */
  readonly title: string;
  /** Identifies the content for the cache: size and time of the file. */
  readonly identity: unknown;
  readonly origin: string;
  readonly labels?: ImageArray['labels'];
}

const maxSide = 8192;

/** Throws DataError for faults that the user can fix. */
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
      array.count < array.shape[0]
        ? [`The header claims ${array.shape[0]} images, but the file has room for only ${array.count}.`]
        : [],
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

function formOf({ shape }: NpyArray, layout: DataConfig<'npy'>['layout'], title: string): ImageForm {
  const [, ...axes] = shape;
  const form = formOfAxes(axes, layout);
  if (form && form.height <= maxSide && form.width <= maxSide) return form;
  const found = `its shape is (${shape.join(', ')})`;
  if (axes.length === 1 && axes[0] === 2)
    throw badFile(title, found, 'These are points: set "data.source" to "points".');
  const first = axes.length === 3 && [1, 3, 4].includes(axes[0]) && layout === 'channels-last';
  throw badFile(
    title,
    found,
    first
      ? 'Its channels come first: set "data.layout" to "channels-first".'
      : 'Images need the shape [N, height, width, channels], [N, height, width], or flat rows of square images, ' +
          'with 1, 3 or 4 channels.',
  );
}

function formOfAxes(axes: readonly number[], layout: DataConfig<'npy'>['layout']): ImageForm | undefined {
  const channelsFirst = layout === 'channels-first';
  if (axes.length === 3) {
    const [height, width, channels] = channelsFirst ? [axes[1], axes[2], axes[0]] : axes;
    // (3, 4, 4) is not an image of height 3.
    const looksChannelsFirst = !channelsFirst && isChannels(height) && width === channels && height < width;
    return isChannels(channels) && !looksChannelsFirst ? { height, width, channels, channelsFirst } : undefined;
  }
  if (axes.length === 2) return { height: axes[0], width: axes[1], channels: 1, channelsFirst };
  if (axes.length !== 1) return undefined;
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt(axes[0] / channels);
    if (Number.isInteger(side) && side > 1) return { height: side, width: side, channels, channelsFirst };
  }
  return undefined;
}

const isChannels = (n: number): n is ImageForm['channels'] => n === 1 || n === 3 || n === 4;

/** The values that become black and white: as given, otherwise deduced from the type and the values. */
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
      least === greatest ? `all its values are ${least}` : 'it has no finite values',
      'Check that it is the right file.',
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
  const message = `"data.low" (${low}) must be less than "data.high" (${high}): they map to −1 and 1.`;
  throw badSetting('high', message);
}

/** The least and the greatest finite value of the samples that can be read. */
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
    signal?.throwIfAborted(); // Damage is reported when the samples are read.
  }
  return [least, greatest];
}

async function* images(
  array: NpyArray,
  form: ImageForm,
  [low, high]: readonly [number, number],
  signal?: AbortSignal,
): AsyncIterable<ArrayImage> {
  const { height, width, channels, channelsFirst } = form;
  const bytes = new Uint8Array(array.length);
  const scale = 255 / (high - low);
  for await (const sample of readNpySamples(array, signal)) {
    let finite = true;
    for (let k = 0; k < sample.length; k++) {
      // from [C,H,W] to [H,W,C]
      const value = sample[channelsFirst ? (k % channels) * height * width + Math.floor(k / channels) : k];
      finite &&= Number.isFinite(value);
      bytes[k] = Math.max(0, Math.min(255, Math.round((value - low) * scale)));
    }
    yield finite ? { bytes } : { reason: 'it contains a value that is not finite' };
  }
}
