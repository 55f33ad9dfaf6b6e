// IDX files (MNIST) as a data source: magic (0, 0, type, number of axes), the axes as big-endian u32, then the values.
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, grouped, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import { badFile, fileCutOff, isDataError } from '../errors';
import { openImageArray, type ArrayImage } from '../images/openImageArray';
import type { ImageSource } from '../images/storedImages';
import { resolveDataPath } from '../resolveDataPath';
import { contentBytes, excessNotes, fileInfo, openByteStream, type ByteStream, type FileInfo } from './byteStream';
import { expectKind } from './fileKind';
import { imageFiles, labelFiles } from './idxFiles';

/** A file of images whose header was read. */
interface ImageFile {
  readonly file: string;
  readonly facts: FileInfo;
  /** Number of images that the file has room for, and the number in its header. */
  readonly images: number;
  readonly claimed: number;
  /** Bytes after the last image. */
  readonly excess: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
}

/** The largest side of an image; a header that claims more is damaged. */
const maxSide = 8192;

export async function openIdx(data: DataConfig<'idx'>, context: DataContext): Promise<ImageSource> {
  const location = await resolveDataPath('idx', data.path, context);
  const names = location.isFolder ? await imageFiles(location.path, data.split) : [location.path];
  const files: ImageFile[] = [];
  for (const name of names) files.push(await readHeader(name));
  const [{ height, width, channels }] = files;
  const mismatch = files.find((one) => one.height !== height || one.width !== width || one.channels !== channels);
  if (mismatch) {
    const sizes =
      `its images are ${mismatch.height} x ${mismatch.width}, ` +
      `but those of ${path.basename(files[0].file)} are ${height} x ${width}`;
    throw badFile(mismatch.file, sizes, 'Set "data.path" to one of the files.');
  }
  const cutOff = files.flatMap(({ file, claimed, images }) =>
    images < claimed
      ? [`${path.basename(file)} claims ${plural(claimed, 'image')} and has ${grouped(images)} whole ones`]
      : [],
  );
  if (cutOff.length > 0 && data.onError === 'fail') throw fileCutOff(data.path, cutOff[0]);
  const missing = files.reduce((sum, { claimed, images }) => sum + claimed - images, 0);
  const upright = data.transpose === 'yes' || (data.transpose === 'auto' && files.some(({ file }) => isEmnist(file)));
  const labels = await Promise.all(files.map(labelsOf));
  const hasLabels = labels.every((one) => one !== undefined);
  const set = {
    files: files.map(({ file }) => file),
    identity: [
      'idx',
      ...files.map(({ file, facts }) => [file, facts.size, facts.mtimeMs]),
      labels.map(Boolean),
      upright,
    ],
    count: files.reduce((sum, { images }) => sum + images, 0),
    height: upright ? width : height,
    width: upright ? height : width,
    channels,
    origin: `in ${firstFew(files.map(({ file }) => path.basename(file)))} of "${data.path}"`,
    notes: [
      ...(cutOff.length > 0 ? [`${plural(missing, 'image')} missing, the file is cut off: ${firstFew(cutOff)}.`] : []),
      ...files.flatMap(({ file, excess }) => excessNotes(file, excess)),
      ...(upright ? [uprightNote(data.transpose)] : []),
      ...(hasLabels ? [] : ['No labels, or not one for each image.']),
    ],
    samples: () => allImages(files, upright, context.signal),
    labels: () => (hasLabels ? Buffer.concat(labels) : undefined),
  };
  return openImageArray(set, data, context);
}

/** EMNIST stores columns where MNIST stores rows, in its IDX files and in copies of them. */
const isEmnist = (file: string) => /emnist/i.test(path.basename(file));

const uprightNote = (transpose: DataConfig<'idx'>['transpose']) =>
  transpose === 'yes'
    ? 'Rows and columns of each image were exchanged.'
    : 'EMNIST stores its images with rows and columns exchanged, so they were turned upright ("data.transpose": "no" keeps them).';

