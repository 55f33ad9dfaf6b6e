// Settings from the command line (`--set critic.width=64` and its short forms), applied to the value of the file.
import { isRecord } from '../shared/isRecord';
import { plural } from '../shared/text';
import type { Experiment } from './experiment';
import { pathText, showValue, type Finding, type Path, type Problem } from './problem';
import { tooDeepAt } from './sourceText';

/** An option as written, and the assignment that it makes: `{ option: '--seed 7', assignment: 'seed=7' }`. */
export interface Override {
  readonly option: string;
  readonly assignment: string;
  /** Gives a finding about this setting its place, if the setting comes from another file. */
  readonly place?: (finding: Finding) => Problem;
}

/** `--set critic.width=64`. */
export const setOverride = (assignment: string): Override => ({ option: `--set ${assignment}`, assignment });

/** A short form such as `--seed 7` of a top-level key. */
export const shortOverride = (key: 'seed' | 'seeds' | 'steps' | 'device', value: string): Override => ({
  option: `--${key} ${value}`,
  assignment: `${key}=${value}`,
});

/** The value with the overrides applied, the path of each, and the problems of those that could not be applied. */
export interface Overridden {
  readonly value: unknown;
  readonly applied: readonly { readonly path: Path; readonly option: string }[];
  readonly problems: readonly (Omit<Finding, 'fixes'> & { readonly option: string })[];
}

/**
 * Applies overrides in order. A setting whose owner comes from a preset or a default (`constraint.lambda` in a file
 * without "constraint") is added to the owner that `resolve` returns for the value so far.
 */
export function applyOverrides(
  value: unknown,
  overrides: readonly Override[],
  resolve: (value: unknown) => Experiment | undefined,
): Overridden {
  return overrides.reduce<Overridden>(
    (result, { option, assignment }) => {
      const refuse = (message: string, path: Path = []): Overridden => {
        const finding = { severity: 'error', code: 'bad-option', message, path, target: 'value', option } as const;
        return { ...result, problems: [...result.problems, finding] };
      };
      const [, left, right] = /^([^=]*)=(.*)$/s.exec(assignment) ?? [];
      const path = left?.split('.').map(segment);
      if (path === undefined || path.includes('') || path.length > maxSegments) {
        return refuse(`--set must be path=value, got ${showValue(assignment)} (for example --set critic.width=64).`);
      }
      const placed = put(result.value, path, parsed(right), () => resolve(result.value));
      if ('refusal' in placed) return refuse(placed.refusal, path);
      return { ...result, value: placed.value, applied: [...result.applied, { path, option }] };
    },
    { value, applied: [], problems: [] },
  );
}

/** Longer than the path of any setting; a limit for the recursion of `put`. */
const maxSegments = 16;

const segment = (text: string): string | number => (/^\d{1,4}$/.test(text) ? Number(text) : text.trim());

