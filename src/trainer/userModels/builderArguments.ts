// What the function that builds a model is called with: one object, or values that its parameters ask for by name.
import type { Role } from '../../catalog';
import { list } from '../../shared/text';
import { sizeOfShape } from '../../shared/shape';
import type { NetworkSpec } from '../../gan/network';
import { parametersOf, type Parameter } from './builderParameters';

/** The argument of a function that takes one object. */
export interface ModelContext {
  readonly role: Role;
  /** Shape of one input sample: [latent] for a generator, that of the data for a critic. */
  readonly inputShape: readonly number[];
  /** Shape of one output sample: that of the data for a generator, [1] for a critic. */
  readonly outputShape: readonly number[];
}

export type BuilderArguments =
  | { readonly values: readonly unknown[]; readonly call: string }
  /** Why it cannot be called, in full sentences. */
  | { readonly refusal: string };

export const labelsUnsupported =
  'Labels are not supported yet: Earthmover trains a generator of latent vectors alone, and a critic with one score.';

const objectForm = 'one object { role, inputShape, outputShape }';

/** The arguments for a function called `name`, and how they would be written. */
export function argumentsFor(f: (...args: never[]) => unknown, name: string, spec: NetworkSpec): BuilderArguments {
  const context: ModelContext = { role: spec.role, inputShape: [...spec.input], outputShape: [...spec.output] };
  const withObject = (more: object = {}): BuilderArguments => ({
    values: [{ ...context, ...more }],
    call: `It was called with one object: ${JSON.stringify(context)}.`,
  });
  const parameters = parametersOf(f);
  if (parameters?.length === 0) return { values: [context], call: '' };
  if (parameters === undefined) return withObject();
  const [first, ...others] = parameters;
  if (first.kind === 'object') {
    const found = first.keys.map((key) => [key, valueFor(key, spec)] as const);
    return withObject(Object.fromEntries(found.filter(([key, value]) => value !== undefined && !(key in context))));
  }
  const named = parameters.map((parameter) => ({ parameter, value: valueOf(parameter, spec) }));
  const wanted = named.filter(({ parameter, value }) => !parameter.optional || value !== undefined);
  if (wanted.every(({ value }) => value === undefined)) {
    // No parameter has a name that is known: the first one is the object.
    if (others.every(({ optional }) => optional)) return withObject();
  } else if (wanted.every(({ value }) => value !== undefined)) {
    const values = named.slice(0, named.indexOf(wanted[wanted.length - 1]) + 1).map(({ value }) => value);
    const shown = values.map((value) => JSON.stringify(value) ?? 'undefined').join(', ');
    return { values, call: `It was called as ${name}(${shown}), by the names of its parameters.` };
  }
  const unknown = wanted.filter(({ value }) => value === undefined).map(({ parameter }) => textOf(parameter));
  if (unknown.some((parameter) => labels.test(parameter)))
    return { refusal: `"${name}" takes ${list(unknown)}. ${labelsUnsupported} Remove the labels from the model.` };
  const message =
    `"${name}" cannot be called: ${list(unknown)} ${unknown.length === 1 ? 'is not a name' : 'are not names'} with a known value for this ${spec.role}. ` +
    `It is called with ${objectForm}, or by parameter names such as ${examples[spec.role]}. ` +
    `Take the object, or give ${list(unknown)} a default value.`;
  return { refusal: message };
}

const examples: { readonly [R in Role]: string } = {
  generator: 'latentDim, imageShape, imageSize and channels',
  critic: 'inputShape, imageShape, imageSize and channels',
};

const textOf = (parameter: Parameter): string => (parameter.kind === 'name' ? `"${parameter.name}"` : 'a pattern');

const valueOf = (parameter: Parameter, spec: NetworkSpec): unknown =>
  parameter.kind === 'name' ? valueFor(parameter.name, spec) : undefined;

const labels = /class|label/i;

/**
 * The value of a parameter or property of this name; undefined if there is none. A bundler may have appended a number.
 */
function valueFor(name: string, { role, input, output }: NetworkSpec): unknown {
  const key = name.replace(/[_$]|\d+$/g, '').toLowerCase();
  const sample = role === 'generator' ? output : input;
  const image = sample.length === 3 ? sample : undefined;
  const meaning = Object.entries(names).find(([, words]) => words.test(key))?.[0];
  const values: { readonly [M in keyof typeof names]: unknown } = {
    role,
    latent: role === 'generator' ? input[0] : undefined,
    input: sizeOfShape(input),
    output: sizeOfShape(output),
    inputShape: [...input],
    outputShape: [...output],
    sampleShape: [...sample],
    sampleSize: sizeOfShape(sample),
    side: image && image[0] === image[1] ? image[0] : undefined,
    height: image?.[0],
    width: image?.[1],
    channels: sample.at(-1),
  };
  return meaning === undefined ? undefined : values[meaning as keyof typeof names];
}

/** Names that published code has, in lower case and without underscores. */
const names = {
  role: /^role$/,
  latent: /^(latent|z|noise|random|codings?|seed)(dims?|dimensions?|size|length|len|units)$|^(nz|latent|noise)$/,
  input: /^(n|num)?input(dims?|dimensions?|size|units|features)$|^(n|num)inputs?$|^in(dims?|size|features)$|^nin$/,
  output: /^(n|num)?output(dims?|dimensions?|size|units|features)$|^(n|num)outputs?$|^out(dims?|size|features)$|^nout$/,
  inputShape: /^in(put)?shape$/,
  outputShape: /^(out(put)?|target)shape$/,
  sampleShape: /^(image|img|im|data|sample|real|picture|x)?shape$/,
  sampleSize: /^(data|sample|point)(dims?|dimensions?|size)$|^(n|num)?features$/,
  side: /^(image|img|im)(size|dim|resolution|side|res)$|^(resolution|size)$/,
  height: /^(image|img|im)?(height|h|rows)$/,
  width: /^(image|img|im)(width|w|cols|columns)$|^(cols|columns)$/,
  channels: /^(n|num|image|img|im|in|out|input|output|color)?(channels?|colors|chan)$|^nc$/,
} as const;
