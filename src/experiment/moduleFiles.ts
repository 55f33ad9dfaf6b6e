// Model files that an experiment names but that do not exist.
import { closeSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../files/errno';
import { namesIn } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import type { Parsed } from './parse';
import type { Problem } from './problem';
import { nearest } from './suggestions';

/** The model files of an experiment that do not exist, as problems of its "module" settings. */
export function lintModuleFiles({ experiment, place }: Parsed, folder: string): Problem[] {
  if (experiment === undefined) return [];
  return (['generator', 'critic'] as const).flatMap((role) => {
    const network = experiment[role];
    if (!('module' in network)) return [];
    const path = [role, 'module'] as const;
    const missing = missingModule(network.module, folder);
    if (missing === null) return [];
    const { message, similar } = missing;
    const fixes = similar === null ? {} : { fixes: [{ title: `Use ${similar}`, changes: [{ path, value: similar }] }] };
    return [place({ severity: 'error', code: 'model-missing', message, path, target: 'value', ...fixes })];
  });
}

interface MissingModule {
  readonly message: string;
  /** The path of a file with a similar name; null if there is none. */
  readonly similar: string | null;
}

/**
 * What is wrong with the path of a model file; null if it is a file.
 * @param folder the folder of the experiment file
 */
export function missingModule(module: string, folder: string): MissingModule | null {
  const file = path.resolve(folder, module);
  try {
    closeSync(openOrdinary(file, 'read', 'follow'));
    return null;
  } catch (error) {
    const why = errno(error) === 'ENOENT' ? 'the file does not exist' : (error as Error).message;
    const similar = similarModule(file, module);
    const advice = similar === null ? '' : `Did you mean "${similar}"? `;
    const message = `The model file "${module}" cannot be read: ${why} (${file}). ${advice}Paths start at the folder of the experiment file.`;
    return { message, similar };
  }
}

/** Extensions of model files. */
const extensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx'];

/** A file of the same name in another language, or of a similar name in the same folder. */
function similarModule(file: string, module: string): string | null {
  const isOther = (name: string): boolean => name !== path.basename(file) && extensions.includes(path.extname(name));
  const names = filesIn(path.dirname(file)).filter(isOther);
  const stem = (name: string): string => path.basename(name).replace(/\.\w+$/, '');
  const meant = names.find((name) => stem(name) === stem(file)) ?? nearest(path.basename(file), names);
  return meant === undefined ? null : `${module.slice(0, -path.basename(module).length)}${meant}`;
}

function filesIn(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch {
    return [];
  }
}
