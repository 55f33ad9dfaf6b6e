// samples/: the sample images of a run by step, and the image of real samples.
import { lstatSync } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { errno } from '../files/errno';
import { removeFile } from '../files/folder';
import { runPaths } from './directory';
import { runError } from './errors';
import { inside, listFolder, onDisk, onDiskAsync, replaceFile } from './diskAccess';

/** Writes the sample image of a step, atomically, and returns its path. */
export function saveSampleImage(directory: string, step: number, png: Uint8Array): string {
  const file = inside(runPaths(directory).samples, sampleImageName(step));
  replaceFile(file, png);
  return file;
}

/** Writes the image of real samples, which is drawn once per run. */
export const saveRealSampleImage = (directory: string, png: Uint8Array): void =>
  replaceFile(inside(runPaths(directory).samples, realSampleName), png);

const realSampleName = 'real.png';

/** The name of a step's image in the samples folder. */
export const sampleImageName = (step: number): string => `step-${step}.png`;

/** The steps that have an image, in ascending order, from the file names in a samples folder. */
export const sampleSteps = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => /^step-(\d{1,15})\.png$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** The sample images of a run, without links. `steps` is in ascending order. */
export interface SampleList {
  readonly steps: readonly number[];
  readonly hasReal: boolean;
}

/** A run has far fewer: more entries than this are not read. */
const maxEntries = 200_000;

/** Lists the sample images in a samples folder without blocking; none if it is missing or a link. */
export async function listSamples(folder: string): Promise<SampleList> {
  const names: string[] = [];
  await onDiskAsync('list', folder, async () => {
    if (!(await isFolder(folder))) return;
    let entries = 0;
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      if (entry.isFile()) names.push(entry.name);
      if (++entries >= maxEntries) break;
    }
  });
  return { steps: sampleSteps(names), hasReal: names.includes(realSampleName) };
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await lstat(folder)).isDirectory();
  } catch (error) {
    if (errno(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes the images of steps after `step`: a resume from there draws them again. Throws a UserError, before anything
 * is removed, if a folder has the name of one.
 */
export function rewindSampleImages(directory: string, step: number): void {
  const { samples } = runPaths(directory);
  const later = sampleSteps(listFolder(samples)).filter((drawn) => drawn > step);
  const files = later.map((drawn) => inside(samples, sampleImageName(drawn)));
  onDisk('clear', samples, () => {
    const folder = files.find((file) => lstatSync(file, { throwIfNoEntry: false })?.isDirectory());
    if (folder !== undefined)
      throw runError('damaged', `${folder} is a folder, where the run draws an image. Move it away, and resume again.`);
    files.forEach(removeFile);
  });
}
