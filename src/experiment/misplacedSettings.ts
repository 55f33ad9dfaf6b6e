// Settings at the wrong place: a key that is unknown where it stands but belongs into a part of the experiment.
import * as z from 'zod';
import { isRecord } from '../shared/isRecord';
import type { Change, Path } from './problem';
import { nearest } from './suggestions';

/** A place where a setting is valid, and the changes that move it there. */
export interface SettingHome {
  readonly path: Path;
  readonly changes: readonly Change[];
}

/**
 * The places where a setting at `path` is valid with its value, in the order of the schema: `learningRate` at the top
 * belongs to `optimizer`. Empty if there is none, or if the experiment has the setting there already.
 */
export function homesOf(schema: z.ZodType, experiment: unknown, path: Path, value: unknown): SettingHome[] {
  if (!(schema instanceof z.ZodObject) || !isRecord(experiment)) return [];
  const key = String(path[path.length - 1]);
  const parts = Object.entries(schema.shape as Record<string, z.ZodType>).map(([owner, part]) => ({
    owner,
    part,
    forms: formsOf(part),
  }));
  const known = [...new Set(parts.flatMap(({ forms }) => forms.flatMap(({ keys }) => keys)))];
  const name = nearest(key, known);
  if (name === undefined) return [];
  return parts.flatMap(({ owner, part, forms }): SettingHome[] => {
    const fitting = forms.filter(({ keys }) => keys.includes(name));
    if (fitting.length === 0 || owner === path[0] || (isNetwork(owner) && isNetwork(path[0]))) return [];
    const moved = (change: Change): SettingHome[] => [
      { path: [owner, name], changes: [{ path, remove: true }, change] },
    ];
    const written = expanded(experiment[owner], forms);
    if (isRecord(written)) {
      const isFree = !Object.hasOwn(written, name) && part.safeParse({ ...written, [name]: value }).success;
      return isFree ? moved({ path: [owner, name], value }) : [];
    }
    if (written !== undefined) return [];
    // The preset, or the default, decides on the kind of what the file leaves out, and may not fit a constraint.
    const form = fitting.find(({ tag }) => part.safeParse({ ...tag, [name]: value }).success);
    if (form === undefined) return [];
    return owner === 'constraint'
      ? moved({ path: [owner], value: { ...form.tag, [name]: value } })
      : moved({ path: [owner, name], value });
  });
}

/** What one network does not have was not meant for the other. */
const isNetwork = (part: string | number): boolean => part === 'generator' || part === 'critic';

/** One of the objects that a part can be, with the key and the id by which it is told from the others. */
interface Form {
  readonly keys: readonly string[];
  readonly tag: Readonly<Record<string, unknown>>;
}

function formsOf(schema: z.ZodType): Form[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return formsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(formsOf);
  if (!(schema instanceof z.ZodObject)) return [];
  const entries = Object.entries(schema.shape as Record<string, z.ZodType>);
  const tags = entries.flatMap(([key, part]) =>
    part instanceof z.ZodLiteral ? [[key, [...part.values][0]] as const] : [],
  );
  const keys = entries.map(([key]) => key).filter((key) => !tags.some(([tag]) => tag === key));
  return [{ keys, tag: Object.fromEntries(tags) }];
}

/** The short form of a part, an id, written out: `"adam"` is `{ "kind": "adam" }`. */
function expanded(written: unknown, forms: readonly Form[]): unknown {
  if (typeof written !== 'string') return written;
  return forms.map(({ tag }) => tag).find((tag) => Object.values(tag).includes(written)) ?? written;
}
