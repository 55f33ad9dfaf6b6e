// From a parameter of the catalog to its zod schema, with bounds, hover text and default.
import * as z from 'zod';
import type { ChoiceDescriptor, Descriptor, Descriptors, NumberDescriptor, Role, ValueOf } from '../catalog';
import { describe, worded } from './wording';

/** Schemas of parameters, those with a default optional. */
export type Shape<D extends Descriptors> = {
  [N in keyof D]: D[N] extends { default: unknown }
    ? z.ZodOptional<z.ZodType<ValueOf<D[N]>>>
    : z.ZodType<ValueOf<D[N]>>;
};

/** The shape of an object that holds the parameters; `role` chooses between defaults that differ by role. */
export function shapeOf<D extends Descriptors>(descriptors: D, role?: Role): Shape<D> {
  const entries = Object.entries(descriptors).map(([name, descriptor]) => {
    const schema = leaf(descriptor, role);
    return [name, descriptor.default === undefined ? schema : schema.optional()];
  });
  return Object.fromEntries(entries) as Shape<D>;
}

function leaf(descriptor: Descriptor, role?: Role): z.ZodType {
  return worded(bare(descriptor).meta(hover(descriptor, role)), describe(descriptor));
}

/** What an editor shows of a parameter. */
function hover(descriptor: Descriptor, role?: Role): Record<string, unknown> {
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
  number: numeric,
  integer: numeric,
  boolean: () => z.boolean(),
  choice: (descriptor: ChoiceDescriptor) => z.literal([...descriptor.options]),
  string: () => z.string().min(1).max(4096),
  path: () => z.string().min(1).max(4096),
};

function bare(descriptor: Descriptor): z.ZodType {
  const build = builders[descriptor.type] as (descriptor: Descriptor) => z.ZodType;
  return build(descriptor);
}

function numeric(descriptor: NumberDescriptor): z.ZodType {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = descriptor;
  let schema: z.ZodNumber = descriptor.type === 'integer' ? z.int() : z.number();
  if (minimum !== undefined) schema = schema.gte(minimum);
  if (exclusiveMinimum !== undefined) schema = schema.gt(exclusiveMinimum);
  if (maximum !== undefined) schema = schema.lte(maximum);
  if (exclusiveMaximum !== undefined) schema = schema.lt(exclusiveMaximum);
  if (descriptor.auto) return z.union([z.literal('auto'), schema]);
  return descriptor.nullable ? schema.nullable() : schema;
}
