// Turns zod issues into findings: one for each mistake, for the branch of a union that was meant.
import * as z from 'zod';
import { datasetSettings } from './datasetNames';
import { isRecord } from '../shared/isRecord';
import { list } from '../shared/text';
import { homesOf, type SettingHome } from './misplacedSettings';
import { isPresent, valueAt } from './settingPath';
import { pathText, showValue, type Finding, type Fix, type Path, type Target } from './problem';
import { errorHintsOf, oneOf, type ErrorHints } from './errorHints';
import { newIdName, newKeyName } from './renamedSettings';
import { nearest } from './suggestions';

/** More errors are not useful to a reader; a file of 1 MiB can have a hundred thousand. */
const maxErrors = 50;

/** How the file writes the value at a path, if that says more than the value: 1e999 instead of Infinity. */
export type OriginalText = (path: Path) => string | undefined;

/** All errors in `value`, in the order of the schema; empty if it is valid. */
export function findSchemaErrors(
  schema: z.ZodType,
  value: unknown,
  original: OriginalText = () => undefined,
): Finding[] {
  return findErrors(schema, value, [], original, { schema, value });
}

/** The whole of what is checked, of which nested checks see a part. */
interface Whole {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

function findErrors(schema: z.ZodType, value: unknown, path: Path, original: OriginalText, whole: Whole): Finding[] {
  const issues = schema.safeParse(value).error?.issues.slice(0, maxErrors) ?? [];
  const findings = issues.flatMap((issue) => findingsOf(issue, schema, value, path, original, whole));
  // One value may break several bounds, but its message names all of them.
  const keys = findings.map((finding) => `${finding.target} ${JSON.stringify(finding.path)}`);
  return findings.filter((_, index) => keys.indexOf(keys[index]) === index);
}

function findingsOf(
  issue: z.core.$ZodIssue,
  root: z.ZodType,
  value: unknown,
  above: Path,
  original: OriginalText,
  whole: Whole,
): Finding[] {
  const inner = issue.path as Path;
  const path = [...above, ...inner];
  const found = valueAt(value, inner);
  if (issue.code === 'custom') {
    const code = (issue.params?.code as string | undefined) ?? 'repeated';
    return [error(code, `${pathText(path)} ${issue.message}.`, path, { target: issue.params?.target as Target })];
  }
  if (issue.code === 'unrecognized_keys') {
    const object = concrete(schemaAt(root, value, inner), found);
    return issue.keys.slice(0, maxErrors).map((key) => unknownKey(object, [...path, key], found, whole));
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const tag = hintsAt(schemaAt(root, value, inner.slice(0, -1)))?.tag;
    const hints = { expected: oneOf(tag?.ids ?? []), known: tag?.ids };
    return [isPresent(value, inner) ? wrongValue(path, found, hints) : missingSetting(path, hints)];
  }
  const schema = schemaAt(root, value, inner);
  const meant = hintsAt(schema)?.pick?.(found);
  if (meant !== undefined) return findErrors(meant, found, path, original, whole);
  const hints = hintsAt(schema) ?? { expected: 'a different value' };
  return [isPresent(value, inner) ? wrongValue(path, found, hints, original(path)) : missingSetting(path, hints)];
}

/** `critic.width must be a whole number from 1 to 16,384, got "big" (for example 128).` */
function wrongValue(
  path: Path,
  found: unknown,
  { expected, example, known = [] }: ErrorHints,
  text = showValue(found),
): Finding {
  const name = newIdName(path, found);
  if (name !== undefined && known.includes(name)) {
    const fixes = [{ title: `Change to "${name}"`, changes: [{ path, value: name }] }];
    return error('renamed', `"${String(found)}" in ${pathText(path)} is now called "${name}".`, path, { fixes });
  }
  const dataset = pathText(path) === 'data.source' && typeof found === 'string' ? datasetSettings(found) : undefined;
  if (dataset) {
    const changes = Object.entries(dataset).map(([key, set]) => ({ path: ['data', key], value: set }));
    const written = JSON.stringify(dataset).replace(/([:,])/g, '$1 ');
    const message = `data.source must be the name of a data source, got ${text}, which is a data set. Use "data": ${written}.`;
    return error('wrong-value', message, path, { fixes: [{ title: `Change to ${written}`, changes }] });
  }
  const meant = typeof found === 'string' ? nearest(found, known) : undefined;
  const question = meant === undefined ? '' : ` Did you mean ${JSON.stringify(meant)}?`;
  const changeTo = (value: string): Fix => ({
    title: `Change to ${JSON.stringify(value)}`,
    changes: [{ path, value }],
    ...(meant === undefined && { isChoice: true }),
  });
  const candidates = meant === undefined ? known : [meant];
  const fixes = typeof found === 'string' ? candidates.map(changeTo) : [];
  const message = `${pathText(path)} must be ${expected}, got ${text}${exampleText(example)}.${question}`;
  return error('wrong-value', message, path, { fixes });
}

function missingSetting(path: Path, { expected, example }: ErrorHints): Finding {
  const message = `${pathText(path)} is missing; set it to ${expected}${exampleText(example)}.`;
  return error('missing', message, path, { target: 'parent' });
}

const exampleText = (example: string | undefined): string => (example === undefined ? '' : ` (for example ${example})`);

function unknownKey(object: z.ZodType | undefined, path: Path, owner: unknown, whole: Whole): Finding {
  const key = String(path[path.length - 1]);
  const all = object instanceof z.ZodObject ? Object.keys(object.shape) : [];
  const name = newKeyName(path);
  if (name !== undefined && all.includes(name)) return renamedKey(path, name, owner);
  const noun = (object && hintsAt(object)?.noun) ?? 'this object';
  const unused = all.filter((name) => !name.startsWith('$') && isRecord(owner) && !Object.hasOwn(owner, name));
  // A key that is already present may be what a misspelled --set meant.
  const meant = nearest(key, unused) ?? nearest(key, all);
  const homes = meant === undefined ? homesOf(whole.schema, whole.value, path, valueAt(owner, [key])) : [];
  const help = meant !== undefined ? `Did you mean "${meant}"?` : homeText(homes) || otherSettings(unused);
  const renames = unused.filter((name) => name === meant);
  const fixes: Fix[] = [
    ...renames.map((rename) => ({ title: `Change to "${rename}"`, changes: [{ path, rename }] })),
    ...homes.map((home) => ({ title: `Move to "${pathText(home.path)}"`, changes: home.changes })),
    { title: `Remove ${showValue(key)}`, changes: [{ path, remove: true }] },
  ];
  const message = `${pathText(path)} is not a setting of ${noun}. ${help}`;
  return error('unknown-key', message, path, { target: 'key', fixes });
}

/** A key that has a new name. The fix renames it, or removes it if the new key is there too. */
function renamedKey(path: Path, name: string, owner: unknown): Finding {
  const key = String(path[path.length - 1]);
  const place = path.length > 1 ? ` in ${pathText(path.slice(0, -1))}` : '';
  const fix: Fix =
    isRecord(owner) && Object.hasOwn(owner, name)
      ? { title: `Remove "${key}"`, changes: [{ path, remove: true }] }
      : { title: `Change to "${name}"`, changes: [{ path, rename: name }] };
  const message = `"${key}"${place} is now called "${name}".`;
  return error('renamed', message, path, { target: 'key', fixes: [fix] });
}

function homeText(homes: readonly SettingHome[]): string {
  const places = homes.map(({ path }) => `"${pathText(path)}"`);
  if (places.length === 0) return '';
  return `It belongs at ${places.length > 1 ? `${places.slice(0, -1).join(', ')} or ` : ''}${places.at(-1)}.`;
}

function otherSettings(unused: readonly string[]): string {
  if (unused.length === 0) return 'Remove it; there are no other settings.';
  return `Other settings: ${list(unused)}.`;
}

function error(
  code: string,
  message: string,
  path: Path,
  { target = 'value', fixes = [] }: Partial<Pick<Finding, 'target' | 'fixes'>> = {},
): Finding {
  return { severity: 'error', code, message, path, target, fixes };
}

/** The schema of the value at `path`, through optionals and the branches of unions that were meant. */
function schemaAt(schema: z.ZodType, value: unknown, path: Path): z.ZodType | undefined {
  if (path.length === 0) return schema;
  const [key, ...rest] = path;
  const holder = concrete(schema, value);
  if (holder === undefined) return undefined;
  const child = childOf(holder, key);
  return child && schemaAt(child, valueAt(value, [key]), rest);
}

function childOf(schema: z.ZodType, key: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key] as z.ZodType | undefined;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodTuple) return schema.def.items[Number(key)] as z.ZodType | undefined;
  return undefined;
}

/** The object, list or leaf schema inside optionals, nullables and unions. */
function concrete(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return concrete(schema.unwrap() as z.ZodType, value);
  }
  const pick = schema && errorHintsOf(schema)?.pick;
  return pick === undefined ? schema : concrete(pick(value), value);
}

/** The error hints of a schema, or of the schema that it makes optional or nullable. */
export function hintsAt(schema: z.ZodType | undefined): ErrorHints | undefined {
  if (schema === undefined) return undefined;
  const own = errorHintsOf(schema);
  if (own !== undefined) return own;
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return wraps ? hintsAt(schema.unwrap() as z.ZodType) : undefined;
}
