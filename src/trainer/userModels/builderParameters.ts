// Reads the parameters of a function from its source text.

export type Parameter =
  | { readonly kind: 'name'; readonly name: string; readonly optional: boolean }
  /** `{ a, b: c, d = 1 }`: the names of the properties. */
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly optional: boolean }
  /** An array pattern or `...rest`. */
  | { readonly kind: 'other'; readonly optional: boolean };

/** The parameters of a function, or of a class's constructor; undefined if its text does not show them. */
export function parametersOf(f: (...args: never[]) => unknown): Parameter[] | undefined {
  const text = Function.prototype.toString.call(f);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) return undefined;
  const single = /^(?:async\s*)?([\w$]+)\s*=>/.exec(text);
  if (single) return [{ kind: 'name', name: single[1], optional: false }];
  const start = isClass(f) ? constructorIn(text) : text.indexOf('(');
  if (start === undefined) return [];
  const list = splitAt(text.slice(start + 1, endOfBracket(text, start)), ',');
  return list.filter((parameter) => parameter !== '').map(parsed);
}

export const isClass = (f: unknown): boolean =>
  typeof f === 'function' && /^class\b/.test(Function.prototype.toString.call(f));

/** The index of the parenthesis after `constructor`. A class without one takes the arguments of its base. */
function constructorIn(text: string): number | undefined {
  const body = text.indexOf('{');
  for (const at of outside(text, body + 1)) {
    const match = at.depth === 0 ? /^constructor\s*\(/.exec(text.slice(at.index, at.index + 40)) : null;
    if (match && !/[\w$.#]/.test(text[at.index - 1])) return at.index + match[0].length - 1;
  }
  return undefined;
}

function parsed(text: string): Parameter {
  const [target, ...defaults] = splitAt(text, '=');
  const optional = defaults.length > 0;
  if (target.startsWith('{')) {
    const keys = splitAt(target.slice(1, -1), ',').map((key) => /^[\w$]*/.exec(key)?.[0] ?? '');
    return { kind: 'object', keys: keys.filter((key) => key !== ''), optional };
  }
  return /^[\w$]+$/.test(target)
    ? { kind: 'name', name: target, optional }
    : { kind: 'other', optional: optional || target.startsWith('...') };
}

/** Parts of a text between separators that are not inside brackets, strings or comments. */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { index, depth } of outside(text, 0)) {
    if (depth !== 0 || text[index] !== separator || text[index + 1] === '>') continue;
    parts.push(text.slice(from, index));
    from = index + 1;
  }
  return [...parts, text.slice(from)].map((part) => part.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim());
}

function endOfBracket(text: string, open: number): number {
  for (const { index, depth } of outside(text, open + 1)) if (depth < 0) return index;
  return text.length;
}

/** The characters from `from` that are not in strings or comments, with the number of brackets opened since. */
function* outside(text: string, from: number): Generator<{ readonly index: number; readonly depth: number }> {
  const skipped = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/y;
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    skipped.lastIndex = index;
    if (skipped.test(text)) {
      index = skipped.lastIndex - 1;
      continue;
    }
    if (')]}'.includes(text[index])) depth--;
    yield { index, depth };
    if (depth < 0) return;
    if ('([{'.includes(text[index])) depth++;
  }
}
