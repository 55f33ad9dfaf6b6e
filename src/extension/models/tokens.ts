// Splits the text of a program into tokens, in one pass and without recursion: its time is linear for any text.

/** A name, a number, a string or an operator. Comments and spaces are left out. */
export interface Token {
  readonly kind: 'word' | 'string' | 'operator';
  /** The text of a word or an operator, the content of a string in quotes; '' of a template or a regular expression. */
  readonly text: string;
  /** Its position in the program, in UTF-16 units. */
  readonly offset: number;
  /** Whether it is the first on its line. */
  readonly startsLine: boolean;
}

/** Counts the characters and tokens that were read, failed attempts included: the time of a search is proportional. */
export interface Meter {
  steps: number;
}

/** The tokens of a program whose brackets match. */
export class Tokens {
  constructor(
    private readonly list: readonly Token[],
    /** The index of the bracket that matches the one at an index; -1 at other tokens. */
    private readonly partners: Int32Array,
    private readonly meter: Meter,
  ) {}

  get length(): number {
    return this.list.length;
  }

  /** The token at `i`; an empty one beyond the ends. */
  at(i: number): Token {
    this.meter.steps++;
    return this.list[i] ?? nothing;
  }

  /** The text of a word or operator at `i`, '' for everything else. */
  code(i: number): string {
    const { kind, text } = this.at(i);
    return kind === 'string' ? '' : text;
  }

  /** Whether the code at `i` is exactly these words and operators. */
  matches(i: number, ...expected: readonly string[]): boolean {
    return expected.every((text, k) => this.code(i + k) === text);
  }

  isWord(i: number): boolean {
    return this.at(i).kind === 'word';
  }

  /** The index after token `i`, or after its closing bracket if it opens one. */
  after(i: number): number {
    this.meter.steps++;
    return this.partners[i] > i ? this.partners[i] + 1 : i + 1;
  }

  /** The index of the closing bracket of `open`. */
  closing(open: number): number {
    return this.after(open) - 1;
  }
}

const nothing: Token = { kind: 'operator', text: '', offset: Infinity, startsLine: false };

/** Undefined if a bracket, a string or a comment is not closed, as while the user types. */
export function tokenize(text: string, meter: Meter = { steps: 0 }): Tokens | undefined {
  const tokens: Token[] = [];
  const partners: number[] = [];
  /** Indices of the open brackets. */
  const open: number[] = [];
  let startsLine = true;
  /** No regular expression starts before this offset: one that started earlier on the line was not closed. */
  let divisionsUntil = 0;
  /** `end`, or the end of the text if there is none, is as far as was read from `i`. */
  const read = (i: number, end: number | undefined) => {
    meter.steps += (end ?? text.length) - i;
    return end;
  };
  const add = (kind: Token['kind'], from: number, text: string) => {
    tokens.push({ kind, text, offset: from, startsLine });
    partners.push(-1);
    startsLine = false;
  };
  const addOpening = (from: number, text: string) => {
    open.push(tokens.length);
    add('operator', from, text);
  };
  /** Adds the text of a template from `i`, up to its end or to an expression in it. Returns where that ends. */
  const addTemplate = (i: number): number | undefined => {
    const end = read(i, templateEnd(text, i));
    if (end === undefined) return undefined;
    add('string', i, '');
    if (text[end - 1] === '{') addOpening(end - 2, '${');
    return end;
  };
  for (let i = 0; i < text.length; ) {
    meter.steps++;
    const char = text[i];
    const next = text[i + 1];
    if (isSpace(char)) {
      if (isLineEnd(char)) startsLine = true;
      i++;
    } else if (char === '/' && next === '/') {
      const end = lineEnd(text, i);
      read(i, end);
      i = end;
    } else if (char === '/' && next === '*') {
      const end = read(i, commentEnd(text, i));
      if (end === undefined) return undefined;
      i = end;
    } else if (char === '"' || char === "'") {
      const end = read(i, stringEnd(text, i));
      if (end === undefined) return undefined;
      add('string', i, text.slice(i + 1, end - 1));
      i = end;
    } else if (char === '`') {
      const end = addTemplate(i + 1);
      if (end === undefined) return undefined;
      i = end;
    } else if (closers.has(char)) {
      const start = open.pop();
      if (start === undefined || openers.get(tokens[start].text) !== char) return undefined;
      partners[start] = tokens.length;
      const isHole = tokens[start].text === '${';
      add('operator', i, char);
      partners[tokens.length - 1] = start;
      const end: number | undefined = isHole ? addTemplate(i + 1) : i + 1;
      if (end === undefined) return undefined;
      i = end;
    } else if (openers.has(char)) {
      addOpening(i++, char);
    } else {
      word.lastIndex = i;
      const found = word.exec(text)?.[0];
      if (found !== undefined) {
        meter.steps += found.length;
        add('word', i, found);
        i += found.length;
        continue;
      }
      if (char === '/' && i >= divisionsUntil && mayBeginExpression(tokens, partners)) {
        const end = regularExpressionEnd(text, i);
        read(i, end ?? lineEnd(text, i));
        if (end !== undefined) {
          add('string', i, '');
          i = end;
          continue;
        }
        divisionsUntil = lineEnd(text, i);
      }
      operator.lastIndex = i;
      const symbol = operator.exec(text)?.[0] ?? char;
      add('operator', i, symbol);
      i += symbol.length;
    }
  }
  return open.length === 0 ? new Tokens(tokens, Int32Array.from(partners), meter) : undefined;
}

