// Model files that an experiment names but that do not exist.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from './suggestions';

/** Whether there is an ordinary file, and not a folder or a device. */
const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * What is wrong with the path of a model file, with advice; null if it is a file.
 * @param folder the folder of the experiment file
 */
export function missingModule(module: string, folder: string): string | null {
  const file = path.resolve(folder, module);
  try {
    if (isFile(file)) return null;
    const isFolder = statSync(file, { throwIfNoEntry: false }) !== undefined;
    const what = isFolder ? 'it is not a file' : 'the file does not exist';
    return `The model file "${module}" cannot be read: ${what} (${file}). ${suggestion(file, module)}Paths start at the folder of the experiment file.`;
  } catch (error) {
    return `The model file "${module}" cannot be read: ${(error as Error).message}.`;
  }
}

/** Extensions of model files. */
const extensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx'];

/** "Did you mean ...?" with a file of the same name in another language, or of a similar name in the same folder. */
function suggestion(file: string, module: string): string {
  const folder = path.dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return '';
  const names = readdirSync(folder).filter((name) => extensions.includes(path.extname(name)));
  const stem = (name: string): string => path.basename(name).replace(/\.\w+$/, '');
  const meant = names.find((name) => stem(name) === stem(file)) ?? nearest(path.basename(file), names);
  return meant === undefined ? '' : `Did you mean "${module.slice(0, -path.basename(module).length)}${meant}"? `;
}
