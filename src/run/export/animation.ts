// The pictures of a run one after the other, as a GIF that moves: each with its step, the last one longer.
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { numberPath } from '../images/axes';
import { openRun, runPaths } from '../directory';
import { errno } from '../../files/errno';
import { runError } from '../errors';
import { requireNewFile, writeExport } from './exportFile';
import { inside, onDisk, onDiskAsync } from '../files';
import { sampleSteps } from '../sampleImages';

export interface ExportedAnimation {
  readonly file: string;
  /** Pictures in it, and how many the run has. */
  readonly frames: number;
  readonly pictures: number;
  /** The steps of the first and the last one. */
  readonly steps: readonly [first: number, last: number];
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
}

/** A file that a page or a message takes: at most so many pictures, and so many pixels on the longer side. */
const most = { frames: 100, side: 800 } as const;
/** Milliseconds: of the whole before its end, within what an eye can follow, and of the last picture. */
const times = { whole: 10_000, least: 60, longest: 500, last: 2500 } as const;

/**
 * Writes the sample pictures of a run, by their steps, as a GIF that repeats. Of more than a hundred so many are taken, evenly,
 * the first and the last among them. Throws a RunError where there are fewer than two, or something stands in the way.
 */
export async function exportAnimation(run: string, file: string): Promise<ExportedAnimation> {
  const target = requireNewFile(file);
  const { samples } = runPaths(openRun(run).directory);
  const pictures = sampleSteps(onDisk('list', samples, () => (fs.existsSync(samples) ? fs.readdirSync(samples) : [])));
  if (pictures.length < 2) {
    const found = pictures.length === 0 ? 'no picture of its samples yet' : 'one picture of its samples only';
    throw runError(
      'not-a-run',
      `${path.resolve(run)} has ${found}, and nothing moves in fewer than two. "samples": { "every": N } of the experiment says how often they are drawn.`,
    );
  }
  const steps = evenlySpaced(pictures, most.frames);
  const size = await sizeOf(inside(samples, picture(steps[0])));
  const frames: Buffer[] = [];
  for (const step of steps) frames.push(await frameOf(inside(samples, picture(step)), step, steps.at(-1)!, size));
  const each = Math.round(Math.min(times.longest, Math.max(times.least, times.whole / steps.length)) / 10) * 10;
  const delay = steps.map((_, i) => (i === steps.length - 1 ? times.last : each));
  // A palette of its own for each picture: one that is kept shifts what differs little from picture to picture.
  const options = { delay, loop: 0, interPaletteMaxError: 0 };
  const gif = await sharp(frames, { join: { animated: true } })
    .gif(options)
    .toBuffer();
  writeExport(target, gif);
  const seconds = delay.reduce((a, b) => a + b) / 1000;
  return {
    file: target,
    frames: steps.length,
    pictures: pictures.length,
    steps: [steps[0], steps.at(-1)!],
    seconds,
    width: size.width,
    height: size.height + strip,
  };
}

const picture = (step: number): string => `step-${step}.png`;

/** At most `count` of the values, evenly by their place, the first and the last among them. */
export const evenlySpaced = (values: readonly number[], count: number): number[] =>
  values.length <= count
    ? [...values]
    : Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]);

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Height of the strip below the picture that says the step, in pixels. */
const strip = 26;

/** What the pictures are shrunk to, that of the first for all. */
async function sizeOf(file: string): Promise<Size> {
  const { width, height } = await reading(file, async () => sharp(await readFile(file)).metadata());
  const scale = Math.min(1, most.side / width, (most.side - strip) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const dark = '#22252a';

/** A picture over its strip. */
async function frameOf(file: string, step: number, last: number, { width, height }: Size): Promise<Buffer> {
  const mark = Buffer.from(stripOf(step, last, width));
  return reading(file, async () =>
    sharp(await readFile(file))
      .resize(width, height, { fit: 'contain', background: dark })
      .flatten({ background: dark })
      .extend({ bottom: strip, background: dark })
      .composite([{ input: mark, left: 0, top: height }])
      .toColourspace('srgb')
      .png({ compressionLevel: 1 })
      .toBuffer(),
  );
}

/** The step in digits that need no font, and a line as long as the part of the training that is done. */
function stripOf(step: number, last: number, width: number): string {
  const done = last === 0 ? width : (width * step) / last;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${strip}">`,
    `<rect width="${width}" height="3" fill="#3d4249"/><rect width="${done.toFixed(1)}" height="3" fill="#e8501f"/>`,
    '<g stroke="#e6e8eb" stroke-width="1.2" stroke-linecap="round" stroke-linejoin="round" fill="none">',
    numberPath(String(step), width - 9, 10, 'end', 10),
    '</g></svg>',
  ].join('');
}

/** A picture that is gone or damaged is named. */
async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await onDiskAsync('read', file, work);
  } catch (error) {
    if (errno((error as Error).cause) !== undefined) throw error;
    throw runError(
      'damaged',
      `${file} is not a picture that can be read: ${(error as Error).message}. Delete it, and export again.`,
    );
  }
}
