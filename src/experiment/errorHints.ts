// Hints for error messages about each part of the schema: what is expected, what it is called, which words are known.
import type * as z from 'zod';
import type { Default, Descriptor, NumberDescriptor } from '../catalog';
import { grouped, list } from '../shared/text';

export interface ErrorHints {
  /** Completes the sentence "... must be ...". */
  readonly expected: string;
  /** A valid value as JSON. */
  readonly example?: string;
  /** Name of an object, for "... is not a setting of ...". */
  readonly noun?: string;
  /** Valid words, for "Did you mean". */
  readonly known?: readonly string[];
  /** For a union: the branch that a value was meant for; undefined if it fits none. */
  readonly pick?: (value: unknown) => z.ZodType | undefined;
  /** For a union: the key whose value selects the branch, and its valid values. */
  readonly tag?: { readonly key: string; readonly ids: readonly string[] };
}

const hintsOfSchema = new WeakMap<z.ZodType, ErrorHints>();

/** Attaches hints to a schema. Call it last: zod copies a schema on every change, and the copy has no hints. */
export function withErrorHints<S extends z.ZodType>(schema: S, hints: ErrorHints): S {
  hintsOfSchema.set(schema, hints);
  return schema;
}

/** The hints attached to exactly this schema. */
export const errorHintsOf = (schema: z.ZodType): ErrorHints | undefined => hintsOfSchema.get(schema);

/** The hints for the values of a parameter. */
export function parameterHints(descriptor: Descriptor): ErrorHints {
  const hints = hintsByType[descriptor.type] as (descriptor: Descriptor) => ErrorHints;
  return hints(descriptor);
}

type HintsByType = { readonly [T in Descriptor['type']]: (descriptor: Extract<Descriptor, { type: T }>) => ErrorHints };

const hintsByType: HintsByType = {
  number: numberHints,
  integer: numberHints,
  boolean: () => ({ expected: 'true or false' }),
  choice: ({ options, nullable }) => ({
    expected: nullable ? `${jsonList(options)}, or null` : oneOf(options),
    known: options.filter((option) => typeof option === 'string'),
  }),
  string: ({ example, nullable }) => ({ expected: orNull('text', nullable), example: JSON.stringify(example) }),
  path: ({ example, nullable }) => ({ expected: orNull('a path', nullable), example: JSON.stringify(example) }),
  size: (descriptor) => sizeHints(descriptor),
  columns: ({ example }) => ({
    expected: 'a list of column names, or of column numbers from 1, or null',
    example: JSON.stringify(example),
  }),
};

const orNull = (what: string, nullable?: true): string => (nullable ? `${what}, or null` : what);

/** `"native"`, a whole number, or two. */
const sizeHints = ({ minimum, maximum, native }: Extract<Descriptor, { type: 'size' }>): ErrorHints => ({
  expected: `${native ? '"native", ' : ''}a whole number from ${bound(minimum)} to ${bound(maximum)}, or [height, width]`,
});

/** The default if it is one value; undefined if it depends on the role or the data, or there is none. */
function plainDefault<V>(value: Default<V> | undefined): V | undefined {
  return typeof value === 'object' && value !== null ? undefined : (value as V | undefined);
}

function numberHints(descriptor: NumberDescriptor): ErrorHints {
  const what = `${descriptor.type === 'integer' ? 'a whole number' : 'a number'} ${boundsText(descriptor)}`.trim();
  const others = [...(descriptor.auto ? ['"auto"'] : []), ...(descriptor.nullable ? ['null'] : [])];
  const example = descriptor.example ?? plainDefault(descriptor.default);
  return {
    expected: others.length > 0 ? `${what}, or ${others.join(' or ')}` : what,
    ...(typeof example === 'number' ? { example: String(example) } : {}),
  };
}

/** A bound in a message: 100,000,000, but 1e+30. */
const bound = (value: number): string => (Number.isSafeInteger(value) ? grouped(value) : String(value));

function boundsText({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: NumberDescriptor): string {
  const above = exclusiveMinimum === undefined ? [] : [`above ${bound(exclusiveMinimum)}`];
  const below = exclusiveMaximum === undefined ? [] : [`below ${bound(exclusiveMaximum)}`];
  if (minimum !== undefined && maximum !== undefined) return `from ${bound(minimum)} to ${bound(maximum)}`;
  if (minimum !== undefined && below.length > 0) return `from ${bound(minimum)} to ${below[0]}`;
  const least = minimum === undefined ? above : [`at least ${bound(minimum)}`];
  const most = maximum === undefined ? below : [`at most ${bound(maximum)}`];
  return [...least, ...most].join(' and ');
}

/** `"a", "b" or "c"`: values as JSON. */
export const oneOf = (values: readonly unknown[]): string =>
  list(
    values.map((value) => JSON.stringify(value)),
    'or',
  );

/** `"a", "b", "c"`: values as JSON. */
export const jsonList = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');
