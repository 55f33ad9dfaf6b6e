// Edits of the text of an experiment file that keep comments, line ends and the layout of everything else.
import { createScanner, findNodeAtLocation, modify, type Node } from 'jsonc-parser';
import type { Path } from './problem';
import { parseJsonTree } from './sourceText';

/** The text with a value at a path; an undefined value removes the setting. */
export function withValue(text: string, path: Path, value: unknown): string {
  const inserted = insertedInline(text, path, value) ?? insertedAfterComment(text, path, value);
  if (inserted !== undefined) return inserted;
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  const formattingOptions = {
    insertSpaces: !indent.includes('\t'),
    tabSize: indent.includes('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edits = modify(text, [...path], value, { formattingOptions });
  // Last edit first, so that the offsets of the others stay valid.
  return [...edits]
    .sort((a, b) => b.offset - a.offset)
    .reduce(
      (result, { offset, length, content }) => result.slice(0, offset) + content + result.slice(offset + length),
      text,
    );
}

/** The text with a new setting at the end of an object that is on one line; undefined for other changes. */
function insertedInline(text: string, path: Path, value: unknown): string | undefined {
  const tree = parseJsonTree(text);
  const owner = tree && findNodeAtLocation(tree, path.slice(0, -1));
  const last = owner?.type === 'object' ? owner.children?.at(-1) : undefined;
  const isThere = tree !== undefined && findNodeAtLocation(tree, [...path]) !== undefined;
  if (!owner || !last || isThere || value === undefined || (typeof value === 'object' && value !== null))
    return undefined;
  if (/[\r\n]/.test(text.slice(owner.offset, end(owner)))) return undefined;
  const setting = `, ${JSON.stringify(path.at(-1))}: ${JSON.stringify(value)}`;
  return text.slice(0, end(last)) + setting + text.slice(end(last));
}

/**
 * The text with a new setting at the end of an object whose last setting has a comment at the end of its line, which
 * would otherwise become that of the new setting; undefined for other changes.
 */
function insertedAfterComment(text: string, path: Path, value: unknown): string | undefined {
  const tree = parseJsonTree(text);
  const owner = tree && findNodeAtLocation(tree, path.slice(0, -1));
  const last = owner?.type === 'object' ? owner.children?.at(-1) : undefined;
  const isThere = tree !== undefined && findNodeAtLocation(tree, [...path]) !== undefined;
  if (!last || isThere || value === undefined) return undefined;
  const [commented, comment] =
    /^,?([ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*))(?=[\r\n])/.exec(text.slice(end(last))) ?? [];
  const [, eol, indent] = /(\r\n|\r|\n)([ \t]*)$/.exec(text.slice(0, last.offset)) ?? [];
  if (commented === undefined || indent === undefined) return undefined;
  const written = JSON.stringify(value, null, 2).replaceAll('\n', `${eol}${indent}`);
  const setting = `${eol}${indent}${JSON.stringify(path.at(-1))}: ${written}`;
  return `${text.slice(0, end(last))},${comment}${setting}${text.slice(end(last) + commented.length)}`;
}

/** The text without one item of a list, its comma, and a comment at the end of its line. */
export function withoutItem(text: string, list: Path, index: number): string {
  const tree = parseJsonTree(text);
  const node = tree && findNodeAtLocation(tree, [...list]);
  const { children: items = [] } = node ?? {};
  const [before, item] = [items[index - 1], items[index]];
  if (node === undefined || item === undefined) return text;
  const own = commaAfter(text, item, items[index + 1]?.offset ?? end(node) - 1);
  const parting = own === undefined && before ? commaAfter(text, before, item.offset) : undefined;
  const [from, to] = wholeLine(text, item.offset, own === undefined ? end(item) : own + 1, end(node) - 1);
  const start = text.slice(0, from);
  const kept = parting === undefined ? start : start.slice(0, parting) + start.slice(parting + 1);
  return kept + text.slice(to);
}

const end = (node: Node): number => node.offset + node.length;

/** Offset of the first comma after a node, outside comments; undefined if there is none before `limit`. */
function commaAfter(text: string, node: Node, limit: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(end(node));
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return text[offset] === ',' && offset < limit ? offset : undefined;
}

/** A range with the space around it; if only a comment shares its lines, the whole lines with the break before them. */
function wholeLine(text: string, from: number, to: number, limit: number): readonly [number, number] {
  const [before = ''] = /(\r\n|\r|\n)?[ \t]*$/.exec(text.slice(0, from)) ?? [];
  const [after = ''] = /^[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?(?=[\r\n])/.exec(text.slice(to, limit + 1)) ?? [];
  const alone = /[\r\n]/.test(before) && /[\r\n]/.test(text[to + after.length] ?? '');
  if (alone) return [from - before.length, to + after.length];
  // On a line with other items, remove the space before it, or after it if it is the first.
  const [space = ''] = /^[ \t]*/.exec(text.slice(to)) ?? [];
  return text[from - 1] === '[' ? [from, to + space.length] : [from - before.length, to];
}