const openers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['${', '}'],
]);
const closers: ReadonlySet<string> = new Set(openers.values());
const word = /\d[\w.]*|[\p{ID_Continue}$#@]+/uy;
/** The operators of several characters that would otherwise be taken for an assignment, a value or a member access. */
const operator = /=>|[=!]==?|\+\+|--|\.\.\./y;
const space = /\s/;
const isSpace = (char: string): boolean => char <= ' ' || (char > '\u007f' && space.test(char));
const isLineEnd = (char: string): boolean => char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029';

function lineEnd(text: string, i: number): number {
  while (i < text.length && !isLineEnd(text[i])) i++;
  return i;
}

function commentEnd(text: string, i: number): number | undefined {
  const end = text.indexOf('*/', i + 2);
  return end < 0 ? undefined : end + 2;
}

function stringEnd(text: string, i: number): number | undefined {
  for (let j = i + 1; j < text.length && text[j] !== '\n'; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === text[i]) return j + 1;
  }
  return undefined;
}

/** Behind the closing quote of a template, or behind the next `${` in it. */
function templateEnd(text: string, i: number): number | undefined {
  for (let j = i; j < text.length; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '`') return j + 1;
    else if (text[j] === '$' && text[j + 1] === '{') return j + 2;
  }
  return undefined;
}

/** Undefined if it is not closed on its line. */
function regularExpressionEnd(text: string, i: number): number | undefined {
  let inClass = false;
  for (let j = i + 1; j < text.length && !isLineEnd(text[j]); j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '[') inClass = true;
    else if (text[j] === ']') inClass = false;
    else if (text[j] === '/' && !inClass) return j + 1;
  }
  return undefined;
}

/** A slash after a value is a division; after anything else it starts a regular expression. */
function mayBeginExpression(tokens: readonly Token[], partners: readonly number[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return true;
  if (last.kind === 'string') return false;
  if (last.kind === 'word') return wordsBeforeExpression.has(last.text);
  if (last.text === ')') return wordsBeforeCondition.has(tokens[partners[tokens.length - 1] - 1]?.text);
  return !['}', ']', '++', '--'].includes(last.text);
}

const wordsBeforeExpression: ReadonlySet<string> = new Set(
  'return typeof case of in do else void delete throw new await yield instanceof'.split(' '),
);
const wordsBeforeCondition: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with']);
