// The text of an experiment file: JSON with comments, its tree, its faults of syntax, and places in it.
import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { pathText, printable, showValue, type Path, type Place, type Problem, type Target } from './problem';

/** Nobody writes more by hand; beyond it a wrong file was opened. */
const maxLength = 1 << 20;
const maxDepth = 32;

/** A file that has been read: a tree where the syntax allows one, or the problems why there is none. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly tree?: Node;
  readonly problems: readonly Problem[];
}

/** The tree of a text whose syntax is right; undefined for others. */
export function parseJsonTree(text: string): Node | undefined {
  const faults: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), faults, { allowTrailingComma: true });
  return faults.length === 0 ? tree : undefined;
}

/** Reads JSON with comments and trailing commas. Never throws; a tree is given only where nothing is wrong. */
export function readSource(text: string, file: string): SourceText {
  const source = { file, text };
  const refuse = (code: string, message: string, offset = 0, length = 0): SourceText => ({
    ...source,
    problems: [{ severity: 'error', code, message, ...placeOfRange(source, offset, length) }],
  });
  if (text.length > maxLength) {
    const size = `${(text.length / maxLength).toFixed(1)} MiB`;
    return refuse(
      'too-large',
      `The file holds ${size} of text; an experiment file has at most 1 MiB. Is it the right one?`,
    );
  }
  if (looksLikeUtf16(text)) {
    return refuse('encoding', 'The file is not UTF-8 text; it looks like UTF-16. Save it as UTF-8.');
  }
  // Windows editors start files with a byte order mark; a space in its place keeps all offsets.
  const json = text.replace(/^\uFEFF/, ' ');
  const deep = tooDeepAt(json);
  if (deep !== undefined) {
    return refuse(
      'too-deep',
      `This is nested more than ${maxDepth} levels deep; an experiment needs no more than 5.`,
      deep,
      1,
    );
  }
  const faults: ParseError[] = [];
  const tree = parseTree(json, faults, { allowTrailingComma: true });
  if (faults.length > 0) return { ...source, problems: syntaxProblems(source, faults) };
  if (tree === undefined) return refuse('json-syntax', emptyText);
  if (tree.type !== 'object') {
    const message = `The file holds ${nameOf(tree)}; an experiment is an object, for example { "data": { "source": "gaussians-ring" } }.`;
    return refuse('wrong-value', message, tree.offset, tree.length);
  }
  const problems = duplicateProblems(source, tree);
  return problems.length > 0 ? { ...source, problems } : { ...source, tree, problems };
}

/** The value of a tree. A key named `__proto__` is a key like any other. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children = [] }) => [children[0].value, valueOf(children[1])]),
  );
}

/** The place of a setting; undefined where the file does not hold it. */
export function placeOfSetting(source: SourceText, path: Path, target: Target): Place | undefined {
  const node = source.tree && findNodeAtLocation(source.tree, [...(target === 'parent' ? path.slice(0, -1) : path)]);
  if (node === undefined) return undefined;
  if (target === 'parent') return placeOfRange(source, node.offset, 1);
  const key = target === 'key' && node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  const { offset, length } = key ?? node;
  return placeOfRange(source, offset, length);
}

/** A number as it is written, since reading may round it. */
export function numberText({ tree, text }: SourceText, path: Path): string | undefined {
  const node = tree && findNodeAtLocation(tree, [...path]);
  return node?.type === 'number' && node.length <= 60 ? text.slice(node.offset, node.offset + node.length) : undefined;
}

/** The place of `length` units from `offset`. */
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
 * True of UTF-16 or UTF-32 that was read as UTF-8: its byte order mark is no character then, and half of the bytes are NUL,
 * which no JSON holds.
 */
const looksLikeUtf16 = (text: string): boolean => /^(\uFFFD\uFFFD|.?\0)/s.test(text);

const emptyText = 'The file is empty; start with { "data": { "source": "gaussians-ring" } }.';

type Fault = Exclude<ReturnType<typeof printParseErrorCode>, '<unknown ParseErrorCode>'>;

/** What each fault of the parser means to the one who typed it; `found` is the text at its place. */
const faultTexts: Readonly<Record<Fault, (found: string) => string>> = {
  InvalidSymbol: (found) => `${found} is no JSON value; write text in double quotes, or a number, true, false or null.`,
  InvalidNumberFormat: (found) => `${found} is no number; write it like 0.01 or 1e-4.`,
  PropertyNameExpected: (found) => `A key in double quotes is missing before ${found}.`,
  ValueExpected: (found) => `A value is missing before ${found}.`,
  ColonExpected: (found) => `A colon is missing before ${found}.`,
  CommaExpected: (found) => `A comma is missing before ${found}.`,
  CloseBraceExpected: (found) => `A closing brace } is missing before ${found}.`,
  CloseBracketExpected: (found) => `A closing bracket ] is missing before ${found}.`,
  EndOfFileExpected: (found) => `The experiment ends before ${found}; remove what follows.`,
  InvalidCommentToken: () => 'This is no comment; write // or /* and */.',
  UnexpectedEndOfComment: () => 'This comment does not end; close it with */.',
  UnexpectedEndOfString: () => 'This text does not end on its line; close it with a double quote.',
  UnexpectedEndOfNumber: (found) => `The number ${found} is cut short; write it like 0.01 or 1e-4.`,
  InvalidUnicode: () => 'A \\u in text needs four hexadecimal digits after it.',
  InvalidEscapeCharacter: () => 'This text holds an unknown escape; write \\\\ for a backslash.',
  InvalidCharacter: () => 'This text holds a control character; write it as an escape such as \\t.',
};

/** The faults at their places, one a line: the parser reports the consequences beside the cause. */
function syntaxProblems(source: { file: string; text: string }, faults: readonly ParseError[]): Problem[] {
  if (source.text.trim() === '') {
    return [{ severity: 'error', code: 'json-syntax', message: emptyText, ...placeOfRange(source, 0, 0) }];
  }
  const lines = new Set<number>();
  return faults.slice(0, 20).flatMap(({ error, offset, length }) => {
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
    const message = faultTexts[printParseErrorCode(error) as Fault](printable(shown));
    return [{ severity: 'error', code: 'json-syntax', message, ...place } as const];
  });
}

/** Offset of the first bracket that opens too deep; what recurses over a tree must not be fed it. */
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
      const message = `${pathText(path)} is given twice, first on line ${line}; keep one of them.`;
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
