// samples/: the sample images of a run by step, and the image of real samples.
import { removeFile } from '../files/folder';
import { runPaths } from './directory';
import { inside, listFolder, onDisk, replaceFile } from './diskAccess';

/** Writes the sample image of a step, atomically, and returns its path. */
export function saveSampleImage(directory: string, step: number, png: Uint8Array): string {
  const file = inside(runPaths(directory).samples, sampleImageName(step));
  replaceFile(file, png);
  return file;
}

/** Writes the image of real samples, which is drawn once per run. */
export const saveRealSampleImage = (directory: string, png: Uint8Array): void =>
  replaceFile(inside(runPaths(directory).samples, 'real.png'), png);

/** The name of a step's image in the samples folder. */
export const sampleImageName = (step: number): string => `step-${step}.png`;

/** The steps that have an image, in ascending order, from the file names in a samples folder. */
export const sampleSteps = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => /^step-(\d{1,15})\.png$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** Removes the images of steps after `step`: a resume from there draws them again. */
export function rewindSampleImages(directory: string, step: number): void {
  const { samples } = runPaths(directory);
  const later = sampleSteps(listFolder(samples)).filter((drawn) => drawn > step);
  onDisk('clear', samples, () => later.forEach((drawn) => removeFile(inside(samples, sampleImageName(drawn)))));
}
