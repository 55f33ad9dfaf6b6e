// Exports the sample images of a run as an animated GIF; each frame shows its step, the last one stays longer.
import path from 'node:path';
import sharp from 'sharp';
import { numberPath } from '../images/axes';
import { openRun, runPaths } from '../directory';
import { errno } from '../../files/errno';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { outputMark } from '../../shared/outputMark';
import { runError } from '../errors';
import { requireNewFile, writeExport } from './exportFile';
import { joinGifs } from './joinGifs';
import { inside, listFolder, onDiskAsync } from '../diskAccess';
import { sampleImageName, sampleSteps } from '../sampleImages';

export interface ExportedAnimation {
  readonly file: string;
  /** Frames of the GIF, and sample images of the run. */
  readonly frames: number;
  readonly images: number;
  /** The steps of the first and the last frame. */
  readonly steps: readonly [first: number, last: number];
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
}

/** Limits that keep the file small enough for web pages and messages; `side` is the longer side in pixels. */
const limits = { frames: 100, side: 800 } as const;
/** Milliseconds: the total without the last frame, the bounds of a frame, and the last frame. */
const durations = { total: 10_000, min: 60, max: 500, last: 2500 } as const;

/**
 * Writes the sample images of a run as a looping GIF. Of more than a hundred images, a hundred evenly spaced ones are
 * used, including the first and the last. Throws a UserError if there are fewer than two, or the file exists.
 */
export async function exportAnimation(run: string, file: string): Promise<ExportedAnimation> {
  const target = requireNewFile(file);
  const { samples } = runPaths(openRun(run).directory);
  const available = sampleSteps(listFolder(samples));
  if (available.length < 2) {
    const found = available.length === 0 ? 'no sample image yet' : 'only one sample image';
    throw runError(
      'not-a-run',
      `${path.resolve(run)} has ${found}; a GIF needs at least two. Set "samples": { "every": N } in the experiment to draw them more often.`,
    );
  }
  const steps = evenlySpaced(available, limits.frames);
  const size = await sizeOf(inside(samples, sampleImageName(steps[0])));
  const each = Math.round(Math.min(durations.max, Math.max(durations.min, durations.total / steps.length)) / 10) * 10;
  const delay = steps.map((_, i) => (i === steps.length - 1 ? durations.last : each));
  const last = steps.at(-1)!;
  const frames = steps.map((step, i) => ({
    file: inside(samples, sampleImageName(step)),
    step,
    last,
    delay: delay[i],
  }));
  // In parallel: sharp works in threads.
  const parts = evenParts(frames, framesPerPart);
  const gifs = await Promise.all(parts.map((frames) => encodePart(frames, size)));
  writeExport(target, joinGifs(gifs, outputMark));
  const seconds = delay.reduce((a, b) => a + b) / 1000;
  return {
    file: target,
    frames: steps.length,
    images: available.length,
    steps: [steps[0], steps.at(-1)!],
    seconds,
    width: size.width,
    height: size.height + strip,
  };
}

interface Frame {
  readonly file: string;
  readonly step: number;
  readonly last: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** Enough for all cores that sharp uses; more, and smaller, parts repeat more pixels that did not change. */
const framesPerPart = 25;

/** Some frames as a GIF of their own. */
async function encodePart(frames: readonly Frame[], size: Size): Promise<Buffer> {
  const pixels: Buffer[] = [];
  for (const frame of frames) pixels.push(await pixelsOf(frame, size));
  const pageHeight = size.height + strip;
  const raw = { width: size.width, height: pageHeight * frames.length, channels: 3, pageHeight } as const;
  // Each frame has its own palette: a shared one shifts colors that differ little between frames. The default effort
  // takes up to six times as long to find one that looks the same; less than 4 loses the lowest bits of colors.
  const options = { delay: frames.map(({ delay }) => delay), loop: 0, interPaletteMaxError: 0, effort: 4 };
  return sharp(Buffer.concat(pixels), { raw }).gif(options).toBuffer();
}

/** Parts of at most `most` values, and of more than one: an encoder writes no delay into a GIF of one frame. */
function evenParts<T>(values: readonly T[], most: number): T[][] {
  const count = Math.ceil(values.length / most);
  const length = Math.ceil(values.length / count);
  return Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length));
}

/** At most `count` of the values at evenly spaced positions, including the first and the last. */
export const evenlySpaced = (values: readonly number[], count: number): number[] =>
  values.length <= count
    ? [...values]
    : Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]);

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Far more than a sample image that was drawn. */
const maxImageBytes = 2 ** 28;

/** Height of the strip below the image that shows the step, in pixels. */
const strip = 26;

/** The size of all frames: that of the first image, shrunk if it is too large. */
async function sizeOf(file: string): Promise<Size> {
  const { width, height } = await reading(file, async () =>
    sharp(await readOrdinaryAsync(file, maxImageBytes)).metadata(),
  );
  const scale = Math.min(1, limits.side / width, (limits.side - strip) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const dark = '#22252a';

/** An image above its strip, as RGB. */
async function pixelsOf({ file, step, last }: Frame, { width, height }: Size): Promise<Buffer> {
  const mark = Buffer.from(stripOf(step, last, width));
  return reading(file, async () =>
    sharp(await readOrdinaryAsync(file, maxImageBytes))
      .resize(width, height, { fit: 'contain', background: dark })
      .flatten({ background: dark })
      .extend({ bottom: strip, background: dark })
      .composite([{ input: mark, left: 0, top: height }])
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer(),
  );
}

/** The step in digits that need no font, and a progress bar. */
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

/** Names the file in the error of an image that is missing or damaged. */
async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await onDiskAsync('read', file, work);
  } catch (error) {
    if (errno((error as Error).cause) !== undefined) throw error;
    throw runError(
      'damaged',
      `${file} cannot be read as an image: ${(error as Error).message}. Delete it and export again.`,
    );
  }
}
