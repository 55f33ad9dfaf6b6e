// The exported declarations of a program: ECMAScript and CommonJS exports of functions, classes and values.
import { entriesOf } from './members';
import type { Tokens } from './tokens';

/** A function, a class or a value that a program exports. */
export interface Declaration {
  readonly name: string;
  readonly exported: string;
  readonly kind: 'function' | 'class' | 'value';
  /** Offset of the name in the text. */
  readonly offset: number;
  /** The range of its tokens. */
  readonly from: number;
  readonly to: number;
  /** The index of the first token of a value; of other kinds `from`. */
  readonly value: number;
  /** It is the whole of `module.exports`. */
  readonly isModule: boolean;
}

/** A declaration, and how it is exported; undefined until a later statement exports it by name. */
type Local = Omit<Declaration, 'exported' | 'isModule'> & Partial<Exported>;
type Exported = Pick<Declaration, 'exported' | 'isModule'>;

/** The exported declarations at the top level of a program, in order. */
export function declarationsIn(tokens: Tokens): Declaration[] {
  const locals: Local[] = [];
  /** How local names are exported. */
  const names = new Map<string, Exported>();
  for (const statement of statementsIn(tokens)) readStatement(tokens, statement, locals, names);
  return locals.flatMap((local): Declaration[] => {
    const { exported, isModule = false } = local.exported === undefined ? (names.get(local.name) ?? {}) : local;
    return exported === undefined ? [] : [{ ...local, exported, isModule }];
  });
}

function readStatement(tokens: Tokens, { from, to }: Statement, locals: Local[], names: Map<string, Exported>): void {
  const addValue = (value: number, end: number, place: Pick<Local, 'name' | 'offset'>, how: Exported) => {
    const isVariable = tokens.isWord(value) && value + 1 === end;
    if (isVariable) names.set(tokens.code(value), how);
    else locals.push({ ...place, ...how, kind: kindOf(tokens, value), from: value, to: end, value });
  };
  const placeOf = (i: number) => ({ name: tokens.at(i).text, offset: tokens.at(i).offset });
  const as = (exported: string): Exported => ({ exported, isModule: false });
  const wholeModule: Exported = { exported: 'default', isModule: true };

  if (tokens.code(from) !== 'export') {
    const local = localAt(tokens, from, to);
    if (local !== undefined) return void locals.push(local);
    const target = commonJsTarget(tokens, from, to);
    if (target === undefined) return;
    const { name, value } = target;
    if (name !== undefined) addValue(value, to, placeOf(name), as(tokens.code(name)));
    else if (tokens.code(value) !== '{') addValue(value, to, placeOf(value - 2), wholeModule);
    else {
      for (const entry of entriesOf(tokens, value)) {
        const place = { name: entry.key, offset: entry.offset };
        if (entry.isShorthand) names.set(entry.key, as(entry.key));
        else if (!entry.isMethod) addValue(entry.from, entry.to, place, as(entry.key));
        else locals.push({ ...place, ...entry, ...as(entry.key), kind: 'function', value: entry.from });
      }
    }
    return;
  }
  const first = from + 1;
  const isDefault = tokens.code(first) === 'default';
  const local = localAt(tokens, isDefault ? first + 1 : first, to);
  if (local !== undefined) locals.push({ ...local, ...as(isDefault ? 'default' : local.name) });
  else if (isDefault) addValue(first + 1, to, placeOf(first), as('default'));
  else if (tokens.code(first) === '=') addValue(first + 1, to, placeOf(from), wholeModule);
  else if (tokens.code(first) === '{' && tokens.code(tokens.after(first)) !== 'from') {
    for (const item of itemsOf(tokens, first)) {
      const exported = tokens.code(item + 1) === 'as' ? item + 2 : item;
      if (tokens.isWord(exported)) names.set(tokens.code(item), as(tokens.code(exported)));
    }
  }
}

/** The target of an assignment, and the index of its value. */
interface CommonJsTarget {
  /** The index of `x` in `exports.x`; undefined for `module.exports` itself. */
  readonly name?: number;
  readonly value: number;
}

