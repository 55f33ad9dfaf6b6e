// Convolutions of every kind over channels, filters, batches, kernels, strides, paddings and dilations.
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../support/random';

/** A function of tensors of these shapes, which is also differentiated. */
export interface TensorCase {
  readonly name: string;
  readonly f: (...x: tf.Tensor[]) => tf.Tensor;
  readonly shapes: readonly number[][];
}

/** What shaders distinguish: one, odd, in twos, threes and fours. */
const channelCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 18, 21, 24, 30, 33, 64];
const filterCounts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32];
const batches = [1, 2, 3, 4, 6, 9, 10, 15, 30];
const kernels = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 5],
  [1, 3],
  [3, 1],
  [2, 4],
] as const;
const kinds = ['convolution', 'convolution', 'transposed', 'depthwise', 'in one axis', 'in three axes'] as const;

/** The cases `from` to `to` of a sequence that depends on the seed only. */
export function convolutionCases(seed: number, from: number, to: number): TensorCase[] {
  const next = uniform(seed);
  const one = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)];
  const drawn = Array.from({ length: to }, () => ({
    kind: one(kinds),
    batch: one(batches),
    channels: one(channelCounts),
    filters: one(filterCounts),
    kernel: one(kernels),
    space: [one([5, 6, 7, 8, 9]), one([5, 6, 7, 8, 9])] as const,
    strides: [one([1, 1, 2, 3]), one([1, 1, 2, 3])] as const,
    pad: one(['same', 'valid', 1] as const),
    dilation: one([1, 1, 1, 2]),
  }));
  return drawn.slice(from).map(caseOf);
}

/** Convolutions that are lowered by Winograd's algorithm, with tiles of 4 and of 2 outputs. */
export const winogradCases: readonly TensorCase[] = (
  [
    [[4, 4], 2, [16, 8]],
    [[4, 4], 2, [12, 8]],
    [[3, 3], 1, [8, 4]],
    [[3, 3], 1, [6, 8]],
  ] as const
).map(([kernel, stride, space]) => ({
  name: `kernel ${kernel[0]}, stride ${stride}, [${space}]`,
  f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 1),
  shapes: [
    [3, ...space, 32],
    [...kernel, 32, 33],
  ],
}));

interface Drawn {
  readonly kind: (typeof kinds)[number];
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly space: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid' | 1;
  readonly dilation: number;
}

function caseOf(drawn: Drawn): TensorCase {
  const { kind, batch, channels: c, filters, kernel, space, strides } = drawn;
  const strided = strides.some((s) => s > 1);
  const fits = kernel.every((k, i) => (k - 1) * 2 < space[i]);
  const dilation = strided || !fits ? 1 : drawn.dilation;
  const pad = drawn.pad === 1 && kernel.some((k) => k < 2) ? 'valid' : drawn.pad;
  const name = `${kind}: batch ${batch}, ${space.join('×')}, ${c} channels, ${filters} filters, kernel ${kernel.join('×')}, strides ${strides.join('×')}, pad ${pad}, dilation ${dilation}`;
  const [h, w] = space;
  switch (kind) {
    case 'convolution':
      return {
        name,
        shapes: [
          [batch, h, w, c],
          [...kernel, c, filters],
        ],
        f: (x, k) => tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, [...strides], pad, 'NHWC', dilation),
      };
    case 'transposed': {
      const padding = pad === 'same' ? 'same' : 'valid';
      const size = (n: number, i: number) => (padding === 'same' ? n * strides[i] : (n - 1) * strides[i] + kernel[i]);
      const shape: [number, number, number, number] = [batch, size(h, 0), size(w, 1), c];
      return {
        name,
        shapes: [
          [batch, h, w, filters],
          [...kernel, c, filters],
        ],
        f: (y, k) => tf.conv2dTranspose(y as tf.Tensor4D, k as tf.Tensor4D, shape, [...strides], padding),
      };
    }
    case 'depthwise': {
      const multiplier = (filters % 7) + 1;
      const stride = strides[0];
      return {
        name: `${name}, multiplier ${multiplier}`,
        shapes: [
          [batch, h, w, c],
          [...kernel, c, multiplier],
        ],
        f: (x, k) => tf.depthwiseConv2d(x as tf.Tensor4D, k as tf.Tensor4D, stride, pad, 'NHWC', dilation),
      };
    }
    case 'in one axis':
      return {
        name,
        shapes: [
          [batch, w, c],
          [kernel[1], c, filters],
        ],
        f: (x, k) =>
          tf.conv1d(x as tf.Tensor3D, k as tf.Tensor3D, strides[1], pad === 1 ? 'same' : pad, 'NWC', dilation),
      };
    case 'in three axes': {
      const size = [2, ...kernel.map((k) => Math.min(k, 3))];
      return {
        name,
        shapes: [
          [Math.min(batch, 3), 3, 5, 5, Math.min(c, 9)],
          [...size, Math.min(c, 9), Math.min(filters, 8)],
        ],
        f: (x, k) =>
          tf.conv3d(x as tf.Tensor5D, k as tf.Tensor5D, [1, ...strides], pad === 1 ? 'same' : pad, 'NDHWC', 1),
      };
    }
  }
}
