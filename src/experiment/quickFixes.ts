// Turns the quick fix of a finding into an edit of the text of the experiment file.
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { isRecord } from '../shared/isRecord';
import { withoutItem, withValue } from './textEdits';
import { setAt, removeAt } from './overrides';
import type { Change, Fix, Path, TextFix } from './problem';
import { pathForms, valueAt } from './settingPath';
import { parseJsonTree, valueOf, type SourceText } from './sourceText';

/** No quick fixes for longer texts: each fix parses the whole text again. */
const maxLength = 1 << 16;

/**
 * The edit that a fix makes in a file; undefined if the file does not have the setting to change.
 * @param defaults the experiment that the file resolves to, for settings that the file leaves out
 */
export function toTextFix(source: SourceText, fix: Fix, defaults: unknown): TextFix | undefined {
  if (source.text.length > maxLength) return undefined;
  let text: string | undefined = source.text;
  let tree: Node | undefined = source.tree;
  for (const change of fix.changes) {
    text = tree && text !== undefined ? changed(text, tree, change, defaults) : undefined;
    if (text === undefined) return undefined;
    tree = parseJsonTree(text);
  }
  if (text === source.text) return undefined;
  return { title: fix.title, ...difference(source.text, text), ...(fix.isChoice === true && { isChoice: true }) };
}

function changed(text: string, tree: Node, change: Change, defaults: unknown): string | undefined {
  const written = valueOf(tree);
  const path = pathInFile(written, change.path);
  if ('rename' in change) return renamed(text, tree, path, change.rename);
  const value = 'remove' in change ? removeAt(written, path, defaults) : setAt(written, path, change.value, defaults);
  return value === undefined ? undefined : rewritten(text, [], written, value);
}

/** The path in the form that this file uses: the one that it has, else the short one, unless it has the long form. */
function pathInFile(written: unknown, path: Path): Path {
  const all = pathForms(path);
  const [long, short = long] = all;
  const owner = valueAt(written, long.slice(0, 1));
  const isLong = Array.isArray(owner) || (isRecord(owner) && ('generator' in owner || 'critic' in owner));
  return all.find((candidate) => valueAt(written, candidate) !== undefined) ?? (isLong ? long : short);
}

function renamed(text: string, tree: Node, path: Path, name: string): string | undefined {
  const key = findNodeAtLocation(tree, [...path])?.parent?.children?.[0];
  if (key === undefined) return undefined;
  return text.slice(0, key.offset) + JSON.stringify(name) + text.slice(key.offset + key.length);
}

/** The text with each setting changed in which `from` and `to` differ, and nothing else: comments stay. */
function rewritten(text: string, path: Path, from: unknown, to: unknown): string {
  if (JSON.stringify(from) === JSON.stringify(to)) return text;
  const removed = removedIndex(from, to);
  if (removed !== undefined) return withoutItem(text, path, removed);
  const keys = commonKeys(from, to);
  if (keys === undefined) return withValue(text, path, to);
  return keys.reduce<string>(
    (result, key) => rewritten(result, [...path, key], valueAt(from, [key]), valueAt(to, [key])),
    text,
  );
}

/** The keys by which two objects, or two lists of the same length, are compared; undefined for other values. */
function commonKeys(from: unknown, to: unknown): (string | number)[] | undefined {
  if (isRecord(from) && isRecord(to)) return [...new Set([...Object.keys(from), ...Object.keys(to)])];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) return from.map((_, index) => index);
  return undefined;
}

/** The index of the only item of `from` that is not in `to`. */
function removedIndex(from: unknown, to: unknown): number | undefined {
  if (!Array.isArray(from) || !Array.isArray(to) || to.length !== from.length - 1) return undefined;
  return from.findIndex((item, index) => JSON.stringify(item) !== JSON.stringify(to[index]));
}

/** The shortest range in which two texts differ. */
function difference(before: string, after: string): { offset: number; length: number; text: string } {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before[start] === after[start]) start++;
  let end = 0;
  while (end < limit - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { offset: start, length: before.length - end - start, text: after.slice(start, after.length - end) };
}
