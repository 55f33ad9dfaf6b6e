// Infers the input shape, the output shape and the role of a model from its text.
import type { Role } from '../../catalog';
import { type FoundModel, modelName } from './foundModel';
import type { Layer } from './layers';

/** Without the batch dimension. Undefined if unknown. */
export type Shape = readonly number[] | undefined;

/** The input shape that the text fixes; undefined if it depends on the caller's `inputShape`. */
export function inputShape({ layers }: FoundModel): Shape {
  const layer = layers.find(({ options }) => 'inputShape' in options || 'shape' in options);
  const shape = layer?.options.inputShape ?? layer?.options.shape;
  return Array.isArray(shape) ? shape : undefined;
}

/** The output shape, propagated through the layers as long as their options are literals. */
export function outputShape(model: FoundModel): Shape {
  if (!model.repeats) return model.layers.reduce<Shape>(through, inputShape(model));
  // The number of layers added in a loop is unknown; a last layer with a fixed output shape is enough.
  const last = model.layers.at(-1);
  return last && ['dense', 'reshape'].includes(last.name) ? through(undefined, last) : undefined;
}

/** The role that the name or the text implies; undefined if it can be either. */
export function evidentRole(model: FoundModel): Role | undefined {
  const words = modelName(model)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  if (/\b(critic|discriminator|disc)/.test(words)) return 'critic';
  if (/\b(generator|gen|decoder)\b/.test(words) || words.startsWith('generator')) return 'generator';
  const [input, output] = [inputShape(model), outputShape(model)];
  if (model.layers.some(({ name }) => name === 'conv2dTranspose' || name === 'upSampling2d')) return 'generator';
  if (output !== undefined && output.length === 1 && output[0] === 1) return 'critic';
  if (output !== undefined && output.length === 3) return 'generator';
  return input !== undefined && input.length === 3 ? 'critic' : undefined;
}

/** Whether it works on images: it has convolutions, or image shapes. */
export const isConvolutional = ({ layers }: FoundModel): boolean =>
  layers.some(
    ({ name, options }) =>
      /^(separable)?conv2d|^upSampling2d|Pooling2d$/i.test(name) || listOf(options.targetShape)?.length === 3,
  );

function through(shape: Shape, { name, options }: Layer): Shape {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  return rule ? rule(shape, options) : undefined;
}

type Rule = (shape: Shape, options: Layer['options']) => Shape;

const same: Rule = (shape) => shape;

const rules: Readonly<Record<string, Rule>> = {
  dense: (shape, { units }) => {
    if (typeof units !== 'number') return undefined;
    return shape && shape.length > 1 ? [...shape.slice(0, -1), units] : [units];
  },
  reshape: (_, { targetShape }) => listOf(targetShape),
  flatten: (shape) => shape && [shape.reduce((product, side) => product * side, 1)],
  conv2dTranspose: (shape, options) => scaled(shape, options, (side, stride) => side * stride),
  conv2d: (shape, options) => scaled(shape, options, (side, stride) => Math.ceil(side / stride)),
  upSampling2d: (shape, { size }) => {
    if (typeof size === 'string') return undefined;
    const [rows, columns] = pair(size ?? 2);
    return shape?.length === 3 ? [shape[0] * rows, shape[1] * columns, shape[2]] : undefined;
  },
  input: (shape, options) => listOf(options.shape) ?? shape,
  inputLayer: (shape, options) => listOf(options.inputShape) ?? shape,
  activation: same,
  leakyReLU: same,
  reLU: same,
  elu: same,
  prelu: same,
  batchNormalization: same,
  layerNormalization: same,
  dropout: same,
  gaussianNoise: same,
};

/** Output sides by stride for padding 'same', the usual one in GANs; other paddings give an unknown shape. */
function scaled(shape: Shape, options: Layer['options'], side: (side: number, stride: number) => number): Shape {
  const { filters, strides = 'strides' in options ? undefined : 1, padding } = options;
  const known = shape?.length === 3 && typeof filters === 'number' && padding === 'same' && strides !== undefined;
  if (!known || typeof strides === 'string') return undefined;
  const [rows, columns] = pair(strides);
  return [side(shape[0], rows), side(shape[1], columns), filters];
}

const pair = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value, value] : value;
const listOf = (value: Layer['options'][string]): Shape => (Array.isArray(value) ? value : undefined);
