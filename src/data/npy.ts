// A .npy file of images.
import type { Data } from '../catalog';
import { fileFacts } from './bytes';
import type { DataContext } from './context';
import { badFile } from './errors';
import type { ImageSource } from './imageSet';
import { locateFile } from './locate';
import { openNpy, type NpyArray } from './npyFile';
import { openNpyImages } from './npyImages';

/** Throws DataError for what the user can mend. */
export async function openNpySource(data: Data<'npy'>, context: DataContext): Promise<ImageSource> {
  const file = await locateFile(data.path, context);
  const { array, identity } = await openNpyFile(file);
  return openNpyImages({ array, title: file, identity, origin: `of "${data.path}"` }, data, context);
}

/** The array in a file, and what tells the file from another. */
export async function openNpyFile(file: string): Promise<{ readonly array: NpyArray; readonly identity: unknown }> {
  try {
    const { size, mtimeMs } = (await fileFacts(file)) ?? { size: 0, mtimeMs: 0 };
    return { array: await openNpy({ file, mostBytes: size }), identity: [file, size, mtimeMs] };
  } catch (error) {
    throw badFile(
      file,
      (error as Error).message,
      'Save it again with numpy.save(file, x), whole, x as uint8 or float32.',
    );
  }
}
