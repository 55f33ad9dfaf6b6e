// The text of an experiment or sweep file (JSON with comments): its tree, its syntax errors, and places in it.
import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { pathText, printable, showValue, type Path, type Place, type Problem, type Target } from './problem';

/** Nobody writes a longer experiment; a longer file is the wrong file. */
const maxLength = 1 << 20;
const maxDepth = 32;

/** What a file is, for messages. */
export interface SourceKind {
  /** "an experiment". */
  readonly noun: string;
  /** Levels of brackets that it needs at most. */
  readonly levels: number;
  readonly example: string;
}

const experimentSource: SourceKind = {
  noun: 'an experiment',
  levels: 5,
  example: '{ "data": { "source": "gaussians-ring" } }',
};

/** A file that was read: its tree, or the problems because of which there is none. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly tree?: Node;
  readonly problems: readonly Problem[];
}

/** The tree of a text; undefined if it has a syntax error. */
export function parseJsonTree(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  return errors.length === 0 ? tree : undefined;
}

/** Reads JSON with comments and trailing commas. Never throws; there is a tree only if there is no problem. */
export function readSource(text: string, file: string, kind = experimentSource): SourceText {
  const { noun, levels, example } = kind;
  const source = { file, text };
  const refuse = (code: string, message: string, offset = 0, length = 0): SourceText => ({
    ...source,
    problems: [{ severity: 'error', code, message, ...placeOfRange(source, offset, length) }],
  });
  if (text.length > maxLength) {
    const size = `${(text.length / maxLength).toFixed(1)} MiB`;
    return refuse('too-large', `The file is ${size} long; ${noun} file can be at most 1 MiB. Is this the right file?`);
  }
  if (looksLikeUtf16(text)) {
    return refuse('encoding', 'The file looks like UTF-16, not UTF-8. Save it as UTF-8.');
  }
  // Windows editors may start a file with a byte order mark; a space instead of it keeps all offsets.
  const json = text.replace(/^\uFEFF/, ' ');
  const deep = tooDeepAt(json);
  if (deep !== undefined) {
    return refuse(
      'too-deep',
      `This is nested more than ${maxDepth} levels deep; ${noun} needs at most ${levels}.`,
      deep,
      1,
    );
  }
  const errors: ParseError[] = [];
  const tree = parseTree(json, errors, { allowTrailingComma: true });
  if (errors.length > 0) return { ...source, problems: syntaxProblems(source, errors, kind) };
  if (tree === undefined) return refuse('json-syntax', emptyText(kind));
  if (tree.type !== 'object') {
    const message = `The file contains ${nameOf(tree)}; ${noun} is an object, for example ${example}.`;
    return refuse('wrong-value', message, tree.offset, tree.length);
  }
  const problems = [...undecodedProblems(source, tree), ...duplicateProblems(source, tree)];
  return problems.length > 0 ? { ...source, problems } : { ...source, tree, problems };
}

/** Texts with bytes that are not UTF-8, such as a path in Latin-1: reading replaced them. Comments may have them. */
function undecodedProblems(source: Pick<SourceText, 'file' | 'text'>, tree: Node): Problem[] {
  const texts = (node: Node): Node[] => (node.type === 'string' ? [node] : (node.children ?? []).flatMap(texts));
  return texts(tree)
    .filter(({ offset, length }) => source.text.slice(offset, offset + length).includes('\uFFFD'))
    .slice(0, 20)
    .map((node) => {
      const message = `${showValue(node.value)} has a character that is not UTF-8, shown as \uFFFD. Save the file as UTF-8.`;
      return { severity: 'error', code: 'encoding', message, ...placeOfRange(source, node.offset, node.length) };
    });
}

/** The value of a tree. `__proto__` is an ordinary key. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children = [] }) => [children[0].value, valueOf(children[1])]),
  );
}

/** The place of a setting; undefined if the file does not have it. */
export function placeOfSetting(source: SourceText, path: Path, target: Target): Place | undefined {
  const node = source.tree && findNodeAtLocation(source.tree, [...(target === 'parent' ? path.slice(0, -1) : path)]);
  if (node === undefined) return undefined;
  if (target === 'parent') return placeOfRange(source, node.offset, 1);
  const key = target === 'key' && node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  const { offset, length } = key ?? node;
  return placeOfRange(source, offset, length);
}

/** A number as the file writes it, since reading may round it. */
export function numberText({ tree, text }: SourceText, path: Path): string | undefined {
  const node = tree && findNodeAtLocation(tree, [...path]);
  return node?.type === 'number' && node.length <= 60 ? text.slice(node.offset, node.offset + node.length) : undefined;
}

