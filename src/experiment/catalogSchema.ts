// From the tables and parameters of the catalog to zod schemas with bounds, hover texts and defaults.
import * as z from 'zod';
import type {
  Entry,
  Role,
  Table,
  Written,
  ChoiceDescriptor,
  Descriptor,
  Descriptors,
  NumberDescriptor,
  ValueOf,
} from '../catalog';
import { isRecord } from '../shared/isRecord';
import { oneOf, parameterHints, withErrorHints } from './errorHints';

/** An object with these settings and no others. Messages call it `noun`; `about` is its hover text. */
export function objectSchema<S extends z.ZodRawShape>(shape: S, noun: string, example: string, about?: string) {
  const object = z.strictObject(shape);
  return withErrorHints(about === undefined ? object : object.meta(hoverText(about)), {
    expected: `an object such as ${example}`,
    noun,
  });
}

/** Plain text as a hover. */
export const hoverText = (text: string) => ({ description: text, markdownDescription: text });

/** One entry of `table` with its parameters: an object whose `tag` names the entry. */
export function entrySchema<Tag extends string, T extends Table>(
  tag: Tag,
  table: T,
  noun: string,
  role?: Role,
): z.ZodType<Written<Tag, T>> {
  const branches = new Map(
    Object.entries(table).map(([id, entry]) => {
      const name = z.literal(id).meta(entryHover(entry));
      const shape = { [tag]: name, ...parameterShape(entry.parameters, role) };
      return [id, objectSchema(shape, `the ${noun} "${id}"`, exampleEntry(tag, id))];
    }),
  );
  const ids = [...branches.keys()];
  const options = [...branches.values()] as [z.ZodObject, ...z.ZodObject[]];
  const union = withErrorHints(z.discriminatedUnion(tag, options), {
    expected: `an object such as ${exampleEntry(tag, ids[0])}`,
    pick: (value) => (isRecord(value) ? branches.get(String(value[tag])) : undefined),
    tag: { key: tag, ids },
  });
  return union as unknown as z.ZodType<Written<Tag, T>>;
}

/** One id of a table, each with its hover. */
export function idSchema<T extends Readonly<Record<string, Pick<Entry, 'title' | 'text'>>>>(
  table: T,
): z.ZodLiteral<keyof T & string> {
  const ids = Object.keys(table) as (keyof T & string)[];
  const hovers = Object.values(table).map((entry) => entryHover(entry).markdownDescription);
  return withErrorHints(z.literal(ids).meta({ markdownEnumDescriptions: hovers }), {
    expected: oneOf(ids),
    known: ids,
  });
}

/** An entry of a table: its id alone, or an object with parameters. */
export function idOrEntrySchema<Tag extends string, T extends Table>(tag: Tag, table: T, noun: string) {
  const name = idSchema(table);
  const object = entrySchema(tag, table, noun);
  const ids = Object.keys(table);
  return withErrorHints(z.union([name, object]), {
    expected: `${oneOf(ids)}, or an object such as ${exampleEntry(tag, ids[0])}`,
    known: ids,
    pick: (value) => (typeof value === 'string' ? name : isRecord(value) ? object : undefined),
  });
}

const exampleEntry = (tag: string, id: string) => `{ "${tag}": "${id}" }`;

/** Hover with title, text, formula and source of an entry; an editor puts its id and a colon before it. */
function entryHover(entry: Partial<Entry> & Pick<Entry, 'title' | 'text'>) {
  const formula = entry.formula === undefined ? [] : [`\`\`\`text\n${entry.formula}\n\`\`\``];
  const source = entry.source === undefined ? [] : [`*${entry.source}*`];
  return {
    description: `${entry.title}: ${entry.text}`,
    markdownDescription: [`**${entry.title}.** ${entry.text}`, ...formula, ...source].join('\n\n'),
  };
}

