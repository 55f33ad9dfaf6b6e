// The layers of a network: their weights, in order, and their outputs.
import { conv2d, conv2dTranspose, imageSize, mapSize, type Padding } from './convolution';
import { add, elu, leakyRelu, mul, relu, sigmoid, softplus, sub, swish, tanh } from './elementwise';
import { matmul } from './matmul';
import { mean, reshape } from './shape';
import { doubled, halved, normalized } from './pixels';
import { assert, constant, sameShape, sizeOf, type Shape, type Value } from './value';

/** Activations by their ids in experiment files. `slope` is that of leaky-relu, default 0.2. */
export type ActivationName = 'linear' | 'relu' | 'leaky-relu' | 'tanh' | 'sigmoid' | 'elu' | 'smooth-elu' | 'swish';

interface Activated {
  /** Applied to the output; default: linear. */
  readonly activation?: ActivationName;
  readonly slope?: number;
}

interface Convolution extends Activated {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** Default: 'same'. */
  readonly padding?: Padding;
  /** Default: true. */
  readonly bias?: boolean;
}

export type Layer =
  | ({ readonly type: 'dense'; readonly units: number; readonly bias?: boolean } & Activated)
  | ({ readonly type: 'conv' } & Convolution)
  | ({ readonly type: 'convTranspose' } & Convolution)
  | { readonly type: 'batchNorm' | 'layerNorm' | 'instanceNorm'; readonly epsilon?: number }
  | { readonly type: 'meanPool' | 'double' | 'meanOverPixels' }
  | { readonly type: 'shift' }
  | { readonly type: 'residual'; readonly shortcut: readonly Layer[]; readonly body: readonly Layer[] }
  | { readonly type: 'reshape'; readonly shape: Shape }
  | { readonly type: 'flatten' }
  | { readonly type: 'activation'; readonly name: ActivationName; readonly slope?: number };

export interface WeightShape {
  readonly name: 'kernel' | 'bias' | 'gamma' | 'beta' | 'theta';
  readonly shape: Shape;
}

/** The mean and the (biased) variance per channel of a batch norm layer's input. */
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
  'smooth-elu': (x) => sub(mul(softplus(add(mul(x, 2), 2)), 0.5), 1), // softplus(2x + 2)/2 - 1
  swish,
};

