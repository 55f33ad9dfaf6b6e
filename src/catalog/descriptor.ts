// The data types of catalog entries and their parameters, and the types derived from such data.

/** The two networks of a GAN. */
export type Role = 'generator' | 'critic';

/** What a sample of a data source is: a point, that is, a vector of numbers, or an image. */
export type Kind = 'points' | 'images';

/** A default: one value, or one per role or per kind of data. */
export type Default<V> = V | { readonly [R in Role]: V } | { readonly [K in Kind]: V };

interface Common {
  /** One or two sentences for a hover, starting with what the parameter is. */
  readonly text: string;
  /** Unit of the number ("points", "MiB"). */
  readonly unit?: string;
}

interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

/** A number or an integer. `nullable` allows null (the text says what null means), `auto` allows "auto". */
export interface NumberDescriptor<T extends 'number' | 'integer' = 'number' | 'integer'> extends Common, Bounds {
  readonly type: T;
  readonly default?: Default<number | null | 'auto'>;
  readonly nullable?: true;
  readonly auto?: true;
  /** For error messages, if the default is not a number. */
  readonly example?: number;
}

export interface BooleanDescriptor extends Common {
  readonly type: 'boolean';
  readonly default?: Default<boolean>;
}

/** One of several values. */
export interface ChoiceDescriptor extends Common {
  readonly type: 'choice';
  readonly options: readonly (string | number)[];
  readonly nullable?: true;
  /** A line per option, in the same order, if the text does not explain them. */
  readonly optionTexts?: readonly string[];
  readonly default?: Default<string | number | null>;
}

/** A string, or a path relative to the folder of the experiment file. */
interface TextDescriptor<T extends 'string' | 'path' = 'string' | 'path'> extends Common {
  readonly type: T;
  readonly default?: Default<string | null>;
  readonly nullable?: true;
  /** A value for error messages and completion. */
  readonly example: string;
}

/** Columns of a table by name or number, counted from 1; null for all. */
interface ColumnsDescriptor extends Common {
  readonly type: 'columns';
  readonly default: null;
  readonly example: readonly (string | number)[];
}

/** The size of images in pixels: the side of square ones, or [height, width]; `native` allows "native". */
interface SizeDescriptor extends Common {
  readonly type: 'size';
  readonly minimum: number;
  readonly maximum: number;
  readonly native?: true;
  readonly default: number | 'native';
}

/** One parameter as data. It is required if it has no `default`. */
export type Descriptor =
  | NumberDescriptor<'number'>
  | NumberDescriptor<'integer'>
  | BooleanDescriptor
  | ChoiceDescriptor
  | TextDescriptor<'string'>
  | TextDescriptor<'path'>
  | ColumnsDescriptor
  | SizeDescriptor;

export type Descriptors = Readonly<Record<string, Descriptor>>;

/** The properties that all catalog entries share. */
export interface Entry {
  readonly title: string;
  /** One or two sentences for a hover. */
  readonly text: string;
  /** In plain characters, as the paper writes it. */
  readonly formula?: string;
  /** Paper and equation, or a file of the paper's code. */
  readonly source?: string;
  readonly parameters: Descriptors;
}

/** A number that a metric yields. */
export interface MetricNumber {
  readonly label: string;
  readonly text: string;
  /** Which of two values is better; absent if neither is, as for the floor of a distance. */
  readonly better?: 'lower' | 'higher';
}

/** The quantity that the main curve of a run estimates. */
export interface Estimate {
  readonly label: string;
  /** How it is computed, and what it equals when the critic is optimal. */
  readonly text: string;
  readonly unit?: string;
  /** A value of theoretical importance, drawn as a line. */
  readonly theory?: { readonly label: string; readonly value: number };
}

/** Entries by id; the ids are used in experiment files. */
export type Table = Readonly<Record<string, Entry>>;

type Simplify<T> = { [K in keyof T]: T[K] } & {};

type Widen<D> = D extends { type: 'number' | 'integer' }
  ? number
  : D extends { type: 'boolean' }
    ? boolean
    : D extends { type: 'choice'; options: readonly (infer Option)[] }
      ? Option
      : D extends { type: 'columns' }
        ? readonly (string | number)[] | null
        : D extends { type: 'size' }
          ? number | readonly [height: number, width: number]
          : string;

/** The values that a parameter can have. */
export type ValueOf<D> =
  | Widen<D>
  | (D extends { nullable: true } ? null : never)
  | (D extends { auto: true } ? 'auto' : never)
  | (D extends { native: true } ? 'native' : never);

/** All parameters, each with a value. */
export type Values<D extends Descriptors> = { readonly [N in keyof D]: ValueOf<D[N]> };

/** Parameters as they can be written in a file: those with a default are optional. */
type WrittenValues<D extends Descriptors> = Simplify<
  { readonly [N in keyof D as D[N] extends { default: unknown } ? N : never]?: ValueOf<D[N]> } & {
    readonly [N in keyof D as D[N] extends { default: unknown } ? never : N]: ValueOf<D[N]>;
  }
>;

/**
 * An entry chosen from a table, with all its parameters: `{ kind: 'clip', c: 0.01 }` for the tag 'kind'. A union over
 * `Id`.
 */
export type Chosen<Tag extends string, T extends Table, Id extends keyof T = keyof T> = {
  [I in Id]: Simplify<{ readonly [K in Tag]: I } & Values<T[I]['parameters']>>;
}[Id];

/** The same as it can be written in a file: parameters with a default are optional. */
export type Written<Tag extends string, T extends Table, Id extends keyof T = keyof T> = {
  [I in Id]: Simplify<{ readonly [K in Tag]: I } & WrittenValues<T[I]['parameters']>>;
}[Id];