/** Schemas of parameters; those with a default are optional. */
export type Shape<D extends Descriptors> = {
  [N in keyof D]: D[N] extends { default: unknown }
    ? z.ZodOptional<z.ZodType<ValueOf<D[N]>>>
    : z.ZodType<ValueOf<D[N]>>;
};

/** The schemas of parameters by name; `role` selects among defaults that differ by role. */
export function parameterShape<D extends Descriptors>(descriptors: D, role?: Role): Shape<D> {
  const entries = Object.entries(descriptors).map(([name, descriptor]) => {
    const schema = parameterSchema(descriptor, role);
    return [name, descriptor.default === undefined ? schema : schema.optional()];
  });
  return Object.fromEntries(entries) as Shape<D>;
}

function parameterSchema(descriptor: Descriptor, role?: Role): z.ZodType {
  return withErrorHints(plainSchema(descriptor).meta(parameterHover(descriptor, role)), parameterHints(descriptor));
}

/** Hover of a parameter in an editor. */
function parameterHover(descriptor: Descriptor, role?: Role): Record<string, unknown> {
  const value = defaultFor(descriptor, role);
  const facts = [
    ...(value === undefined ? [] : [`Default: \`${JSON.stringify(value)}\``]),
    ...(descriptor.unit === undefined ? [] : [`Unit: ${descriptor.unit}`]),
  ];
  const lines = descriptor.type === 'choice' ? descriptor.optionTexts : undefined;
  return {
    description: descriptor.text,
    ...(lines === undefined ? {} : { markdownEnumDescriptions: [...lines] }),
    markdownDescription: [descriptor.text, ...facts].join('\n\n'),
    ...(value === undefined ? {} : { default: value }),
    ...('example' in descriptor && descriptor.example !== undefined ? { examples: [descriptor.example] } : {}),
  };
}

function defaultFor(descriptor: Descriptor, role?: Role): unknown {
  const value = descriptor.default;
  if (typeof value !== 'object' || value === null) return value;
  return role !== undefined && role in value ? (value as Readonly<Record<Role, unknown>>)[role] : undefined;
}

type Builders = { readonly [T in Descriptor['type']]: (descriptor: Extract<Descriptor, { type: T }>) => z.ZodType };

const builders: Builders = {
  number: numberSchema,
  integer: numberSchema,
  boolean: () => z.boolean(),
  choice: ({ options, nullable }: ChoiceDescriptor) => z.literal(nullable ? [...options, null] : [...options]),
  string: textSchema,
  path: textSchema,
  size: ({ minimum, maximum, native }) => {
    const side = z.int().gte(minimum).lte(maximum);
    const sizes = [side, z.tuple([side, side])] as const;
    return native ? z.union([z.literal('native'), ...sizes]) : z.union(sizes);
  },
  columns: () =>
    z
      .array(z.union([z.string().min(1).max(200), z.int().gte(1).lte(65_536)]))
      .min(1)
      .max(65_536)
      .nullable(),
};

function textSchema({ nullable }: { readonly nullable?: true }): z.ZodType {
  const text = z.string().min(1).max(4096);
  return nullable ? text.nullable() : text;
}

function plainSchema(descriptor: Descriptor): z.ZodType {
  const build = builders[descriptor.type] as (descriptor: Descriptor) => z.ZodType;
  return build(descriptor);
}

function numberSchema(descriptor: NumberDescriptor): z.ZodType {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = descriptor;
  let schema: z.ZodNumber = descriptor.type === 'integer' ? z.int() : z.number();
  if (minimum !== undefined) schema = schema.gte(minimum);
  if (exclusiveMinimum !== undefined) schema = schema.gt(exclusiveMinimum);
  if (maximum !== undefined) schema = schema.lte(maximum);
  if (exclusiveMaximum !== undefined) schema = schema.lt(exclusiveMaximum);
  if (descriptor.auto) return z.union([z.literal('auto'), schema]);
  return descriptor.nullable ? schema.nullable() : schema;
}
