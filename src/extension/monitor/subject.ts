// What a monitor's panel is about: one run, or several that are compared. The page keeps it, and a reload finds it there.
import path from 'node:path';

export interface Subject {
  /** Absolute paths of run directories: one to watch, two or more to compare. */
  readonly directories: readonly string[];
}

/** More curves than that are not told apart by anybody. */
export const mostCompared = 32;

/** The same for the same runs, in whatever order. */
export const keyOf = ({ directories }: Subject): string => JSON.stringify([...directories].sort());

export const isComparison = ({ directories }: Subject): boolean => directories.length > 1;

/** What the page of a panel remembered: `{ id }` of a run, `{ runs }` of a comparison. Undefined where it is neither. */
export function rememberedSubject(state: unknown): Subject | undefined {
  const { id, runs } = (typeof state === 'object' && state !== null ? state : {}) as { id?: unknown; runs?: unknown };
  const directories = Array.isArray(runs) ? runs : [id];
  const distinct = [
    ...new Set(directories.filter((each): each is string => typeof each === 'string' && path.isAbsolute(each))),
  ];
  return distinct.length === directories.length && distinct.length <= mostCompared
    ? { directories: distinct }
    : undefined;
}