/**
 * `exports.x = ...`, `module.exports.x = ...` or `module.exports = ...`; the last one in
 * `exports = module.exports = f`.
 */
function commonJsTarget(tokens: Tokens, from: number, to: number): CommonJsTarget | undefined {
  let last: CommonJsTarget | undefined;
  for (let i = from; i < to; i = last.value) {
    const at = tokens.matches(i, 'module', '.', 'exports') ? i + 2 : i;
    if (tokens.code(at) !== 'exports') break;
    const isNamed = tokens.code(at + 1) === '.' && tokens.isWord(at + 2);
    const equals = isNamed ? at + 3 : at + 1;
    if (tokens.code(equals) !== '=') break;
    last = { name: isNamed ? at + 2 : undefined, value: equals + 1 };
  }
  return last;
}

const kindOf = (tokens: Tokens, value: number): Declaration['kind'] =>
  tokens.code(value) === 'class' ? 'class' : 'value';

/** The function, class or first variable that is declared at `i`, before `to`. */
function localAt(tokens: Tokens, i: number, to: number): Local | undefined {
  let start = i;
  while (['declare', 'abstract', 'async'].includes(tokens.code(start)) && tokens.isWord(start + 1)) start++;
  const word = tokens.code(start);
  if (word === 'function' || word === 'class') {
    const at = tokens.code(start + 1) === '*' ? start + 2 : start + 1;
    const named = tokens.isWord(at) && tokens.code(at) !== 'extends';
    const { offset, text } = tokens.at(named ? at : start);
    return { name: text, kind: word, offset, from: at, to, value: at };
  }
  if (!['const', 'let', 'var'].includes(word) || !tokens.isWord(start + 1)) return undefined;
  let equals = start + 2;
  while (equals < to && tokens.code(equals) !== '=') equals = tokens.after(equals);
  const value = equals + 1;
  const { offset, text } = tokens.at(start + 1);
  return { name: text, kind: kindOf(tokens, value), offset, from: value, to, value };
}

/** The index of the first token of each item in a list of names in braces that opens at `open`. */
export function itemsOf(tokens: Tokens, open: number): number[] {
  const end = tokens.closing(open);
  const items: number[] = [];
  for (let i = open + 1; i < end; i = tokens.after(i))
    if (i === open + 1 || tokens.code(i - 1) === ',')
      items.push(tokens.code(i) === 'type' && tokens.isWord(i + 1) ? i + 1 : i);
  return items;
}

/** The tokens of a statement. */
interface Statement {
  readonly from: number;
  readonly to: number;
}

/**
 * The statements at the top level. One ends at its semicolon, before a line that starts with the keyword of another
 * statement, or, for a function or class, after its body.
 */
function* statementsIn(tokens: Tokens): Generator<Statement> {
  for (let from = 0; from < tokens.length; ) {
    const hasBody = bodied.has(tokens.code(from));
    let to = from;
    for (; to < tokens.length; to = tokens.after(to)) {
      if (tokens.code(to) === ';') break;
      if (to > from && tokens.at(to).startsLine && statementWords.has(tokens.code(to))) break;
      // A return type or a base class may have braces too: the body is the last block before other code.
      if (hasBody && tokens.code(to - 1) === '}' && to > from + 1 && !continuing.has(tokens.code(to))) {
        if (isBodied(tokens, from)) break;
      }
    }
    if (to > from) yield { from, to };
    from = tokens.code(to) === ';' ? to + 1 : Math.max(to, from + 1);
  }
}

/** Whether the statement at `from` declares a function or class. */
function isBodied(tokens: Tokens, from: number): boolean {
  let i = from;
  while (bodied.has(tokens.code(i)) && !['function', 'class'].includes(tokens.code(i)) && i < from + 5) i++;
  return ['function', 'class'].includes(tokens.code(i));
}

const bodied: ReadonlySet<string> = new Set('export default declare abstract async function class'.split(' '));
const continuing: ReadonlySet<string> = new Set(['{', '[', '|', '&', '>', ',']);
const statementWords: ReadonlySet<string> = new Set(
  'export import const let var function async class interface type module exports declare enum abstract if for while return throw'.split(
    ' ',
  ),
);
