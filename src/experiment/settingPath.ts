// Paths of settings: the value at a path, and the forms in which a file may write one.
import type { Path } from './problem';

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (hasOwn(inner, key) ? inner[key] : undefined), value);
}

/** Whether there is a value at a path; null counts. */
export const isPresent = (value: unknown, path: Path): boolean =>
  path.length === 0 ? value !== undefined : hasOwn(valueAt(value, path.slice(0, -1)), path[path.length - 1]);

/** The path itself, then its short form: one optimizer for both roles, a constraint outside a list. */
export function pathForms(path: Path): Path[] {
  const [key, index, ...rest] = path;
  if (key === 'optimizer' && (index === 'generator' || index === 'critic')) return [path, [key, ...rest]];
  if (key === 'constraint' && typeof index === 'number') return [path, [key, ...rest]];
  return [path];
}

const hasOwn = (value: unknown, key: string | number): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
