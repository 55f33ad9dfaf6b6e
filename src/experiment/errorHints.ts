// What messages call each piece of the schema, kept beside the schema.
import type * as z from 'zod';
import type { Default, Descriptor, NumberDescriptor } from '../catalog';
import { oneOf } from './suggestions';

export interface ErrorHints {
  /** Ends the sentence "it must be ...". */
  readonly expected: string;
  /** What an object is, for "... is not a setting of ...". */
  readonly noun?: string;
  /** Words that may stand here, for "did you mean". */
  readonly known?: readonly string[];
  /** Of a union: the branch that a value was meant for; undefined when it fits none. */
  readonly pick?: (value: unknown) => z.ZodType | undefined;
  /** Of a union: the key whose value decides the branch, and what it may be. */
  readonly tag?: { readonly key: string; readonly ids: readonly string[] };
}

const hintsOfSchema = new WeakMap<z.ZodType, ErrorHints>();

/** Notes how messages speak of `schema`; the last thing done to a schema, since zod copies on every change. */
export function withErrorHints<S extends z.ZodType>(schema: S, words: ErrorHints): S {
  hintsOfSchema.set(schema, words);
  return schema;
}

/** How messages speak of this very schema, where something was noted. */
export const errorHintsOf = (schema: z.ZodType): ErrorHints | undefined => hintsOfSchema.get(schema);

/** How messages speak of the values that a parameter may have. */
export function parameterHints(descriptor: Descriptor): ErrorHints {
  const words = hintsByType[descriptor.type] as (descriptor: Descriptor) => ErrorHints;
  return words(descriptor);
}

type HintsByType = { readonly [T in Descriptor['type']]: (descriptor: Extract<Descriptor, { type: T }>) => ErrorHints };

const hintsByType: HintsByType = {
  number: numberHints,
  integer: numberHints,
  boolean: () => ({ expected: 'true or false' }),
  choice: ({ options }) => ({
    expected: oneOf(options),
    known: options.filter((option) => typeof option === 'string'),
  }),
  string: ({ example }) => ({ expected: `text, for example ${JSON.stringify(example)}` }),
  path: ({ example }) => ({ expected: `a path, for example ${JSON.stringify(example)}` }),
};

/** The default where it is one value; undefined where it depends on the role or the data, or there is none. */
function plainDefault<V>(value: Default<V> | undefined): V | undefined {
  return typeof value === 'object' && value !== null ? undefined : (value as V | undefined);
}

function numberHints(descriptor: NumberDescriptor): ErrorHints {
  const what = `${descriptor.type === 'integer' ? 'a whole number' : 'a number'} ${boundsText(descriptor)}`.trim();
  const others = [...(descriptor.auto ? ['"auto"'] : []), ...(descriptor.nullable ? ['null'] : [])];
  const example = descriptor.example ?? plainDefault(descriptor.default);
  const such = typeof example === 'number' ? `, for example ${example}` : '';
  return { expected: others.length > 0 ? `${what}${such}, or ${others.join(' or ')}` : what + such };
}

function boundsText({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: NumberDescriptor): string {
  const above = exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`];
  const below = exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`];
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  if (minimum !== undefined && below.length > 0) return `from ${minimum} to ${below[0]}`;
  const least = minimum === undefined ? above : [`at least ${minimum}`];
  const most = maximum === undefined ? below : [`at most ${maximum}`];
  return [...least, ...most].join(' and ');
}
