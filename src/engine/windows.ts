// The sliding windows of pooling and convolutions, as TensorFlow.js computes their padding.
import type * as tf from '@tensorflow/tfjs-core';

/** One number for each spatial axis, two or three axes. */
export interface Windows {
  /** Size of the input. */
  readonly space: readonly number[];
  /** Size of a window. */
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Number of windows. */
  readonly count: readonly number[];
  /** Padding at the start. */
  readonly before: readonly number[];
  /** Padding that the last window needs at the end; negative if it ends before the input does. */
  readonly after: readonly number[];
}

export function windowsOf(info: tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo): Windows {
  const is3D = 'inDepth' in info;
  const axes = <T>(depth: (i: tf.backend_util.Conv3DInfo) => T, height: T, width: T): T[] =>
    is3D ? [depth(info), height, width] : [height, width];
  const space = axes((i) => i.inDepth, info.inHeight, info.inWidth);
  const strides = axes((i) => i.strideDepth, info.strideHeight, info.strideWidth);
  const count = axes((i) => i.outDepth, info.outHeight, info.outWidth);
  const reach = axes((i) => i.effectiveFilterDepth, info.effectiveFilterHeight, info.effectiveFilterWidth);
  // TensorFlow.js computes negative padding along three axes if strides exceed the filter, unlike TensorFlow.
  const before = axes((i) => i.padInfo.front, info.padInfo.top, info.padInfo.left).map((pad) => Math.max(0, pad));
  return {
    space,
    size: axes((i) => i.filterDepth, info.filterHeight, info.filterWidth),
    strides,
    dilations: axes((i) => i.dilationDepth, info.dilationHeight, info.dilationWidth),
    count,
    before,
    after: count.map((n, i) => (n - 1) * strides[i] + reach[i] - space[i] - before[i]),
  };
}

/** The offset of each element of a window, the last axis fastest. */
export const windowOffsets = ({ size }: Windows): number[][] =>
  size.reduce<number[][]>((all, n) => all.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])), [[]]);

/** The number of elements of each window that are not padding: [1, ...count, 1] in row-major order. */
export function validCounts({ space, size, strides, dilations, count, before }: Windows): number[] {
  const counts = space.map((n, axis) =>
    Array.from({ length: count[axis] }, (_, i) => {
      const elements = Array.from(
        { length: size[axis] },
        (_, p) => i * strides[axis] - before[axis] + p * dilations[axis],
      );
      return elements.filter((at) => at >= 0 && at < n).length;
    }),
  );
  return counts.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
}

/** The number of elements of a window. */
export const windowSize = ({ size }: Windows): number => size.reduce((product, n) => product * n, 1);
