// The layers of a network: what weights each takes, in order, and what it computes from them.
import { conv2d, conv2dTranspose, imageSize, mapSize, type Padding } from './convolution';
import { add, div, elu, leakyRelu, mul, relu, sigmoid, softplus, sqrt, square, sub, swish, tanh } from './elementwise';
import { matmul } from './matmul';
import { mean, reshape } from './shape';
import { assert, sizeOf, type Shape, type Value } from './value';

/** Activations by their names in an experiment file. `slope` is leaky-relu's, 0.2 unless given. */
export type ActivationName = 'linear' | 'relu' | 'leaky-relu' | 'tanh' | 'sigmoid' | 'elu' | 'softplus' | 'swish';

interface Activated {
  /** Applied to the output; linear unless given. */
  readonly activation?: ActivationName;
  readonly slope?: number;
}

interface Convolution extends Activated {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** 'same' unless given. */
  readonly padding?: Padding;
  /** True unless given. */
  readonly bias?: boolean;
}

export type Layer =
  | ({ readonly type: 'dense'; readonly units: number; readonly bias?: boolean } & Activated)
  | ({ readonly type: 'conv' } & Convolution)
  | ({ readonly type: 'convTranspose' } & Convolution)
  | { readonly type: 'batchNorm'; readonly epsilon?: number }
  | { readonly type: 'reshape'; readonly shape: Shape }
  | { readonly type: 'flatten' }
  | { readonly type: 'activation'; readonly name: ActivationName; readonly slope?: number };

export interface WeightShape {
  readonly name: 'kernel' | 'bias' | 'gamma' | 'beta';
  readonly shape: Shape;
}

/** The mean and the (biased) variance per channel that a batch norm layer saw. */
export interface BatchStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface LayerRule<L extends Layer> {
  /** The weights for an input of this shape, without the batch axis. */
  readonly weights: (layer: L, input: Shape) => readonly WeightShape[];
  readonly apply: (layer: L, x: Value, weights: readonly Value[], seen: (of: BatchStatistics) => void) => Value;
  /** The output's shape, both without the batch axis. */
  readonly output: (layer: L, input: Shape) => Shape;
}

export const activations: { readonly [K in ActivationName]: (x: Value, slope: number) => Value } = {
  linear: (x) => x,
  relu,
  'leaky-relu': leakyRelu,
  tanh,
  sigmoid,
  elu,
  softplus: (x) => sub(mul(softplus(add(mul(x, 2), 2)), 0.5), 1), // softplus(2x + 2)/2 - 1
  swish,
};

export const layerRules: { readonly [K in Layer['type']]: LayerRule<Extract<Layer, { type: K }>> } = {
  dense: {
    weights: ({ units, bias = true }, input) => [
      { name: 'kernel', shape: [sizeOf(input), units] },
      ...(bias ? [{ name: 'bias', shape: [units] } as const] : []),
    ],
    apply: (layer, x, [kernel, bias]) => activated(layer, biased(matmul(x, kernel), bias)),
    output: ({ units }, input) => {
      assert(input.length === 1, () => `a dense layer wants a vector, not [${input}]`);
      return [units];
    },
  },
  conv: {
    weights: ({ kernel, filters, bias = true }, input) => [
      { name: 'kernel', shape: [kernel, kernel, input[2], filters] }, // HWIO
      ...(bias ? [{ name: 'bias', shape: [filters] } as const] : []),
    ],
    apply: (layer, x, [kernel, bias]) =>
      activated(layer, biased(conv2d(x, kernel, layer.stride, layer.padding ?? 'same'), bias)),
    output: ({ kernel, filters, stride, padding = 'same' }, input) => [
      ...mapSize(input, [kernel, kernel], stride, padding).size,
      filters,
    ],
  },
  convTranspose: {
    weights: ({ kernel, filters, bias = true }, input) => [
      { name: 'kernel', shape: [kernel, kernel, filters, input[2]] }, // HWOI
      ...(bias ? [{ name: 'bias', shape: [filters] } as const] : []),
    ],
    apply: (layer, x, [kernel, bias]) =>
      activated(layer, biased(conv2dTranspose(x, kernel, layer.stride, layer.padding ?? 'same'), bias)),
    output: ({ kernel, filters, stride, padding = 'same' }, input) => [
      ...imageSize(input, [kernel, kernel], stride, padding),
      filters,
    ],
  },
  batchNorm: {
    weights: (_layer, input) => [
      { name: 'gamma', shape: [input[input.length - 1]] },
      { name: 'beta', shape: [input[input.length - 1]] },
    ],
    apply: ({ epsilon = 1e-5 }, x, [gamma, beta], seen) => {
      const axes = x.shape.slice(0, -1).map((_, axis) => axis); // [B,...,C] → per channel
      const mu = mean(x, axes);
      const centred = sub(x, mu);
      const variance = mean(square(centred), axes);
      seen({ mean: mu.data, variance: variance.data });
      return add(mul(div(centred, sqrt(add(variance, epsilon))), gamma), beta); // γ(x - μ)/√(σ² + ε) + β
    },
    output: (_layer, input) => input,
  },
  reshape: {
    weights: () => [],
    apply: ({ shape }, x) => reshape(x, [x.shape[0], ...shape]),
    output: ({ shape }) => shape,
  },
  flatten: {
    weights: () => [],
    apply: (_layer, x) => reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]),
    output: (_layer, input) => [sizeOf(input)],
  },
  activation: {
    weights: () => [],
    apply: ({ name, slope = 0.2 }, x) => activations[name](x, slope),
    output: (_layer, input) => input,
  },
};

function activated({ activation = 'linear', slope = 0.2 }: Activated, x: Value): Value {
  return activations[activation](x, slope);
}

function biased(x: Value, bias: Value | undefined): Value {
  return bias ? add(x, bias) : x;
}
