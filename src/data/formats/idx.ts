// IDX files (MNIST) as a data source: magic (0, 0, type, number of axes), the axes as big-endian u32, then the values.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import { badFile, isDataError } from '../errors';
import { openImageArray, type ArrayImage } from '../images/openImageArray';
import type { ImageSource } from '../images/storedImages';
import { resolveDataPath } from '../resolveDataPath';
import { fileInfo, openByteStream, type ByteStream, type FileInfo } from './byteStream';

/** A file of images whose header was read. */
interface ImageFile {
  readonly file: string;
  readonly facts: FileInfo;
  readonly images: number;
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
  const labels = await Promise.all(files.map(labelsOf));
  const hasLabels = labels.every((one) => one !== undefined);
  const set = {
    identity: ['idx', ...files.map(({ file, facts }) => [file, facts.size, facts.mtimeMs]), labels.map(Boolean)],
    count: files.reduce((sum, { images }) => sum + images, 0),
    height,
    width,
    channels,
    origin: `in ${firstFew(files.map(({ file }) => path.basename(file)))} of "${data.path}"`,
    notes: hasLabels ? [] : ['No labels, or not one for each image.'],
    samples: () => allImages(files, context.signal),
    labels: () => (hasLabels ? Buffer.concat(labels) : undefined),
  };
  return openImageArray(set, data, context);
}

/** MNIST's own names, with a dash or, in some copies, a dot. */
const isImages = (name: string) => /images[-.]idx[34]-ubyte(\.gz)?$/.test(name);
const isTest = (name: string) => /^(t10k|test)/.test(name);

async function imageFiles(folder: string, split: DataConfig<'idx'>['split']): Promise<string[]> {
  const all = (await readdir(folder)).filter(isImages).sort();
  // A file that exists both plain and compressed counts once.
  const distinct = all.filter((name) => !(name.endsWith('.gz') && all.includes(name.slice(0, -3))));
  const chosen = distinct.filter((name) => split === 'all' || isTest(name) === (split === 'test'));
  if (chosen.length > 0) return chosen.map((name) => path.join(folder, name));
  const problem =
    distinct.length > 0
      ? `it has ${firstFew(distinct)}, but no files of the split "${split}"`
      : 'it has no *images-idx3-ubyte file, plain or .gz';
  throw badFile(folder, problem, 'Set "data.path" to a folder with such files, or to one such file.');
}

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
  return { file, facts, images: Math.min(claimed, capacity), height, width, channels: channels as 1 | 3 | 4 };
}

async function readAxes(file: string) {
  const facts = await fileInfo(file).catch(() => undefined);
  if (!facts) throw badFile(file, 'it cannot be opened', 'Check the permissions of the file.');
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

async function* allImages(files: readonly ImageFile[], signal?: AbortSignal): AsyncIterable<ArrayImage> {
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
        yield { bytes: image };
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

/**
 * The labels next to a file of images, named labels-idx1 instead of images-idx3; undefined if there are none that
 * match.
 */
async function labelsOf({ file, images }: ImageFile): Promise<Uint8Array | undefined> {
  const name = path
    .basename(file)
    .replace('images', 'labels')
    .replace(/idx[34]/, 'idx1')
    .replace(/\.gz$/, '');
  for (const candidate of [name, `${name}.gz`]) {
    const labels = path.join(path.dirname(file), candidate);
    if (labels === file || !(await fileInfo(labels).catch(() => undefined))) continue;
    const found = await readAxes(labels).catch(() => undefined);
    if (found?.type !== 0x08 || found.axes.length !== 1 || found.axes[0] < images) continue;
    const bytes = openFile(labels, found.facts);
    try {
      await bytes.read(8);
      const values = Uint8Array.from(await bytes.read(images));
      if (values.length === images) return values;
    } catch {
      // Damaged labels count as absent, which the notes report.
    } finally {
      bytes.close();
    }
  }
  return undefined;
}
