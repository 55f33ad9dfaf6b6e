// Finds the models that a TypeScript or JavaScript file exports: functions, constants and classes that build a
// tf.sequential or tf.model.
import { masked } from './mask';
import { type Layer, layersIn } from './layers';

export interface FoundModel {
  /** Its name in the file, above which the CodeLens is shown. */
  readonly name: string;
  /** Its exported name. */
  readonly exported: string;
  /**
   * A function is called with the required shapes; a constant is the model itself; a class has a method that builds it.
   */
  readonly kind: 'function' | 'constant' | 'class';
  /** The method of a class. */
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

/** The exported models of a file, in order. Undefined if its text does not parse. */
export function findModels(text: string): FoundModel[] | undefined {
  if (!text.includes('@tensorflow/tfjs')) return [];
  const code = masked(text);
  if (code === undefined) return undefined;
  const builders = buildersIn(text, code);
  if (builders === undefined) return [];
  const names = exportsIn(code);
  const builds = (body: string) => builders.test(body);
  const returns = (body: string) => /\breturn\b|=>\s*(?!\s*\{)/.test(body);
  return declarationsIn(code).flatMap(({ name, offset, from, to, kind }): FoundModel[] => {
    const exported = names.get(name);
    if (exported === undefined || !builds(code.slice(from, to))) return [];
    const method =
      kind === 'class'
        ? methodsIn(code, from, to).find(
            ({ from, to }) => builds(code.slice(from, to)) && returns(code.slice(from, to)),
          )
        : undefined;
    if (kind === 'class' && method === undefined) return [];
    const span = method ?? { from, to };
    const body = code.slice(span.from, span.to);
    if (kind === 'function' && !returns(body)) return [];
    const repeats = /\b(for|while)\b|\.(map|forEach|reduce|flatMap)\s*\(/.test(body);
    const built = method && { method: { name: method.name, isStatic: method.isStatic } };
    return [{ name, exported, kind, offset, layers: layersIn(text, code, span.from, span.to), repeats, ...built }];
  });
}

/**
 * Finds the models of the last text that parsed in a text that does not, so that CodeLenses stay while the user types.
 */
export function relocated(models: readonly FoundModel[], text: string): FoundModel[] {
  return models.flatMap((model) => {
    const match = new RegExp(`\\b(?:function\\*?|const|let|var|class)\\s+${escaped(model.name)}(?![\\w$])`).exec(text);
    return match ? [{ ...model, offset: match.index + match[0].length - model.name.length }] : [];
  });
}

/** Matches calls of tf.sequential and tf.model in this file, by its imports. Undefined if it has none. */
function buildersIn(text: string, code: string): RegExp | undefined {
  const spaces: string[] = [];
  const functions: string[] = [];
  // Imports are located in the masked text, which has no comments, and read from the original text.
  for (const { index } of code.matchAll(/\b(?:import|const|let|var)\b/g)) {
    const match = imported.exec(text.slice(index, index + 2000));
    if (match === null) continue;
    const [, space, list, required, requiredList] = match;
    spaces.push(...[space, required].filter((name) => name !== undefined));
    for (const item of (list ?? requiredList ?? '').split(',')) {
      const [, name, alias] = /^\s*([\w$]+)(?:\s*(?:as|:)\s*([\w$]+))?\s*$/.exec(item) ?? [];
      if (name === 'sequential' || name === 'model') functions.push(alias ?? name);
    }
  }
  const calls = [...spaces.map((name) => `${escaped(name)}\\s*\\.\\s*(?:sequential|model)`), ...functions.map(escaped)];
  return calls.length === 0 ? undefined : new RegExp(`(?<![\\w$]|\\.\\s*)(?:${calls.join('|')})\\s*\\(`);
}

const tfjs = String.raw`['"]@tensorflow\/tfjs(?:-layers|-node|-node-gpu)?['"]`;
const imported = new RegExp(
  String.raw`^(?:import\s+(?:\*\s*as\s+([\w$]+)|[\w$]*\s*,?\s*\{([^}]*)\})\s*from\s*${tfjs}` +
    String.raw`|(?:const|let|var)\s+(?:([\w$]+)|\{([^}]*)\})\s*=\s*require\(\s*${tfjs}\s*\))`,
);

/** Local name → exported name. */
function exportsIn(code: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, name] of code.matchAll(
    /(?<![\w$.])export\s+(?:async\s+|abstract\s+)?(?:function\s*\*?|const|let|var|class)\s+([\w$]+)/g,
  ))
    names.set(name, name);
  for (const [, name, local] of code.matchAll(/(?<![\w$.])(?:module\s*\.\s*)?exports\s*\.\s*([\w$]+)\s*=\s*([\w$]+)?/g))
    names.set(local ?? name, name);
  for (const [, list, from] of code.matchAll(
    /(?<![\w$.])(?:export|module\s*\.\s*exports\s*=)\s*\{([^{}]*)\}(\s*from\b)?/g,
  )) {
    for (const item of from ? [] : list.split(',')) {
      const [, first, arrow, second] = /^\s*([\w$]+)(?:\s*(as|:)\s*([\w$]+))?\s*$/.exec(item) ?? [];
      if (first === undefined) continue;
      // `export { local as exported }`, but `module.exports = { exported: local }`.
      const [local, exported] = arrow === ':' ? [second, first] : [first, second ?? first];
      if (exported !== 'default') names.set(local, exported);
    }
  }
  return names;
}

interface Declaration {
  readonly name: string;
  readonly kind: FoundModel['kind'];
  readonly offset: number;
  /** The range of its text in the file. */
  readonly from: number;
  readonly to: number;
}

/** The top-level functions, constants and classes of a masked text. */
function declarationsIn(code: string): Declaration[] {
  const depths = depthsOf(code);
  const declared = /(?<![\w$.])(function\s*\*?|const|let|var|class)\s+([\w$]+)/g;
  return [...code.matchAll(declared)].flatMap(({ index, 0: all, 1: word, 2: name }): Declaration[] => {
    if (depths[index] !== 0) return [];
    const from = index + all.length;
    const offset = from - name.length;
    if (word.startsWith('function'))
      return [{ name, kind: 'function', offset, from, to: endOfFunction(code, depths, from) }];
    if (word === 'class') return [{ name, kind: 'class', offset, from, to: endOfFunction(code, depths, from) }];
    const to = endOfStatement(code, depths, from);
    const value = /^[^=]*?(?:=>[^=]*?)*=(?!>)\s*(?<value>[\s\S]*)$/.exec(code.slice(from, to))?.groups?.value ?? '';
    const isFunction =
      /^(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>|<)/.test(value) && /=>|^(?:async\s*)?function\b/.test(value);
    return [{ name, kind: isFunction ? 'function' : 'constant', offset, from, to }];
  });
}

/** The methods and function members of the class from `from` to `to`, static ones first. */
function methodsIn(
  code: string,
  from: number,
  to: number,
): (Method & { readonly from: number; readonly to: number })[] {
  const body = code.slice(from, to);
  const depths = depthsOf(body);
  const declared = /(?<![\w$.])(?<fixed>static\s+)?(?:async\s+)?(?<name>[\w$]+)\s*(?:\(|=)/g;
  const found = [...body.matchAll(declared)].filter(({ index }) => depths[index] === 1);
  const methods = found.flatMap(({ index, groups }, i) => {
    const { fixed, name = '' } = groups ?? {};
    if (name === 'constructor') return [];
    return [
      { name, isStatic: fixed !== undefined, from: from + index, to: from + (found[i + 1]?.index ?? body.length) },
    ];
  });
  return methods.sort((a, b) => Number(b.isStatic) - Number(a.isStatic));
}

/** The number of open brackets before each character. */
function depthsOf(code: string): Int32Array {
  const depths = new Int32Array(code.length + 1);
  for (let i = 0, depth = 0; i < code.length; i++) {
    if (')]}'.includes(code[i])) depth--;
    depths[i] = depth;
    if ('([{'.includes(code[i])) depth++;
  }
  return depths;
}

function endOfFunction(code: string, depths: Int32Array, from: number): number {
  for (let i = from; i < code.length; i++) {
    // A return type may have braces too: the body is the last block in braces before other code.
    if (code[i] !== '}' || depths[i] !== 0) continue;
    if (!/^\s*\{/.test(code.slice(i + 1, i + 200))) return i + 1;
  }
  return code.length;
}

/** A statement ends at its semicolon, or before a line that starts with the keyword of another statement. */
function endOfStatement(code: string, depths: Int32Array, from: number): number {
  const next =
    /\n(?=(?:export|import|const|let|var|function|async|class|interface|type|module|exports|declare|enum)\b)/y;
  for (let i = from; i < code.length; i++) {
    if (depths[i] !== 0) continue;
    if (code[i] === ';') return i;
    next.lastIndex = i;
    if (code[i] === '\n' && next.test(code)) return i;
  }
  return code.length;
}

const escaped = (name: string): string => name.replace(/\$/g, '\\$&');
