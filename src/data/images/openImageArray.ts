// Arrays of images of one size (IDX, CIFAR, NumPy) as a set of images: resizes them and reports missing ones.
import path from 'node:path';
import sharp from 'sharp';
import type { ReadReport } from '../cache/cacheFile';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import type { Raster } from './boxResize';
import { resizeImage, resizeRaster, type ResizeOptions } from './cropResize';
import type { ReadFailure } from './decodeTask';
import { openImageSet, sidesOf, type ImageSettings, type ImageSource } from './storedImages';

export interface ImageArraySettings extends ImageSettings {
  readonly size: 'native' | number | readonly [number, number];
  readonly channels: 'native' | 1 | 3;
}

/** An image of the file, or the reason why it cannot be used. */
export type ArrayImage = { readonly bytes: Uint8Array } | { readonly reason: string };

export interface ImageArray {
  /** Paths of the files that are read. */
  readonly files: readonly string[];
  readonly identity: unknown;
  /** Number of images, as the header claims, but no more than the file has room for. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  readonly origin: string;
  readonly notes: readonly string[];
  readonly classes?: readonly string[];
  /** Sentences for the log, called after all samples were read. */
  readonly notesAfterReading?: () => readonly string[];
  /** All images in order, [height, width, channels]; fewer if the file is truncated. Throws if it is damaged. */
  samples(): AsyncIterable<ArrayImage>;
  /** The classes of the images, if the file has them; called after all samples were read. */
  labels?(): Promise<Uint8Array | undefined> | Uint8Array | undefined;
}

/** Images that are resized concurrently. */
const blockSize = 64;

export function openImageArray(
  set: ImageArray,
  settings: ImageArraySettings,
  context: DataContext,
): Promise<ImageSource> {
  const { height, width, count, identity, origin, notes, classes } = set;
  const channels = settings.channels === 'native' ? set.channels : settings.channels;
  const { height: h, width: w } = settings.size === 'native' ? { height, width } : sidesOf(settings.size);
  const resized = h !== height || w !== width;
  const { fit, resize } = settings;
  const resizer = createResizer(set, { height: h, width: w, channels, fit, resize });
  const form = { height: h, width: w, channels, ...(resized ? { fit, resize } : {}) };
  const errorFor = errors.samplesUnreadable(settings.path);
  const recipe = {
    files: set.files.map((file) => ({ name: path.basename(file), path: file })),
    identity: [identity, form],
    slots: count,
    shape: [h, w, channels] as const,
    costly: resizer.costly,
    resized,
    origin,
    notes,
    classes,
    errorFor,
    nameOf: (slot: number) => `image ${slot}`,
    readAll: (put: (slot: number, bytes: Uint8Array) => void) => readAll(set, resizer.run, put, context),
  };
  return openImageSet(recipe, settings, context);
}

async function readAll(
  set: ImageArray,
  resize: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
  put: (slot: number, bytes: Uint8Array) => void,
  { signal, onProgress }: DataContext,
): Promise<ReadReport> {
  const failures: ReadFailure[] = [];
  let waiting: { readonly slot: number; readonly resized: Uint8Array | Promise<Uint8Array> }[] = [];
  let slot = 0;
  const flush = async () => {
    for (const { slot: at, resized } of waiting) put(at, await resized);
    waiting = [];
    onProgress?.(slot, set.count);
    await new Promise(setImmediate); // Lets signals and file reads through.
    signal?.throwIfAborted();
  };
  let reason = 'the file is truncated';
  try {
    for await (const sample of set.samples()) {
      if ('reason' in sample) failures.push({ slot, file: `image ${slot}`, reason: sample.reason });
      else waiting.push({ slot, resized: resize(sample.bytes) });
      if (++slot % blockSize === 0) await flush();
      if (slot === set.count) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (errors.isDataError(error)) throw error;
    reason = `the file is damaged (${(error as Error).message})`;
  }
  await flush();
  const missing = set.count - slot;
  if (missing > 0)
    failures.push({
      slot,
      count: missing,
      file: missing === 1 ? `image ${slot}` : `images ${slot} to ${set.count - 1}`,
      reason,
    });
  return { failures, labels: await set.labels?.(), notes: set.notesAfterReading?.() ?? [] };
}

interface Target {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  readonly fit: ResizeOptions['fit'];
  readonly resize: ResizeOptions['resize'];
}

/** Resizes images of the set to the target; `costly` if it needs libvips. */
function createResizer({ height, width, channels }: ImageArray, to: Target) {
  const raster = (bytes: Uint8Array): Raster => ({ bytes, width, height, channels });
  const sameChannels = to.channels === channels;
  const sameSize = to.height === height && to.width === width;
  const copy = (bytes: Uint8Array) => Uint8Array.from(bytes);
  if (sameSize && sameChannels) return { costly: false, run: copy };
  if (sameSize && channels === 1 && to.channels === 3) {
    return {
      costly: false,
      run: (bytes: Uint8Array) => Uint8Array.from({ length: 3 * bytes.length }, (_, k) => bytes[(k / 3) | 0]),
    };
  }
  if (sameChannels && to.resize === 'box') {
    return { costly: false, run: (bytes: Uint8Array) => resizeRaster(raster(bytes), { ...to, background: 'black' }) };
  }
  return {
    costly: true,
    run: async (bytes: Uint8Array) => {
      const image = sharp(copy(bytes), { raw: { width, height, channels } });
      if (!sameSize) return resizeImage(image, { ...to, background: 'black' });
      const { data } = await image
        .flatten({ background: 'black' })
        .toColourspace(to.channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      return data;
    },
  };
}
