// Mends an experiment file as far as its problems say how: the best fix of each, one after the other.
import type { TextFix } from '../../experiment/fix';
import type { Problem } from '../../experiment/problem';

/** More problems than that are not mended at once. */
const mostFixes = 100;

/**
 * The text after the first fix of each problem that `find` sees, found anew after each: a fix may move the others, solve
 * them, or bring problems that it could not be known to bring. No text comes twice, so that two fixes that undo each
 * other end.
 */
export function mended(text: string, find: (text: string) => readonly Problem[]): string {
  const seen = new Set([text]);
  let now = text;
  for (let count = 0; count < mostFixes; count++) {
    const next = find(now)
      .flatMap(({ fixes = [] }) => (fixes.length > 0 ? applied(now, fixes[0]) : []))
      .find((candidate) => !seen.has(candidate));
    if (next === undefined) return now;
    seen.add(next);
    now = next;
  }
  return now;
}

export const applied = (text: string, { offset, length, text: inserted }: TextFix): string =>
  text.slice(0, offset) + inserted + text.slice(offset + length);