/** Reads the header of a file of images. Throws DataError. */
async function readHeader(file: string): Promise<ImageFile> {
  const { facts, type, axes } = await readAxes(file);
  const advice = 'Set "data.path" to a file of images, such as train-images-idx3-ubyte.gz.';
  if (type !== 0x08) throw badFile(file, `its values are of type 0x${type.toString(16)}, not bytes (0x8)`, advice);
  if (axes.length !== 3 && axes.length !== 4)
    throw badFile(file, `it has ${plural(axes.length, 'axis', 'axes')}, but images have 3 or 4`, advice);
  const [claimed, height, width, channels = 1] = axes;
  const possible = height > 0 && height <= maxSide && width > 0 && width <= maxSide && [1, 3, 4].includes(channels);
  if (!possible) throw badFile(file, `its header claims images of ${axes.slice(1).join(' x ')}`, advice);
  if (claimed === 0) throw badFile(file, 'it contains no images', advice);
  const capacity = Math.floor((facts.maxBytes - 4 - 4 * axes.length) / (height * width * channels));
  if (capacity < 1) throw badFile(file, 'it ends inside its first image', advice);
  const needed = 4 + 4 * axes.length + claimed * height * width * channels;
  return {
    file,
    facts,
    claimed: facts.gzipped ? Math.min(claimed, capacity) : claimed,
    images: Math.min(claimed, capacity),
    excess: (await contentBytes(file, facts)) - needed,
    height,
    width,
    channels: channels as 1 | 3 | 4,
  };
}

async function readAxes(file: string) {
  const facts = await fileInfo(file).catch(() => undefined);
  if (!facts) throw badFile(file, 'it cannot be opened', 'Check the permissions of the file.');
  await expectKind(file, 'idx', 'gzip', 'gzip/idx');
  const bytes = openFile(file, facts);
  try {
    const start = Uint8Array.from(await bytes.read(4));
    if (start.length < 4 || start[0] !== 0 || start[1] !== 0 || start[3] === 0 || start[3] > 4) {
      throw badFile(
        file,
        'it does not begin like an IDX file (two zero bytes, a type, 1 to 4 axes)',
        'Check that it is the right file.',
      );
    }
    const view = viewOf(await bytes.read(4 * start[3]));
    if (view.byteLength < 4 * start[3]) throw badFile(file, 'it ends inside its header', 'Download it again.');
    return { facts, type: start[2], axes: Array.from({ length: start[3] }, (_, k) => view.getUint32(4 * k)) };
  } catch (error) {
    if (isDataError(error)) throw error;
    throw badFile(file, `it is damaged (${(error as Error).message})`, 'Download it again.');
  } finally {
    bytes.close();
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const openFile = (file: string, { gzipped }: FileInfo, signal?: AbortSignal): ByteStream =>
  openByteStream(file, { compression: gzipped ? 'gzip' : undefined, signal });

async function* allImages(
  files: readonly ImageFile[],
  upright: boolean,
  signal?: AbortSignal,
): AsyncIterable<ArrayImage> {
  for (const { file, facts, images, height, width, channels } of files) {
    const bytes = openFile(file, facts, signal);
    const length = height * width * channels;
    let i = 0;
    let reason = 'its file is truncated';
    try {
      await bytes.read(channels === 1 ? 16 : 20);
      for (; i < images; i++) {
        const image = await bytes.read(length);
        if (image.length < length) break;
        yield { bytes: upright ? transposed(image, height, width, channels) : image };
      }
    } catch (error) {
      signal?.throwIfAborted();
      reason = `its file is damaged: ${(error as Error).message}`;
    } finally {
      bytes.close();
    }
    for (; i < images; i++) yield { reason };
  }
}

/** [height, width, channels] to [width, height, channels]. */
function transposed(image: Uint8Array, height: number, width: number, channels: number): Uint8Array {
  const out = new Uint8Array(image.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) out[(x * height + y) * channels + c] = image[(y * width + x) * channels + c];
    }
  }
  return out;
}

/**
 * The labels next to a file of images: bytes [images], or integers [images, 8] whose first column is the class
 * (QMNIST).
 * Undefined if there are none that match.
 */
async function labelsOf({ file, images }: ImageFile): Promise<Uint8Array | undefined> {
  for (const labels of await labelFiles(file)) {
    const found = await readAxes(labels).catch(() => undefined);
    const size = found && ({ 0x08: 1, 0x0c: 4 } as Readonly<Record<number, number>>)[found.type];
    if (!found || size === undefined || found.axes.length > 2 || found.axes[0] < images) continue;
    const columns = found.axes[1] ?? 1;
    if (columns < 1 || columns > 64) continue;
    const bytes = openFile(labels, found.facts);
    try {
      await bytes.read(4 + 4 * found.axes.length);
      const values = new Uint8Array(images);
      let i = 0;
      for (; i < images; i++) {
        const row = await bytes.read(columns * size);
        const value = row.length < columns * size ? -1 : size === 1 ? row[0] : viewOf(row).getInt32(0);
        if (value < 0 || value > 255) break;
        values[i] = value;
      }
      if (i === images) return values;
    } catch {
      // Damaged labels count as absent, which the notes report.
    } finally {
      bytes.close();
    }
  }
  return undefined;
}
