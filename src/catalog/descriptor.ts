// What a catalog entry and its parameters look like as data, and the types that follow from such data.

/** The two players of a GAN. */
export type Role = 'generator' | 'critic';

/** What one sample of a data source is: a point of the plane, or an image. */
export type Kind = 'points' | 'images';

/** A default: one value, or one for each role or each kind of data where they differ. */
export type Default<V> = V | { readonly [R in Role]: V } | { readonly [K in Kind]: V };

interface Common {
  /** One or two sentences for a hover, starting with what it is. */
  readonly text: string;
  /** What the number counts or measures ("points", "MiB"). */
  readonly unit?: string;
}

interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

/** A number or a whole number. `nullable` allows null (the text says what null means), `auto` the word "auto". */
export interface NumberDescriptor<T extends 'number' | 'integer' = 'number' | 'integer'> extends Common, Bounds {
  readonly type: T;
  readonly default?: Default<number | null | 'auto'>;
  readonly nullable?: true;
  readonly auto?: true;
  /** For error messages, where the default is no number. */
  readonly example?: number;
}

export interface BooleanDescriptor extends Common {
  readonly type: 'boolean';
  readonly default?: Default<boolean>;
}

/** One of a few values. */
export interface ChoiceDescriptor extends Common {
  readonly type: 'choice';
  readonly options: readonly (string | number)[];
  /** A line for each option, in their order, where the text does not say what they are. */
  readonly optionTexts?: readonly string[];
  readonly default?: Default<string | number>;
}

/** Text, or a path relative to the folder of the experiment file. */
export interface TextDescriptor<T extends 'string' | 'path' = 'string' | 'path'> extends Common {
  readonly type: T;
  readonly default?: Default<string>;
  /** A value for error messages and completion. */
  readonly example: string;
}

/** One parameter as data. Without `default` it must be given. */
export type Descriptor =
  | NumberDescriptor<'number'>
  | NumberDescriptor<'integer'>
  | BooleanDescriptor
  | ChoiceDescriptor
  | TextDescriptor<'string'>
  | TextDescriptor<'path'>;

export type Descriptors = Readonly<Record<string, Descriptor>>;

/** What every entry of the catalog says about itself. */
export interface Entry {
  readonly title: string;
  /** One or two sentences for a hover. */
  readonly text: string;
  /** In plain characters, as the paper writes it. */
  readonly formula?: string;
  /** Paper and equation, or the authors' file. */
  readonly source?: string;
  readonly parameters: Descriptors;
}

/** What the curve of a run estimates. */
export interface Estimate {
  readonly label: string;
  /** How it is computed, and what it is when the critic is at its best. */
  readonly text: string;
  readonly unit?: string;
  /** A value that theory singles out on its axis. */
  readonly theory?: { readonly label: string; readonly value: number };
}

/** A table of entries by id; the ids are what an experiment file names. */
export type Table = Readonly<Record<string, Entry>>;

type Simplify<T> = { [K in keyof T]: T[K] } & {};

type Widen<D> = D extends { type: 'number' | 'integer' }
  ? number
  : D extends { type: 'boolean' }
    ? boolean
    : D extends { type: 'choice'; options: readonly (infer Option)[] }
      ? Option
      : string;

/** The values a parameter may have. */
export type ValueOf<D> =
  | Widen<D>
  | (D extends { nullable: true } ? null : never)
  | (D extends { auto: true } ? 'auto' : never);

/** All parameters, each with a value. */
export type Values<D extends Descriptors> = { readonly [N in keyof D]: ValueOf<D[N]> };

/** Parameters as they may be written: those with a default may be left out. */
export type WrittenValues<D extends Descriptors> = Simplify<
  { readonly [N in keyof D as D[N] extends { default: unknown } ? N : never]?: ValueOf<D[N]> } & {
    readonly [N in keyof D as D[N] extends { default: unknown } ? never : N]: ValueOf<D[N]>;
  }
>;

/** A choice from a table with all its parameters: `{ kind: 'clip', c: 0.01 }` for the tag 'kind'. A union over `Id`. */
export type Chosen<Tag extends string, T extends Table, Id extends keyof T = keyof T> = {
  [I in Id]: Simplify<{ readonly [K in Tag]: I } & Values<T[I]['parameters']>>;
}[Id];

/** The same as it may be written, parameters with a default left out. */
export type Written<Tag extends string, T extends Table, Id extends keyof T = keyof T> = {
  [I in Id]: Simplify<{ readonly [K in Tag]: I } & WrittenValues<T[I]['parameters']>>;
}[Id];
