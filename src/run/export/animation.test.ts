// The GIF of a run: frames in order and within limits for any number and size of images; damaged images are reported.
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { exportAnimation, evenlySpaced } from './animation';

const root = scratch();

/** A run with images of a single gray level, which increases with the step. */
async function runOf(steps: readonly number[], width: number, height: number): Promise<string> {
  const run = path.join(root(), 'run');
  fs.mkdirSync(path.join(run, 'samples'), { recursive: true });
  const manifest = {
    format: 'earthmover-run',
    version: 1,
    experiment: {},
    source: { path: 'a', text: '' },
    versions: {},
    seed: 1,
    device: 'cpu',
  };
  fs.writeFileSync(path.join(run, 'experiment.json'), JSON.stringify(manifest));
  for (const [i, step] of steps.entries()) {
    const gray = 10 + Math.round((240 * i) / steps.length);
    const create = { width, height, channels: 3, background: { r: gray, g: gray, b: gray } } as const;
    await sharp({ create })
      .png()
      .toFile(path.join(run, 'samples', `step-${step}.png`));
  }
  return run;
}

async function decoded(file: string) {
  const { pages = 1, delay = [], width, pageHeight = 0 } = await sharp(file, { animated: true }).metadata();
  const grays: number[] = [];
  for (let page = 0; page < pages; page++) {
    const { data, info } = await sharp(file, { page }).raw().toBuffer({ resolveWithObject: true });
    grays.push(data[(Math.floor(info.height / 4) * info.width + Math.floor(info.width / 2)) * info.channels]);
  }
  return { pages, delay, width, height: pageHeight, grays };
}

describe('evenlySpaced', () => {
  it('includes the first and the last value, and keeps a short list', () => {
    expect(evenlySpaced([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(evenlySpaced([0, 1, 2, 3, 4, 5, 6, 7, 8], 5)).toEqual([0, 2, 4, 6, 8]);
    const many = evenlySpaced(
      Array.from({ length: 1234 }, (_, i) => i * 10),
      100,
    );
    expect([many.length, new Set(many).size, many[0], many.at(-1)]).toEqual([100, 100, 0, 12330]);
  });
});

describe('a GIF', () => {
  it('has at most a hundred frames in step order, and lasts at most ten seconds plus the last frame', async () => {
    const steps = Array.from({ length: 130 }, (_, i) => 5 * (i + 1));
    const run = await runOf(steps, 24, 16);
    const made = await exportAnimation(run, path.join(root(), 'a.gif'));
    expect(made).toMatchObject({ frames: 100, images: 130, steps: [5, 650], width: 24, height: 42 });
    const { pages, delay, grays } = await decoded(made.file);
    expect([pages, delay.length, new Set(delay.slice(0, -1)), delay.at(-1)]).toEqual([100, 100, new Set([100]), 2500]);
    expect(made.seconds).toBeCloseTo(12.4);
    expect(grays.every((gray, i) => i === 0 || gray >= grays[i - 1] - 2)).toBe(true);
    expect(grays.at(-1)! - grays[0]).toBeGreaterThan(200);
  });

  it.each([
    [1600, 400, 800, 200 + 26],
    [300, 1548, 150, 800],
    [5, 3, 5, 3 + 26],
  ])('of images of %d x %d has frames of %d x %d', async (width, height, w, h) => {
    const run = await runOf([1, 2], width, height);
    const made = await exportAnimation(run, path.join(root(), 'a.gif'));
    expect(await decoded(made.file)).toMatchObject({ pages: 2, width: w, height: h, delay: [500, 2500] });
  });

  it('fits images of different sizes into the frame', async () => {
    const run = await runOf([1, 2], 40, 40);
    await sharp({ create: { width: 80, height: 20, channels: 4, background: '#ffffffff' } })
      .png()
      .toFile(path.join(run, 'samples', 'step-3.png'));
    const { pages, grays, width } = await decoded((await exportAnimation(run, path.join(root(), 'a.gif'))).file);
    expect([pages, width]).toEqual([3, 40]);
    expect(grays[2]).toBeGreaterThan(200);
  });

  it('is rejected with fewer than two images, an existing file or a damaged image, and leaves nothing behind', async () => {
    const file = path.join(root(), 'a.gif');
    const run = await runOf([], 8, 8);
    await expect(exportAnimation(run, file)).rejects.toThrow('has no sample image yet; a GIF needs at least two.');
    await runOf([1], 8, 8);
    await expect(exportAnimation(run, file)).rejects.toThrow('has only one sample image; a GIF needs at least two.');
    fs.writeFileSync(path.join(run, 'samples', 'step-2.png'), 'not an image');
    await expect(exportAnimation(run, file)).rejects.toThrow(/step-2\.png cannot be read as an image: .* Delete it/);
    expect(fs.readdirSync(root())).toEqual(['run']);
    fs.writeFileSync(file, 'mine');
    await expect(exportAnimation(run, file)).rejects.toThrow('already exists. Choose a new file with --out.');
  });
});
