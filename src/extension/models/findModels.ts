// Finds the models that a TypeScript or JavaScript file exports: functions, constants, classes and objects with
// functions that build a tf.sequential or tf.model.
import { type Layer, layersIn } from './layers';
import { findBuilders, type Builders } from './builders';
import { type Declaration, declarationsIn } from './declarations';
import { entriesOf, isFunctionAt, membersOf } from './members';
import { type Meter, tokenize, type Tokens } from './tokens';

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

interface Method {
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

/** The exported models of a file, in order. Undefined if its text does not parse. `meter` counts the steps it takes. */
export function findModels(text: string, meter?: Meter): FoundModel[] | undefined {
  if (!text.includes('@tensorflow/tfjs')) return [];
  const tokens = tokenize(text, meter);
  if (tokens === undefined) return undefined;
  const builders = findBuilders(tokens);
  if (builders === undefined) return [];
  return declarationsIn(tokens).flatMap((declaration) => modelsOf(tokens, builders, declaration));
}

function modelsOf(tokens: Tokens, builders: Builders, declaration: Declaration): FoundModel[] {
  const { name, exported, offset, from, to, value } = declaration;
  if (!builders.builds(from, to)) return [];
  const found = (
    kind: FoundModel['kind'],
    span = { from, to },
    method?: Method,
    at = { name, offset },
  ): FoundModel => ({
    ...at,
    exported,
    kind,
    layers: layersIn(tokens, span.from, span.to),
    repeats: builders.repeats(span.from, span.to),
    ...(method && { method }),
  });
  const isBuilder = (span: { from: number; to: number }) =>
    builders.builds(span.from, span.to) && builders.returns(span.from, span.to);
  if (declaration.kind === 'class') {
    const method = membersOf(tokens, from, to).find(isBuilder);
    return method ? [found('class', method, { name: method.name, isStatic: method.isStatic })] : [];
  }
  if (declaration.kind === 'function' || isFunctionAt(tokens, value, to))
    return isBuilder({ from, to }) ? [found(declaration.isModule ? 'module' : 'function')] : [];
  if (tokens.code(value) !== '{') return [found('constant')];
  return entriesOf(tokens, value)
    .filter((entry) => isBuilder(entry) && (entry.isMethod || isFunctionAt(tokens, entry.from, entry.to)))
    .map((entry) =>
      found('object', entry, { name: entry.key, isStatic: true }, { name: entry.key, offset: entry.offset }),
    );
}

/**
 * Finds the models of the last text that parsed in a text that does not, so that CodeLenses stay while the user types.
 */
export function relocated(models: readonly FoundModel[], text: string): FoundModel[] {
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
