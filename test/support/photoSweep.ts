// A folder of images that a sweep trains on.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** Changes of an experiment that train a small network on `photos`, for a few steps. */
export const onPhotos = {
  data: { source: 'images', path: './photos', size: 16 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'dcgan', filters: 4, normalization: 'none' },
  steps: 4,
  metrics: [],
  checkpoints: { every: 4, keep: 1 },
  samples: { every: 4, grid: [2, 2] },
};

/** Writes images into the folder `photos`. */
export async function writePhotos(folder: string): Promise<void> {
  mkdirSync(path.join(folder, 'photos'), { recursive: true });
  for (let k = 0; k < 20; k++) {
    const background = { r: 12 * k, g: 100, b: 200 };
    const file = path.join(folder, 'photos', `${k}.png`);
    await sharp({ create: { width: 20, height: 20, channels: 3, background } }).toFile(file);
  }
}
