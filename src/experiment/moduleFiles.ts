// Model files that an experiment names but that do not exist.
import { closeSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../files/errno';
import { namesIn } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import { nearest } from './suggestions';

/**
 * What is wrong with the path of a model file, with advice; null if it is a file.
 * @param folder the folder of the experiment file
 */
export function missingModule(module: string, folder: string): string | null {
  const file = path.resolve(folder, module);
  try {
    closeSync(openOrdinary(file, 'read', 'follow'));
    return null;
  } catch (error) {
    const why = errno(error) === 'ENOENT' ? 'the file does not exist' : (error as Error).message;
    return `The model file "${module}" cannot be read: ${why} (${file}). ${suggestion(file, module)}Paths start at the folder of the experiment file.`;
  }
}

/** Extensions of model files. */
const extensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx'];

/** "Did you mean ...?" with a file of the same name in another language, or of a similar name in the same folder. */
function suggestion(file: string, module: string): string {
  const names = filesIn(path.dirname(file)).filter((name) => extensions.includes(path.extname(name)));
  const stem = (name: string): string => path.basename(name).replace(/\.\w+$/, '');
  const meant = names.find((name) => stem(name) === stem(file)) ?? nearest(path.basename(file), names);
  return meant === undefined ? '' : `Did you mean "${module.slice(0, -path.basename(module).length)}${meant}"? `;
}

function filesIn(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch {
    return [];
  }
}
