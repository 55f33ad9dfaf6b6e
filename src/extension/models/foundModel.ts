// A model in a program: its name, its place, and where it is while the text does not parse.
import type { Layer } from './layers';

export interface FoundModel {
  /** Its name in the file, above which the CodeLens is shown. */
  readonly name: string;
  /** Its exported name; 'default' for the whole of `module.exports`. */
  readonly exported: string;
  /**
   * A function is called with the required shapes; a constant is the model itself; a class or an object has a method
   * that builds it; a module is a CommonJS module that is itself the function.
   */
  readonly kind: 'function' | 'constant' | 'class' | 'object' | 'module';
  /** The method of a class or an object. */
  readonly method?: Method;
  /** Offset of the name, in UTF-16 units. */
  readonly offset: number;
  /** The layer calls in its text, in order. */
  readonly layers: readonly Layer[];
  /** The layers are added in a loop, so their number is not known from the text. */
  readonly repeats: boolean;
}

export interface Method {
  readonly name: string;
  readonly isStatic: boolean;
}

/** The name of a model for people: `critic`, `models.critic` for a function of an object, the own name of a default. */
export function modelName({ name, exported, kind, method }: FoundModel): string {
  const own = exported === 'default' && !keywords.has(name) ? name : exported;
  return kind === 'object' && method ? `${exported}.${method.name}` : own;
}

/** The names of declarations that have none. */
const keywords: ReadonlySet<string> = new Set(['default', 'exports', 'export', 'function', 'class']);

/** What was found in a file. */
export interface FoundModels {
  /** In order. */
  readonly models: readonly FoundModel[];
  /** False if a part of the text does not parse, as while it is typed: models in it are missing. */
  readonly isWhole: boolean;
}

/**
 * The models of a text that does not parse as a whole: those that were found, and those of the last text that are
 * missing, so that CodeLenses stay while the user types.
 */
export function withLast(found: readonly FoundModel[], last: readonly FoundModel[], text: string): FoundModel[] {
  const known = new Set(found.map(modelName));
  const missing = last.filter((model) => !known.has(modelName(model)));
  return [...found, ...relocated(missing, text)].sort((a, b) => a.offset - b.offset);
}

/** Finds models of another text by their names. */
function relocated(models: readonly FoundModel[], text: string): FoundModel[] {
  const placesOf = (pattern: RegExp) => {
    const places = new Map<string, number>();
    for (const { 0: all, 1: name, index } of text.matchAll(pattern))
      if (!places.has(name)) places.set(name, index + all.length - name.length);
    return places;
  };
  const [declared, keys] = [placesOf(declaredName), placesOf(keyName)];
  return models.flatMap((model) => {
    const offset = (model.kind === 'object' ? keys : declared).get(model.name);
    return offset === undefined ? [] : [{ ...model, offset }];
  });
}

const declaredName =
  /(?<![\w$])(?:function(?:\s+|\s*\*\s*)|(?:const|let|var|class)\s+|exports\s*\.\s*|export\s+(?=default)|module\s*\.\s*(?=exports))([\w$]+)/g;
const keyName = /(?<![\w$])([\w$]+)(?=\s*[:(])/g;
