// Applies quick fixes to the text of an experiment file until none is left.
import type { Problem, TextFix } from './problem';

/** More fixes than this are not applied to one file. */
const maxFixes = 100;

/**
 * Applies the first fix of each problem, unless it is a choice of the user, one after the other, and checks the text
 * again after each: a fix may move, solve or cause other problems. No text is visited twice, so two fixes that undo
 * each other end the loop.
 */
export function applyFixes(
  text: string,
  check: (text: string) => readonly Problem[],
): { readonly text: string; readonly applied: readonly TextFix[] } {
  const seen = new Set([text]);
  const applied: TextFix[] = [];
  let now = text;
  while (applied.length < maxFixes) {
    const next = check(now)
      .flatMap(({ fixes = [] }) => fixes.slice(0, 1).filter(({ isChoice }) => isChoice !== true))
      .find((fix) => !seen.has(applyFix(now, fix)));
    if (next === undefined) break;
    now = applyFix(now, next);
    seen.add(now);
    applied.push(next);
  }
  return { text: now, applied };
}

export const applyFix = (text: string, { offset, length, text: inserted }: TextFix): string =>
  text.slice(0, offset) + inserted + text.slice(offset + length);
