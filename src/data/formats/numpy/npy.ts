// NumPy arrays of images as a data source: finds out which axes are what, and which values are black and white.
import type { DataConfig } from '../../../catalog';
import type { DataContext } from '../../dataSource';
import { badFile, badSetting, fileCutOff } from '../../errors';
import { grouped, plural } from '../../../shared/text';
import { openImageArray, type ArrayImage, type ImageArray } from '../../images/openImageArray';
import type { ImageSource } from '../../images/storedImages';
import { fewBits, guessedRange } from '../../images/valueRange';
import { excessNotes } from '../byteStream';
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
  /** Throws DataError if the file is damaged in a way that reading the samples does not show; called before them. */
  readonly verify?: () => Promise<void>;
}

const maxSide = 8192;

/** Throws DataError for faults that the user can fix. */
export async function openNpyImages(
  { array, title, identity, origin, labels, verify }: NpyImages,
  data: DataConfig<'npy'> | DataConfig<'npz'>,
  context: DataContext,
): Promise<ImageSource> {
  const form = formOf(array, data.layout, title);
  const claimed = array.shape[0];
  const cutOff = `its header claims ${plural(claimed, 'image')} and it has ${grouped(array.count)} whole ones`;
  if (array.count < claimed && data.onError === 'fail') throw fileCutOff(data.path, cutOff);
  let range: ValueRange | undefined;
  const set: ImageArray = {
    files: [array.location.file],
    identity: ['npy', identity, form, data.low, data.high],
    count: array.count,
    height: form.height,
    width: form.width,
    channels: form.channels,
    origin,
    notes: [
      ...(array.count < claimed
        ? [`${plural(claimed - array.count, 'image')} missing, the file is cut off: ${cutOff}.`]
        : []),
      ...excessNotes(array.location.file, array.excess),
    ],
    notesAfterReading: () => (range ? [rangeNote(range)] : []),
    samples: async function* () {
      await verify?.();
      range = await rangeOf(array, data, title, context.signal);
      yield* images(array, form, range, context.signal);
    },
    labels,
  };
  return openImageArray(set, data, context);
}

/** The values that become black and white; `found` are the extremes of the file if they are a guess from these. */
interface ValueRange {
  readonly low: number;
  readonly high: number;
  readonly found?: readonly [least: number, greatest: number];
}

function rangeNote({ low, high, found }: ValueRange): string {
  const note = `Values from ${plain(low)} to ${plain(high)} become −1 to 1`;
  if (!found) return `${note}.`;
  const [least, greatest] = found;
  return `${note}: a guess, since the file has values from ${plain(least)} to ${plain(greatest)}. "data.low" and "data.high" change it.`;
}

const plain = (value: number) => String(Number(value.toPrecision(6)));

function formOf({ shape }: NpyArray, layout: DataConfig<'npy'>['layout'], title: string): ImageForm {
  const [, ...axes] = shape;
  const single = singleImage(shape, layout);
  if (single) throw badFile(title, `its shape is (${shape.join(', ')})`, single);
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

/**
 * What to do if an array looks like one image instead of many, or like images along the last axis (MATLAB); undefined
 * if it does not.
 */
function singleImage(shape: readonly number[], layout: DataConfig<'npy'>['layout']): string | undefined {
  const [a, b, c] = shape;
  const one = 'This looks like one image, but an array of images needs the shape [N, height, width, channels]. ';
  const asOne = 'Save one image as x[None]';
  if (shape.length === 2) return a === b ? `${one}${asOne}, or flat rows as x.reshape(N, height, width).` : undefined;
  if (shape.length !== 3 || b < 2) return undefined;
  if (isChannels(c) && b > 4) return `${one}${asOne}, or images of this width as x[..., None].`;
  if (a === b && a > 4 && c !== a && !isChannels(c))
    return (
      `This looks like ${c} images along the last axis. Save them as numpy.moveaxis(x, -1, 0), ` +
      `or ${a} images of ${b} x ${c} as x[..., None].`
    );
  const first = isChannels(a) && a > 1 && (layout === 'channels-first' || a === 3) && b > 4 && c > 4;
  if (first) return `${one}${asOne} with "data.layout": "channels-first", or ${a} gray images as x[..., None].`;
  return undefined;
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
): Promise<ValueRange> {
  const { kind, size } = array.dtype;
  if (low !== null && high !== null) return ordered(low, high);
  const isBytes = kind === 'u' && size === 1;
  if (isBytes && (high !== null || (await usesFullRange(array, signal)))) return ordered(low ?? 0, high ?? 255);
  if (kind === 'b') return ordered(low ?? 0, high ?? 1);
  const [least, greatest] = await extent(array, signal);
  if (!(least < greatest))
    throw badFile(
      title,
      least === greatest ? `all its values are ${least}` : 'it has no finite values',
      'Check that it is the right file.',
    );
  const [black, white] = guessedRange(least, greatest);
  return { ...ordered(low ?? black, high ?? white), found: [least, greatest] };
}

function ordered(low: number, high: number): ValueRange {
  if (low < high) return { low, high };
  const message = `"data.low" (${low}) must be less than "data.high" (${high}): they map to −1 and 1.`;
  throw badSetting('high', message);
}

/** Whether bytes use the whole range; of photos already the first one does. True if none can be read. */
async function usesFullRange(array: NpyArray, signal?: AbortSignal): Promise<boolean> {
  let isEmpty = true;
  try {
    for await (const sample of readNpySamples(array, signal)) {
      isEmpty = false;
      if (sample.some((value) => value > fewBits)) return true;
    }
  } catch {
    signal?.throwIfAborted(); // Damage is reported when the samples are read.
  }
  return isEmpty;
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
  { low, high }: ValueRange,
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
