// Folders of images for tests: written by sharp, read by real worker threads.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach } from 'vitest';
import type { DataConfig } from '../../src/catalog';
import type { DataContext } from '../../src/data';
import { openImageFolder } from '../../src/data/formats/imageFolder';
import { settings } from './dataFixtures';
import { createTaskWorkers } from './taskWorkers';

type Color = { r: number; g: number; b: number; alpha?: number };
export const gray = (b: number): Color => ({ r: b, g: b, b });
export const plain = (background: Color, width = 20, height = 20) =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });

export const pixel = (image: readonly number[], x: number, y: number, channels = 3, size = 16) =>
  image.slice((y * size + x) * channels, (y * size + x + 1) * channels);

/** A folder for each test of the file that calls this, and functions that write and read its images, 16 x 16. */
export function imageFolder() {
  const workers = createTaskWorkers();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'images-'));
    return () => rm(folder, { recursive: true });
  });
  const open = (data: Partial<DataConfig<'images'>> = {}, context: Partial<DataContext> = {}) =>
    openImageFolder(settings('images', { path: '.', size: 16, ...data }), { seed: 1, folder, workers, ...context });
  /** All training images, each once, as bytes. */
  const pixels = async (data: Partial<DataConfig<'images'>> = {}): Promise<number[][]> => {
    const source = await open(data);
    const size = source.shape.reduce((a, b) => a * b);
    const images = new Map<string, number[]>();
    const out = new Float32Array(size * source.size);
    source.batch({ seed: 1, stream: 'data', step: 0 }, out);
    for (let i = 0; i < source.size; i++) {
      const bytes = Array.from(out.subarray(i * size, (i + 1) * size), (value) => Math.round((value + 1) * 127.5));
      images.set(bytes.join(), bytes);
    }
    return [...images.values()];
  };
  return {
    workers,
    open,
    pixels,
    only: async (data: Partial<DataConfig<'images'>> = {}) => (await pixels(data))[0],
    at: (...names: string[]) => path.join(folder, ...names),
    /** Writes an image; the format follows from the name. */
    write: async (name: string, image: sharp.Sharp): Promise<void> => {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await image.toFile(path.join(folder, name));
    },
  };
}
