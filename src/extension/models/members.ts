// The entries of object literals and the members of classes.
import type { Tokens } from './tokens';

/** An entry of an object literal. */
interface Entry {
  readonly key: string;
  /** Offset of the key in the text. */
  readonly offset: number;
  /** The tokens of its value; of the whole entry if it is a method. */
  readonly from: number;
  readonly to: number;
  /** `build() {}`. */
  readonly isMethod: boolean;
  /** `{ build }`: the value is the variable with that name. */
  readonly isShorthand: boolean;
}

/** The entries of the object literal that opens at `open`, without computed keys and spreads. */
export function entriesOf(tokens: Tokens, open: number): Entry[] {
  const end = tokens.closing(open);
  const entries: Entry[] = [];
  for (let i = open + 1; i < end; ) {
    let to = i;
    while (to < end && tokens.code(to) !== ',') to = tokens.after(to);
    const key = keyAt(tokens, i);
    const { kind, text, offset } = tokens.at(key);
    const next = tokens.code(key + 1);
    if ((kind === 'word' || kind === 'string') && ['', ',', ':', '('].concat(to === key + 1 ? next : []).includes(next))
      entries.push({
        key: text,
        offset,
        from: next === ':' ? key + 2 : i,
        to,
        isMethod: next === '(',
        isShorthand: to === key + 1,
      });
    i = to + 1;
  }
  return entries;
}

/** The key of an entry or member, after its modifiers. */
function keyAt(tokens: Tokens, i: number): number {
  let key = i;
  while (isModifier(tokens, key)) key++;
  return key;
}

/** A word such as `static` is a modifier if a name follows it. */
function isModifier(tokens: Tokens, i: number): boolean {
  if (tokens.code(i) === '*') return true;
  return modifiers.has(tokens.code(i)) && (tokens.isWord(i + 1) || tokens.code(i + 1) === '*');
}

const modifiers: ReadonlySet<string> = new Set(
  'static async get public private protected readonly override declare abstract accessor'.split(' '),
);

interface Member {
  readonly name: string;
  readonly isStatic: boolean;
  readonly from: number;
  readonly to: number;
}

/** The methods and function members of the class from `from` to `to`, static ones first. */
export function membersOf(tokens: Tokens, from: number, to: number): Member[] {
  // The body is the last block: a base class may have braces too.
  let open = -1;
  for (let i = from; i < to; i = tokens.after(i)) if (tokens.code(i) === '{') open = i;
  if (open < 0) return [];
  const end = tokens.closing(open);
  const starts: number[] = [];
  for (let i = open + 1; i < end; i = tokens.after(i)) {
    const before = tokens.code(i - 1);
    const begins = i === open + 1 || before === ';' || before === '}' || tokens.at(i).startsLine;
    if (begins && (tokens.isWord(i) || tokens.code(i) === '*')) starts.push(i);
  }
  const members = starts.flatMap((start, k): Member[] => {
    const key = keyAt(tokens, start);
    const isFunction = memberOperators.has(tokens.code(key + 1));
    if (!tokens.isWord(key) || !isFunction || tokens.code(key) === 'constructor') return [];
    let isStatic = false;
    for (let i = start; i < key; i++) isStatic ||= tokens.code(i) === 'static';
    return [{ name: tokens.code(key), isStatic, from: start, to: starts[k + 1] ?? end }];
  });
  return members.sort((a, b) => Number(b.isStatic) - Number(a.isStatic));
}

const memberOperators: ReadonlySet<string> = new Set(['(', '=', '<', ':']);

/** Whether the expression from `i` to `to` is a function: `function`, `x =>`, `(x) =>`, `<T>(x) =>`, also async. */
export function isFunctionAt(tokens: Tokens, i: number, to: number): boolean {
  const start = tokens.code(i) === 'async' ? i + 1 : i;
  if (tokens.code(start) === 'function') return true;
  if (tokens.isWord(start)) return tokens.code(start + 1) === '=>';
  if (tokens.code(start) === '(') return [':', '=>'].includes(tokens.code(tokens.after(start)));
  if (tokens.code(start) !== '<') return false;
  for (let k = start; k < to; k = tokens.after(k)) if (tokens.code(k) === '=>') return true;
  return false;
}
