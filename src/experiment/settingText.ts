// What a setting means and which values it may have, from the schema of experiment files.
import { isRecord } from '../shared/isRecord';
import { experimentJsonSchema } from './jsonSchema';
import type { Path } from './problem';

export interface SettingText {
  /** A sentence or two; '' if the schema has none. */
  readonly text: string;
  /** The values that can be chosen; undefined if others are possible. */
  readonly options?: readonly (string | number | boolean | null)[];
}

type Schema = Readonly<Record<string, unknown>>;

let whole: Schema | undefined;

/** @param experiment in which `path` is a setting: which parameters there are depends on the choices beside them */
export function settingText(path: Path, experiment: unknown): SettingText {
  whole ??= experimentJsonSchema();
  let schemas: readonly Schema[] = [whole];
  let owner = experiment;
  for (const key of path) {
    schemas = schemas.flatMap((each) => variants(each, owner)).flatMap((each) => childSchema(each, key));
    owner = isRecord(owner) || Array.isArray(owner) ? (owner as Schema)[key] : undefined;
  }
  const text = schemas.map(({ description }) => description).find((each) => typeof each === 'string' && each !== '');
  const options = schemas.map(optionsOf);
  const all = options.every((each) => each !== undefined) ? [...new Set(options.flat())] : [];
  return { text: typeof text === 'string' ? text : '', ...(all.length > 1 ? { options: all } : {}) };
}

/** The schemas of which `value` may have one, without those of another kind. */
function variants(schema: Schema, value: unknown): readonly Schema[] {
  const inner = alternatives(schema).flatMap((each) => variants(each, value));
  return [schema, ...inner].filter((each) => isOfKind(each, value));
}

const alternatives = ({ anyOf, oneOf, allOf }: Schema): readonly Schema[] =>
  [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));

/** Whether every constant property of a schema, such as `kind`, has that value. */
function isOfKind({ properties }: Schema, value: unknown): boolean {
  if (!isRecord(properties) || !isRecord(value)) return true;
  return Object.entries(properties).every(
    ([name, each]) => !isRecord(each) || !('const' in each) || each.const === value[name],
  );
}

function childSchema({ properties, items }: Schema, key: string | number): readonly Schema[] {
  const found = typeof key === 'number' ? items : isRecord(properties) ? properties[key] : undefined;
  return isRecord(found) ? [found] : [];
}

/** The values of a schema that lists them; undefined for another. */
function optionsOf(schema: Schema): SettingText['options'] {
  if (Array.isArray(schema.enum)) return schema.enum as SettingText['options'];
  if ('const' in schema) return undefined;
  if (schema.type === 'boolean') return [true, false];
  if (schema.type === 'null') return [null];
  const parts = alternatives(schema).map(optionsOf);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}
