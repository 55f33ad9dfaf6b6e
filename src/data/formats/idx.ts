// IDX files, the format of MNIST: magic (0, 0, type, axes), the axes as big-endian u32, then the values.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog/index';
import { openImageArray, type ArrayImage } from '../images/imageArray';
import { fileInfo, openByteStream, type ByteStream, type FileInfo } from './byteStream';
import type { DataContext } from '../dataSource';
import { badFile } from '../errors';
import type { ImageSource } from '../images/imageSet';
import { resolveDataPath } from '../resolvePath';
import { plural, firstFew } from '../../shared/text';

/** One file of images, its header read. */
interface ImageFile {
  readonly file: string;
  readonly facts: FileInfo;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
}

/** Largest side of an image, and of labels the number: what is larger is not what it says it is. */
const mostSide = 8192;

export async function openIdx(data: DataConfig<'idx'>, context: DataContext): Promise<ImageSource> {
  const place = await resolveDataPath('idx', data.path, context);
  const names = place.isFolder ? await imageFiles(place.path, data.split) : [place.path];
  const files: ImageFile[] = [];
  for (const name of names) files.push(await readHeader(name));
  const [{ height, width, channels }] = files;
  const odd = files.find((one) => one.height !== height || one.width !== width || one.channels !== channels);
  if (odd) {
    const sizes = `its images are ${odd.height} x ${odd.width}, those of ${path.basename(files[0].file)} ${height} x ${width}`;
    throw badFile(odd.file, sizes, 'Let "path" in "data" name one of the files.');
  }
  const labelled = await Promise.all(files.map(labelsOf));
  const set = {
    identity: ['idx', ...files.map(({ file, facts }) => [file, facts.size, facts.mtimeMs]), labelled.map(Boolean)],
    count: files.reduce((sum, { images }) => sum + images, 0),
    height,
    width,
    channels,
    origin: `in ${firstFew(files.map(({ file }) => path.basename(file)))} of "${data.path}"`,
    notes: labelled.every((labels) => labels) ? [] : ['No labels beside them, or not one for each image.'],
    samples: () => allImages(files, context.signal),
    labels: () => (labelled.every((labels) => labels) ? Buffer.concat(labelled as Uint8Array[]) : undefined),
  };
  return openImageArray(set, data, context);
}

/** MNIST's own names, which have a dash where some copies have a dot. */
const isImages = (name: string) => /images[-.]idx[34]-ubyte(\.gz)?$/.test(name);
const isTest = (name: string) => /^(t10k|test)/.test(name);

async function imageFiles(folder: string, split: DataConfig<'idx'>['split']): Promise<string[]> {
  const all = (await readdir(folder)).filter(isImages).sort();
  // A file that lies there both plain and packed is one file.
  const once = all.filter((name) => !(name.endsWith('.gz') && all.includes(name.slice(0, -3))));
  const chosen = once.filter((name) => split === 'all' || isTest(name) === (split === 'test'));
  if (chosen.length > 0) return chosen.map((name) => path.join(folder, name));
  const there =
    once.length > 0
      ? `it has ${firstFew(once)}, which are not of split "${split}"`
      : 'it has no *images-idx3-ubyte file, plain or .gz';
  throw badFile(folder, there, 'Let "path" in "data" name a folder with such files, or one such file.');
}

/** Reads the header of a file of images; throws DataError for what is none. */
async function readHeader(file: string): Promise<ImageFile> {
  const { facts, type, axes } = await header(file);
  const toDo = 'Let "path" in "data" name a file of images, such as train-images-idx3-ubyte.gz.';
  if (type !== 0x08) throw badFile(file, `its values are of type 0x${type.toString(16)}, not bytes (0x8)`, toDo);
  if (axes.length !== 3 && axes.length !== 4)
    throw badFile(file, `it has ${plural(axes.length, 'axis', 'axes')}, and images have 3 or 4`, toDo);
  const [claimed, height, width, channels = 1] = axes;
  const possible = height > 0 && height <= mostSide && width > 0 && width <= mostSide && [1, 3, 4].includes(channels);
  if (!possible) throw badFile(file, `its header claims images of ${axes.slice(1).join(' x ')}`, toDo);
  if (claimed === 0) throw badFile(file, 'it holds no image', toDo);
  const most = Math.floor((facts.mostBytes - 4 - 4 * axes.length) / (height * width * channels));
  if (most < 1) throw badFile(file, 'it ends before its first image is whole', toDo);
  return { file, facts, images: Math.min(claimed, most), height, width, channels: channels as 1 | 3 | 4 };
}

async function header(file: string) {
  const facts = await fileInfo(file).catch(() => undefined);
  if (!facts) throw badFile(file, 'it is no file that can be opened', 'Check who may read it.');
  const bytes = reading(file, facts);
  try {
    const start = Uint8Array.from(await bytes.take(4));
    if (start.length < 4 || start[0] !== 0 || start[1] !== 0 || start[3] === 0 || start[3] > 4) {
      throw badFile(
        file,
        'it does not begin as an IDX file does (two zero bytes, a type, 1 to 4 axes)',
        'Is it the right file?',
      );
    }
    const view = viewOf(await bytes.take(4 * start[3]));
    if (view.byteLength < 4 * start[3]) throw badFile(file, 'it ends inside of its header', 'Get it again.');
    return { facts, type: start[2], axes: Array.from({ length: start[3] }, (_, k) => view.getUint32(4 * k)) };
  } catch (error) {
    if ((error as Error).name === 'DataError') throw error;
    throw badFile(file, `it is damaged (${(error as Error).message})`, 'Get it again.');
  } finally {
    bytes.close();
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const reading = (file: string, { gzipped }: FileInfo, signal?: AbortSignal): ByteStream =>
  openByteStream(file, { compression: gzipped ? 'gzip' : undefined, signal });

async function* allImages(files: readonly ImageFile[], signal?: AbortSignal): AsyncIterable<ArrayImage> {
  for (const { file, facts, images, height, width, channels } of files) {
    const bytes = reading(file, facts, signal);
    const length = height * width * channels;
    let i = 0;
    let reason = 'its file ends before it';
    try {
      await bytes.take(channels === 1 ? 16 : 20);
      for (; i < images; i++) {
        const image = await bytes.take(length);
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

/** The labels beside a file of images: "labels" in its name for "images", idx1 for idx3; undefined where they do not fit. */
async function labelsOf({ file, images }: ImageFile): Promise<Uint8Array | undefined> {
  const name = path
    .basename(file)
    .replace('images', 'labels')
    .replace(/idx[34]/, 'idx1')
    .replace(/\.gz$/, '');
  for (const beside of [name, `${name}.gz`]) {
    const labels = path.join(path.dirname(file), beside);
    if (labels === file || !(await fileInfo(labels).catch(() => undefined))) continue;
    const found = await header(labels).catch(() => undefined);
    if (found?.type !== 0x08 || found.axes.length !== 1 || found.axes[0] < images) continue;
    const bytes = reading(labels, found.facts);
    try {
      await bytes.take(8);
      const values = Uint8Array.from(await bytes.take(images));
      if (values.length === images) return values;
    } catch {
      // Damaged: as if there were none, which the notes say.
    } finally {
      bytes.close();
    }
  }
  return undefined;
}
