// From what zod says about a value to what a reader is told: one finding for each mistake, of the branch that was meant.
import * as z from 'zod';
import { isRecord } from './catalogSchema';
import { isPresent, valueAt as at } from './settingPath';
import { pathText, showValue, type Finding, type Fix, type Path } from './problem';
import { errorHintsOf, type ErrorHints } from './errorHints';
import { allOf, nearest, oneOf } from './suggestions';

/** Nobody reads more; a file of a megabyte can hold a hundred thousand. */
const maxErrors = 50;

/** The text that stands in the file for the value at a path, where it says more than the value: 1e999, not Infinity. */
export type OriginalText = (path: Path) => string | undefined;

/** Every mistake in `value`, in the order of the schema; empty where it is valid. */
export function findSchemaErrors(
  schema: z.ZodType,
  value: unknown,
  spelled: OriginalText = () => undefined,
): Finding[] {
  return findErrors(schema, value, [], spelled);
}

function findErrors(schema: z.ZodType, value: unknown, path: Path, spelled: OriginalText): Finding[] {
  const issues = schema.safeParse(value).error?.issues.slice(0, maxErrors) ?? [];
  const findings = issues.flatMap((issue) => findingsOf(issue, schema, value, path, spelled));
  // One value may break several bounds; its sentence names them all.
  const keys = findings.map((finding) => `${finding.target} ${JSON.stringify(finding.path)}`);
  return findings.filter((_, index) => keys.indexOf(keys[index]) === index);
}

function findingsOf(
  issue: z.core.$ZodIssue,
  root: z.ZodType,
  value: unknown,
  above: Path,
  spelled: OriginalText,
): Finding[] {
  const inner = issue.path as Path;
  const path = [...above, ...inner];
  const found = at(value, inner);
  if (issue.code === 'custom') return [error('repeated', `${pathText(path)} ${issue.message}.`, path)];
  if (issue.code === 'unrecognized_keys') {
    const object = concrete(schemaAt(root, value, inner), found);
    return issue.keys.slice(0, maxErrors).map((key) => unknownKey(object, [...path, key], found));
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const tag = hintsAt(schemaAt(root, value, inner.slice(0, -1)))?.tag;
    const words = { expected: oneOf(tag?.ids ?? []), known: tag?.ids };
    return [isPresent(value, inner) ? wrongValue(path, found, words) : missingSetting(path, words)];
  }
  const schema = schemaAt(root, value, inner);
  const meant = hintsAt(schema)?.pick?.(found);
  if (meant !== undefined) return findErrors(meant, found, path, spelled);
  const words = hintsAt(schema) ?? { expected: 'something else' };
  return [isPresent(value, inner) ? wrongValue(path, found, words, spelled(path)) : missingSetting(path, words)];
}

/** "critic.width is "big"; it must be a whole number from 1 to 16384, for example 128." */
function wrongValue(
  path: Path,
  found: unknown,
  { expected, known = [] }: ErrorHints,
  text = showValue(found),
): Finding {
  const meant = typeof found === 'string' ? nearest(found, known) : undefined;
  const question = meant === undefined ? '' : ` Did you mean ${JSON.stringify(meant)}?`;
  const fixes =
    meant === undefined ? [] : [{ title: `Change to ${JSON.stringify(meant)}`, changes: [{ path, value: meant }] }];
  return error('wrong-value', `${pathText(path)} is ${text}; it must be ${expected}.${question}`, path, { fixes });
}

function missingSetting(path: Path, { expected }: ErrorHints): Finding {
  return error('missing', `${pathText(path)} is missing; it must be ${expected}.`, path, { target: 'parent' });
}

function unknownKey(object: z.ZodType | undefined, path: Path, owner: unknown): Finding {
  const key = String(path[path.length - 1]);
  const all = object instanceof z.ZodObject ? Object.keys(object.shape) : [];
  const noun = (object && hintsAt(object)?.noun) ?? 'this object';
  const unused = all.filter((name) => !name.startsWith('$') && isRecord(owner) && !Object.hasOwn(owner, name));
  // A key that is there already is what a --set meant, where it comes close.
  const meant = nearest(key, unused) ?? nearest(key, all);
  const help = meant !== undefined ? `Did you mean "${meant}"?` : otherSettings(unused);
  const renames = unused.filter((name) => name === meant);
  const fixes: Fix[] = [
    ...renames.map((rename) => ({ title: `Change to "${rename}"`, changes: [{ path, rename }] })),
    { title: `Remove ${showValue(key)}`, changes: [{ path, remove: true }] },
  ];
  const message = `${pathText(path)} is not a setting of ${noun}. ${help}`;
  return error('unknown-key', message, path, { target: 'key', fixes });
}

function otherSettings(unused: readonly string[]): string {
  if (unused.length === 0) return 'Remove it; there are no others.';
  return `It can also have ${allOf(unused)}.`;
}

function error(
  code: string,
  message: string,
  path: Path,
  { target = 'value', fixes = [] }: Partial<Pick<Finding, 'target' | 'fixes'>> = {},
): Finding {
  return { severity: 'error', code, message, path, target, fixes };
}

/** The schema that judged the value at `path`, through optionals and the meant branches of unions. */
function schemaAt(schema: z.ZodType, value: unknown, path: Path): z.ZodType | undefined {
  if (path.length === 0) return schema;
  const [key, ...rest] = path;
  const holder = concrete(schema, value);
  if (holder === undefined) return undefined;
  const child = childOf(holder, key);
  return child && schemaAt(child, at(value, [key]), rest);
}

function childOf(schema: z.ZodType, key: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key] as z.ZodType | undefined;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodTuple) return schema.def.items[Number(key)] as z.ZodType | undefined;
  return undefined;
}

/** The object, list or leaf behind optionals, nullables and unions. */
function concrete(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return concrete(schema.unwrap() as z.ZodType, value);
  }
  const pick = schema && errorHintsOf(schema)?.pick;
  return pick === undefined ? schema : concrete(pick(value), value);
}

/** The wording of a schema, or of what it makes optional or nullable. */
function hintsAt(schema: z.ZodType | undefined): ErrorHints | undefined {
  if (schema === undefined) return undefined;
  const own = errorHintsOf(schema);
  if (own !== undefined) return own;
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return wraps ? hintsAt(schema.unwrap() as z.ZodType) : undefined;
}
