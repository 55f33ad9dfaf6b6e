// Masks everything in a program's text that is not code, so that brackets and words can be searched.

/**
 * Replaces comments, strings, templates and regular expressions by spaces of the same length; line breaks stay.
 * Undefined if brackets, a string or a comment are not closed, as while the user types.
 */
export function masked(text: string): string | undefined {
  const out: string[] = [];
  const open: string[] = [];
  let last = '';
  for (let i = 0; i < text.length; ) {
    const end = skipped(text, i, last);
    if (end === undefined) return undefined;
    if (end > i) {
      const literal = !/^\/[/*]/.test(text.slice(i, i + 2));
      out.push(text.slice(i, end).replace(/[^\r\n]/g, ' '));
      if (literal) last = '"';
      i = end;
      continue;
    }
    const char = text[i];
    if (char in closers) open.push(closers[char]);
    else if (')]}'.includes(char) && open.pop() !== char) return undefined;
    const word = /[\w$]/.test(char) ? (wordAt.exec(text.slice(i, i + 200))?.[0] ?? char) : char;
    if (!/\s/.test(char)) last = word;
    out.push(word);
    i += word.length;
  }
  return open.length === 0 ? out.join('') : undefined;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const wordAt = /^[\w$]+/;

/**
 * The end of the comment, string, template or regular expression that starts at `i`; `i` if none does, undefined if it
 * is not closed.
 */
function skipped(text: string, i: number, last: string): number | undefined {
  const two = text.slice(i, i + 2);
  if (two === '//') return indexOr(text, '\n', i, text.length);
  if (two === '/*') return past(text.indexOf('*/', i + 2), 2);
  if (text[i] === '"' || text[i] === "'") return quoted(text, i);
  if (text[i] === '`') return template(text, i);
  if (text[i] === '/' && mayBeginExpression(last)) return regularExpression(text, i);
  return i;
}

const indexOr = (text: string, what: string, from: number, fallback: number): number => {
  const at = text.indexOf(what, from);
  return at < 0 ? fallback : at;
};

const past = (at: number, length: number): number | undefined => (at < 0 ? undefined : at + length);

function quoted(text: string, i: number): number | undefined {
  for (let j = i + 1; j < text.length && text[j] !== '\n'; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === text[i]) return j + 1;
  }
  return undefined;
}

function template(text: string, i: number): number | undefined {
  for (let j = i + 1; j < text.length; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '`') return j + 1;
    else if (text[j] === '$' && text[j + 1] === '{') {
      const end = hole(text, j + 2);
      if (end === undefined) return undefined;
      j = end;
    }
  }
  return undefined;
}

/** The closing brace of the template expression that starts at `i`. */
function hole(text: string, i: number): number | undefined {
  let depth = 1;
  let last = '(';
  for (let j = i; j < text.length; ) {
    const end = skipped(text, j, last);
    if (end === undefined) return undefined;
    if (end > j) {
      last = '"';
      j = end;
      continue;
    }
    if (text[j] === '{') depth++;
    if (text[j] === '}' && --depth === 0) return j;
    if (!/\s/.test(text[j])) last = text[j];
    j++;
  }
  return undefined;
}

function regularExpression(text: string, i: number): number | undefined {
  let inClass = false;
  for (let j = i + 1; j < text.length && text[j] !== '\n'; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '[') inClass = true;
    else if (text[j] === ']') inClass = false;
    else if (text[j] === '/' && !inClass) return j + 1;
  }
  // Not closed on its line: a division.
  return i;
}

/** A slash after a value is a division; after anything else it starts a regular expression. */
const mayBeginExpression = (last: string): boolean =>
  last === '' ||
  /^(return|typeof|case|of|in|do|else|void|delete|throw|new|await|yield)$/.test(last) ||
  !/[\w$)\]}"]$/.test(last);
