// The model files that an experiment file names.
import path from 'node:path';
import { parse } from 'jsonc-parser';

export interface ModelUse {
  /** The experiment file. */
  readonly file: string;
  /** The model file and the name of the export. */
  readonly module: string;
  readonly exported: string;
}

/** The modules that the text of an experiment file names, as absolute paths; whatever else is wrong with it. */
export function modelUses(file: string, text: string): ModelUse[] {
  const experiment: unknown = parse(text);
  if (typeof experiment !== 'object' || experiment === null) return [];
  return (['generator', 'critic'] as const).flatMap((role) => {
    const network = (experiment as Record<string, unknown>)[role];
    const { module, export: exported = role } = (network ?? {}) as { module?: unknown; export?: unknown };
    if (typeof module !== 'string' || typeof exported !== 'string') return [];
    return [{ file, module: path.resolve(path.dirname(file), module), exported }];
  });
}