const layerRules: { readonly [K in Layer['type']]: LayerRule<Extract<Layer, { type: K }>> } = {
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
  // Over the batch and the pixels of a channel, over all of a sample, over the pixels of a channel of a sample.
  batchNorm: norm((rank) => range(0, rank - 1)),
  layerNorm: norm((rank) => range(1, rank)),
  instanceNorm: norm((rank) => range(1, rank - 1)),
  meanPool: plain(halved, ([height, width, channels]) => [height / 2, width / 2, channels]),
  double: plain(doubled, ([height, width, channels]) => [2 * height, 2 * width, channels]),
  meanOverPixels: plain(
    (x) => mean(x, [1, 2]),
    ([, , channels]) => [channels],
  ),
  shift: {
    weights: () => [{ name: 'theta', shape: [1] }],
    apply: (_layer, z, [theta]) => atTheta(theta, z), // (θ, z)
    output: (_layer, [length]) => [length + 1],
  },
  residual: {
    weights: ({ shortcut, body }, input) =>
      [...leaves(body, input), ...leaves(shortcut, input)].flatMap(({ weights }) => weights),
    apply: ({ shortcut, body }, x, weights, seen) => {
      const count = leaves(body, x.shape.slice(1)).flatMap(({ weights }) => weights).length;
      const inner = through(body, x, weights.slice(0, count), seen);
      return add(through(shortcut, x, weights.slice(count), seen), inner); // S(x) + F(x)
    },
    output: ({ body }, input) => outputOf(body, input),
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

/** Applies a sequence of layers, which take their weights in order. */
export function through(
  layers: readonly Layer[],
  x: Value,
  weights: readonly Value[],
  seen: (of: BatchStatistics) => void,
): Value {
  let next = 0;
  let y = x;
  for (const layer of layers) {
    const shapes = rule(layer).weights(layer, y.shape.slice(1));
    const own = weights.slice(next, (next += shapes.length));
    shapes.forEach(({ name, shape }, i) =>
      assert(own[i] !== undefined && sameShape(own[i].shape, shape), () => {
        return `${layer.type} wants ${name} [${shape}], got [${own[i]?.shape}]`;
      }),
    );
    y = rule(layer).apply(layer, y, own, seen);
  }
  assert(next === weights.length, () => `${weights.length} weights for ${next} places`);
  return y;
}

/** The output shape of a sequence of layers, without the batch axis. */
export const outputOf = (layers: readonly Layer[], input: Shape): Shape =>
  layers.reduce((shape, layer) => rule(layer).output(layer, shape), input);

/** The layers with weights, residual ones expanded: the body first, then the shortcut. */
export function leaves(layers: readonly Layer[], input: Shape): { weights: readonly WeightShape[] }[] {
  let shape = input;
  return layers.flatMap((layer) => {
    const found =
      layer.type === 'residual'
        ? [...leaves(layer.body, shape), ...leaves(layer.shortcut, shape)]
        : [{ weights: rule(layer).weights(layer, shape) }];
    shape = rule(layer).output(layer, shape);
    return found;
  });
}

interface Rule {
  readonly weights: (layer: Layer, input: Shape) => readonly WeightShape[];
  readonly apply: (layer: Layer, x: Value, weights: readonly Value[], seen: (of: BatchStatistics) => void) => Value;
  readonly output: (layer: Layer, input: Shape) => Shape;
}

/** The table covers all layers; TypeScript cannot see that a layer meets its own rule. */
const rule = (layer: Layer): Rule => layerRules[layer.type] as Rule;

type Norm = Extract<Layer, { type: 'batchNorm' | 'layerNorm' | 'instanceNorm' }>;

/** A normalization over these axes of [B,...,C], with γ and β per channel. */
function norm(axes: (rank: number) => number[]): LayerRule<Norm> {
  return {
    weights: (_layer, input) => [
      { name: 'gamma', shape: [input[input.length - 1]] },
      { name: 'beta', shape: [input[input.length - 1]] },
    ],
    apply: ({ type, epsilon = 1e-5 }, x, [gamma, beta], seen) => {
      const { y, mu, variance } = normalized(x, axes(x.shape.length), epsilon);
      if (type === 'batchNorm') seen({ mean: mu.data, variance: variance.data });
      return add(mul(y, gamma), beta); // γ(x - μ)/√(σ² + ε) + β
    },
    output: (_layer, input) => input,
  };
}

/** A layer without weights. */
function plain(f: (x: Value) => Value, output: (input: Shape) => Shape) {
  return {
    weights: () => [],
    apply: (_layer: Layer, x: Value) => f(x),
    output: (_layer: Layer, input: Shape) => output(input),
  };
}

/** z [B,n] → (θ, z) [B,n+1], as the products with two constant matrices. */
function atTheta(theta: Value, z: Value): Value {
  const [batch, n] = z.shape;
  const moved = Float64Array.from({ length: n * (n + 1) }, (_, i) =>
    i % (n + 1) === Math.floor(i / (n + 1)) + 1 ? 1 : 0,
  );
  const line = Float64Array.from({ length: batch * (n + 1) }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return add(mul(constant(line, [batch, n + 1]), theta), matmul(z, constant(moved, [n, n + 1])));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function activated({ activation = 'linear', slope = 0.2 }: Activated, x: Value): Value {
  return activations[activation](x, slope);
}

function biased(x: Value, bias: Value | undefined): Value {
  return bias ? add(x, bias) : x;
}
