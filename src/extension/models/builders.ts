// Which parts of a program build a model: the calls of tf.sequential and tf.model, by the imports of the file.
import { itemsOf } from './declarations';
import type { Tokens } from './tokens';

/** Questions about the tokens from `from` to `to`, answered in constant time. */
export interface Builders {
  builds(from: number, to: number): boolean;
  /** Whether a function there returns a value. */
  returns(from: number, to: number): boolean;
  /** Whether it has a loop. */
  repeats(from: number, to: number): boolean;
}

/** Undefined if the file does not import TensorFlow.js. */
export function findBuilders(tokens: Tokens): Builders | undefined {
  const { spaces, functions } = importsIn(tokens);
  if (spaces.size === 0 && functions.size === 0) return undefined;
  const builds = (i: number) => {
    if (!tokens.isWord(i) || tokens.code(i - 1) === '.') return false;
    const text = tokens.code(i);
    if (functions.has(text)) return tokens.code(i + 1) === '(';
    return (
      spaces.has(text) &&
      tokens.code(i + 1) === '.' &&
      constructors.has(tokens.code(i + 2)) &&
      tokens.code(i + 3) === '('
    );
  };
  const returns = (i: number) => tokens.code(i) === 'return' || (tokens.code(i) === '=>' && tokens.code(i + 1) !== '{');
  const repeats = (i: number) =>
    loops.has(tokens.code(i)) ||
    (tokens.code(i) === '.' && loopMethods.has(tokens.code(i + 1)) && tokens.code(i + 2) === '(');
  return { builds: counted(tokens, builds), returns: counted(tokens, returns), repeats: counted(tokens, repeats) };
}

const constructors: ReadonlySet<string> = new Set(['sequential', 'model']);
const loops: ReadonlySet<string> = new Set(['for', 'while']);
const loopMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'reduce', 'flatMap']);

/** Whether `test` holds somewhere in a range, by running totals. */
function counted({ length }: Tokens, test: (i: number) => boolean): (from: number, to: number) => boolean {
  const totals = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) totals[i + 1] = totals[i] + Number(test(i));
  return (from, to) => totals[Math.max(from, to)] > totals[from];
}

/** The local names of the whole library, and of its functions that build a model. */
interface Imports {
  readonly spaces: Set<string>;
  readonly functions: Set<string>;
}

const library = /^@tensorflow\/tfjs(-layers|-node|-node-gpu)?$/;

/**
 * `import ... from`, `import x = require()`, `const ... = require()` and `const ... = await import()`, at any depth.
 */
function importsIn(tokens: Tokens): Imports {
  const imports: Imports = { spaces: new Set(), functions: new Set() };
  for (let i = 0; i < tokens.length; i++) {
    if (!importing.has(tokens.code(i))) continue;
    const open = indexOfBrace(tokens, i + 1);
    const end = open === undefined ? endOfNames(tokens, i + 1) : tokens.after(open);
    if (!library.test(sourceAt(tokens, end))) continue;
    for (let k = i + 1; k < (open ?? end); k++) if (isName(tokens.code(k))) imports.spaces.add(tokens.code(k));
    if (open === undefined) continue;
    for (const item of itemsOf(tokens, open)) {
      const aliased = tokens.code(item + 1) === 'as' || tokens.code(item + 1) === ':';
      if (constructors.has(tokens.code(item))) imports.functions.add(tokens.code(aliased ? item + 2 : item));
    }
  }
  return imports;
}

const importing: ReadonlySet<string> = new Set(['import', 'const', 'let', 'var']);
const isName = (text: string): boolean => /^[\p{ID_Start}$_]/u.test(text) && text !== 'as' && text !== 'type';

/** A brace after at most `type`, or a name and a comma. */
function indexOfBrace(tokens: Tokens, i: number): number | undefined {
  for (let k = i; k < i + 4; k++) {
    if (tokens.code(k) === '{') return k;
    if (!tokens.isWord(k) && tokens.code(k) !== ',') return undefined;
  }
  return undefined;
}

/** The end of `* as tf` or `tf`. */
function endOfNames(tokens: Tokens, i: number): number {
  let k = i;
  while (k < i + 4 && (tokens.code(k) === '*' || (tokens.isWord(k) && tokens.code(k) !== 'from'))) k++;
  return k;
}

/** The module in `from 'x'`, `= require('x')` or `= await import('x')` at `i`; '' if there is none. */
function sourceAt(tokens: Tokens, i: number): string {
  const stringAt = (k: number) => (tokens.at(k).kind === 'string' ? tokens.at(k).text : '');
  if (tokens.code(i) === 'from') return stringAt(i + 1);
  if (tokens.code(i) !== '=') return '';
  const call = tokens.code(i + 1) === 'await' ? i + 2 : i + 1;
  const loads = tokens.matches(call, 'require', '(') || tokens.matches(call, 'import', '(');
  return loads ? stringAt(call + 2) : '';
}
