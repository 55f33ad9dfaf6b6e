// Files that an experiment names but that do not exist: model files, and the feature network.
import { closeSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../files/errno';
import { namesIn } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import type { Parsed } from './parse';
import type { Path, Problem } from './problem';
import { nearest } from './suggestions';

/** The files of an experiment that do not exist, as problems of the settings that name them. */
export function lintModuleFiles({ experiment, place }: Parsed, folder: string): Problem[] {
  if (experiment === undefined) return [];
  const problem = (code: string, path: Path, { message, similar }: MissingFile): Problem => {
    const fixes = similar === null ? {} : { fixes: [{ title: `Use ${similar}`, changes: [{ path, value: similar }] }] };
    return place({ severity: 'error', code, message, path, target: 'value', ...fixes });
  };
  const models = (['generator', 'critic'] as const).flatMap((role) => {
    const network = experiment[role];
    const missing = 'module' in network ? missingModule(network.module, folder) : null;
    return missing === null ? [] : [problem('model-missing', [role, 'module'], missing)];
  });
  const { features } = experiment.evaluation;
  const missing = features === null ? null : missingFile('feature network', features, folder, ['.onnx']);
  return [...models, ...(missing === null ? [] : [problem('features-not-found', ['evaluation', 'features'], missing)])];
}

interface MissingFile {
  readonly message: string;
  /** The path of a file with a similar name; null if there is none. */
  readonly similar: string | null;
}

/**
 * What is wrong with the path of a model file; null if it is a file.
 * @param folder the folder of the experiment file
 */
export const missingModule = (module: string, folder: string): MissingFile | null =>
  missingFile('model file', module, folder, modelExtensions);

function missingFile(what: string, written: string, folder: string, extensions: readonly string[]): MissingFile | null {
  const file = path.resolve(folder, written);
  try {
    closeSync(openOrdinary(file, 'read', 'follow'));
    return null;
  } catch (error) {
    const why = errno(error) === 'ENOENT' ? 'the file does not exist' : (error as Error).message;
    const similar = similarFile(file, written, extensions);
    const advice = similar === null ? '' : `Did you mean "${similar}"? `;
    const message = `The ${what} "${written}" cannot be read: ${why} (${file}). ${advice}Paths start at the folder of the experiment file.`;
    return { message, similar };
  }
}

/** Extensions of model files. */
const modelExtensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx'];

/** A file of the same name in another language, or of a similar name in the same folder. */
function similarFile(file: string, written: string, extensions: readonly string[]): string | null {
  const isOther = (name: string): boolean => name !== path.basename(file) && extensions.includes(path.extname(name));
  const names = filesIn(path.dirname(file)).filter(isOther);
  const stem = (name: string): string => path.basename(name).replace(/\.\w+$/, '');
  const meant = names.find((name) => stem(name) === stem(file)) ?? nearest(path.basename(file), names);
  return meant === undefined ? null : `${written.slice(0, -path.basename(written).length)}${meant}`;
}

function filesIn(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch {
    return [];
  }
}
