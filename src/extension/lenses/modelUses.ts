// The model files that an experiment file names.
import path from 'node:path';
import { modelPlaces } from '../experiments/modelPlaces';

export interface ModelUse {
  /** The experiment file. */
  readonly file: string;
  /** The model file and the name of the export. */
  readonly module: string;
  readonly exported: string;
}

/** The modules that the text of an experiment file names, as absolute paths; whatever else is wrong with it. */
export const modelUses = (file: string, text: string): ModelUse[] =>
  modelPlaces(text).map(({ module, exported }) => ({
    file,
    module: path.resolve(path.dirname(file), module.value),
    exported,
  }));
