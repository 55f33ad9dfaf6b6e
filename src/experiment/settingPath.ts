// Paths into the value of an experiment file: what stands there, and the ways in which files may spell one.
import type { Path } from './problem';

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (hasOwn(inner, key) ? inner[key] : undefined), value);
}

/** Whether something stands at a path, be it null. */
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