/** The value if the text is JSON that is not nested too deep, else the text itself. */
function parsed(text: string): unknown {
  if (tooDeepAt(text) !== undefined) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `owner` with `value` at `path`, as `--set` would set it; undefined if that is not possible. */
export function setAt(owner: unknown, path: Path, value: unknown, defaults: unknown): unknown {
  const placed = put(owner, path, value, () => defaults);
  return 'value' in placed ? placed.value : undefined;
}

/** `owner` without the value at `path`. A list that is only in `defaults` is written out without that item. */
export function removeAt(owner: unknown, path: Path, defaults: unknown): unknown {
  const [last] = path.slice(-1);
  const above = path.slice(0, -1);
  const at = (from: unknown) => above.reduce<unknown>((inner, key) => child(inner, key), from);
  const holder = at(owner) ?? at(defaults);
  if (Array.isArray(holder)) {
    const left = holder.filter((_, index) => index !== last);
    return setAt(owner, above, left, defaults);
  }
  if (!isRecord(holder) || !isRecord(at(owner))) return undefined;
  const left = Object.fromEntries(Object.entries(holder).filter(([key]) => key !== last));
  return above.length === 0 ? left : setAt(owner, above, left, defaults);
}

type Placed = { readonly value: unknown } | { readonly refusal: string };

/** `owner` with `value` at `path`; `defaults` gives the resolved value of the owner, which few settings need. */
function put(owner: unknown, path: Path, value: unknown, defaults: () => unknown, above: Path = []): Placed {
  const [key, ...rest] = path;
  const here = pathText(above);
  if (Array.isArray(owner)) {
    if (typeof key !== 'number' || key >= owner.length) {
      const count = plural(owner.length, 'item');
      return { refusal: `${pathText([...above, key])} does not exist: the list has ${count}, numbered from 0.` };
    }
  } else if (!isRecord(owner)) {
    return { refusal: `${here} is ${showValue(owner)} and has no settings inside it; set ${here} itself.` };
  }
  if (rest.length === 0) return { value: replaced(owner, key, value) };
  const inner = child(owner, key);
  const usual = (): unknown => child(defaults(), key);
  const placed = put(expandOwner(inner, usual, rest[0]), rest, value, usual, [...above, key]);
  return 'refusal' in placed ? placed : { value: replaced(owner, key, placed.value) };
}

/**
 * The object or list that a setting goes into: `inner` itself, its short form written out, or the default in its place.
 */
function expandOwner(inner: unknown, defaults: () => unknown, next: string | number): unknown {
  // "untilOptimal" replaces a number of critic steps.
  if (next === 'untilOptimal') return isRecord(inner) ? inner : {};
  const byRole = next === 'generator' || next === 'critic';
  if (isRecord(inner) && typeof next === 'string' && !byRole) return inner;
  const usual = defaults();
  if (isRecord(inner) && byRole && isRecord(usual) && 'kind' in inner) return { generator: inner, critic: inner };
  if (typeof next === 'number' && Array.isArray(usual) && (isRecord(inner) || typeof inner === 'string'))
    return [inner];
  if (typeof inner === 'string' && typeof next === 'string' && hasKind(usual)) return { kind: inner };
  if (inner !== undefined && inner !== null) return inner;
  if (Array.isArray(usual)) {
    return typeof next === 'number' ? usual : usual.length === 1 ? tagsOnly(usual[0]) : {};
  }
  if (!isRecord(usual)) return usual ?? {};
  if ('generator' in usual) {
    const { generator, critic } = usual;
    // Tags only: parameters from a preset or default belong to their kind, and the override may change the kind.
    if (byRole) return isRecord(generator) ? { generator: tagsOnly(generator), critic: tagsOnly(critic) } : {};
    return child(generator, 'kind') === child(critic, 'kind') ? tagsOnly(generator) : {};
  }
  return tagsOnly(usual);
}

/** Whether a value is an entry of a table, or a list of them, for which the id alone is a short form. */
const hasKind = (usual: unknown): boolean => (Array.isArray(usual) ? true : isRecord(usual) && 'kind' in usual);

/** The keys that identify an entry, without its parameters; for a network of the user, all of its keys. */
function tagsOnly(entry: unknown): object {
  if (!isRecord(entry)) return {};
  const names = ['kind', 'network', 'source', 'module', 'export'];
  return Object.fromEntries(Object.entries(entry).filter(([key]) => names.includes(key)));
}

function child(owner: unknown, key: string | number): unknown {
  if (typeof owner !== 'object' || owner === null || !Object.hasOwn(owner, key)) return undefined;
  return (owner as Record<string | number, unknown>)[key];
}

function replaced(owner: unknown, key: string | number, value: unknown): unknown {
  if (Array.isArray(owner)) return owner.map((item, index) => (index === key ? value : item));
  return Object.fromEntries([...Object.entries(owner as object).filter(([name]) => name !== `${key}`), [key, value]]);
}