/** The place of `length` UTF-16 units from `offset`. */
export function placeOfRange({ file, text }: { file: string; text: string }, offset: number, length: number): Place {
  const start = lineAndColumn(text, offset);
  const end = lineAndColumn(text, offset + length);
  return { file, ...start, endLine: end.line, endColumn: end.column, offset, length };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

/**
 * True for UTF-16 or UTF-32 that was read as UTF-8: its byte order mark is not a valid character then, and half of the
 * bytes are NUL, which JSON never contains.
 */
const looksLikeUtf16 = (text: string): boolean => /^(\uFFFD\uFFFD|.?\0)/s.test(text);

const emptyText = ({ example }: SourceKind): string => `The file is empty; start with ${example}.`;

const the = ({ noun }: SourceKind): string => noun.replace(/^an? /, 'the ');

type SyntaxErrorName = Exclude<ReturnType<typeof printParseErrorCode>, '<unknown ParseErrorCode>'>;

/** The message for each error of the JSON parser; `found` is the text at its place. */
const syntaxErrorTexts: Readonly<Record<SyntaxErrorName, (found: string, kind: SourceKind) => string>> = {
  InvalidSymbol: (found) =>
    `${found} is not a JSON value; write text in double quotes, or a number, true, false or null.`,
  InvalidNumberFormat: (found) => `${found} is not a number; write it like 0.01 or 1e-4.`,
  PropertyNameExpected: (found) => `Expected a key in double quotes before ${found}.`,
  ValueExpected: (found) => `Expected a value before ${found}.`,
  ColonExpected: (found) => `Expected a colon before ${found}.`,
  CommaExpected: (found) => `Expected a comma before ${found}.`,
  CloseBraceExpected: (found) => `Expected a closing brace } before ${found}.`,
  CloseBracketExpected: (found) => `Expected a closing bracket ] before ${found}.`,
  EndOfFileExpected: (found, kind) => `Unexpected ${found} after the end of ${the(kind)}; remove it.`,
  InvalidCommentToken: () => 'Invalid comment; write // or /* and */.',
  UnexpectedEndOfComment: () => 'Unterminated comment; close it with */.',
  UnexpectedEndOfString: () => 'Unterminated string; close it with a double quote on the same line.',
  UnexpectedEndOfNumber: (found) => `The number ${found} is incomplete; write it like 0.01 or 1e-4.`,
  InvalidUnicode: () => '\\u must be followed by four hexadecimal digits.',
  InvalidEscapeCharacter: () => 'Invalid escape sequence; write \\\\ for a backslash.',
  InvalidCharacter: () => 'Control character in a string; write it as an escape such as \\t.',
};

/** The syntax errors at their places, one per line of the file: the parser also reports consequences of the first. */
function syntaxProblems(
  source: { file: string; text: string },
  errors: readonly ParseError[],
  kind: SourceKind,
): Problem[] {
  if (source.text.trim() === '') {
    return [{ severity: 'error', code: 'json-syntax', message: emptyText(kind), ...placeOfRange(source, 0, 0) }];
  }
  const lines = new Set<number>();
  return errors.slice(0, 20).flatMap(({ error, offset, length }) => {
    const place = placeOfRange(source, offset, length);
    if (lines.has(place.line)) return [];
    lines.add(place.line);
    const found = printable(
      source.text
        .slice(offset, offset + length)
        .trim()
        .slice(0, 40),
    );
    const shown = found === '' ? 'the end of the file' : /^["']/.test(found) ? found : JSON.stringify(found);
    const message = syntaxErrorTexts[printParseErrorCode(error) as SyntaxErrorName](printable(shown), kind);
    return [{ severity: 'error', code: 'json-syntax', message, ...place } as const];
  });
}

/** Offset of the first bracket that opens too deep, found before anything recurses over the tree; else undefined. */
export function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  // SyntaxKind of jsonc-parser is a const enum, which isolated modules cannot read.
  const [openBrace, closeBrace, openBracket, closeBracket, end] = [1, 2, 3, 4, 17];
  let depth = 0;
  for (let token = scanner.scan() as number; token !== end; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth++;
    if (token === closeBrace || token === closeBracket) depth--;
    if (depth > maxDepth) return scanner.getTokenOffset();
  }
  return undefined;
}

function duplicateProblems(source: { file: string; text: string }, tree: Node): Problem[] {
  return duplicates(tree, [])
    .slice(0, 20)
    .map(({ path, key, earlier }) => {
      const { line } = lineAndColumn(source.text, earlier.offset);
      const message = `${pathText(path)} is given twice, first on line ${line}; remove one of them.`;
      return { severity: 'error', code: 'duplicate-key', message, ...placeOfRange(source, key.offset, key.length) };
    });
}

function duplicates(node: Node, above: Path): { path: Path; key: Node; earlier: Node }[] {
  const seen = new Map<string, Node>();
  return (node.children ?? []).flatMap((child, index) => {
    if (child.type !== 'property') return duplicates(child, [...above, index]);
    const [key, value] = child.children ?? [];
    const path = [...above, key.value as string];
    const earlier = seen.get(key.value);
    if (earlier === undefined) seen.set(key.value, key);
    return [...(earlier === undefined ? [] : [{ path, key, earlier }]), ...duplicates(value, path)];
  });
}

function nameOf(node: Node): string {
  return node.type === 'array' ? 'a list' : showValue(node.value);
}
