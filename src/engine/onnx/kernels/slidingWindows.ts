// The windows that pooling and convolutions look through, along every axis of space, and what lies under each place of
// them. Tensors are channels-last here: x [N, ...space, C], results [N, ...count, C].
import type * as tf from '@tensorflow/tfjs-core';
import { fillAll, make, pad, reshape, slice, sizeOf, transpose, type Node, type Shape } from './kernel';

/** One number for each axis of space, two axes or three. */
export interface Windows {
  /** Elements of the input. */
  readonly space: readonly number[];
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Number of windows. */
  readonly count: readonly number[];
  /** Padding at the start. */
  readonly before: readonly number[];
  /** What the last window needs at the end; negative where it ends before the input does. */
  readonly after: readonly number[];
}

type Info = tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo;

export function windowsOf(info: Info): Windows {
  const deep = 'inDepth' in info;
  const axes = <T>(depth: (i: tf.backend_util.Conv3DInfo) => T, height: T, width: T): T[] =>
    deep ? [depth(info), height, width] : [height, width];
  const space = axes((i) => i.inDepth, info.inHeight, info.inWidth);
  const strides = axes((i) => i.strideDepth, info.strideHeight, info.strideWidth);
  const count = axes((i) => i.outDepth, info.outHeight, info.outWidth);
  const reach = axes((i) => i.effectiveFilterDepth, info.effectiveFilterHeight, info.effectiveFilterWidth);
  const before = axes((i) => i.padInfo.front, info.padInfo.top, info.padInfo.left);
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

/** [N, ...space, C] to [N, C, ...space]. */
export const channelsFirst = (x: Node): Node => {
  const axes = [...x.shape.keys()];
  return transpose(x, [0, axes.length - 1, ...axes.slice(1, -1)]);
};

/** [N, C, ...space] to [N, ...space, C]. */
export const channelsLast = (x: Node): Node => {
  const axes = [...x.shape.keys()];
  return transpose(x, [0, ...axes.slice(2), 1]);
};

/** x without what no window reaches. */
export const cropped = (x: Node, { space, after }: Windows): Node =>
  slice(
    x,
    x.shape.map(() => 0),
    [x.shape[0], ...space.map((d, i) => d + Math.min(0, after[i])), x.shape.at(-1)!],
  );

/** x with its padding around, and without what no window reaches. */
export function withPadding(x: Node, w: Windows, value: number): Node {
  return pad(cropped(x, w), [0, ...w.before, 0], [0, ...w.after.map((a) => Math.max(0, a)), 0], value);
}

/** The adjoint of framing: what was padding is dropped, what no window reached is zero. */
function withoutPadding(x: Node, w: Windows): Node {
  const inside = w.space.map((d, i) => Math.min(d, x.shape[i + 1] - w.before[i]));
  const kept = slice(x, [0, ...w.before, 0], [x.shape[0], ...inside, x.shape.at(-1)!]);
  return pad(
    kept,
    x.shape.map(() => 0),
    [0, ...w.space.map((d, i) => d - inside[i]), 0],
  );
}

/** Every place of a window, as its offsets along the axes, the last axis fastest. */
export const windowOffsets = ({ size }: Windows): number[][] =>
  size.reduce<number[][]>((all, n) => all.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])), [[]]);

/**
 * For each place of a window, what lies under it: [N, ...count, C] each, of x [N, ...space, C]; `value` lies outside.
 */
export function gatherWindows(x: Node, w: Windows, value: number): Node[] {
  const image = withPadding(x, w, value);
  return windowOffsets(w).map((place) =>
    make('Slice', [image], {
      starts: [0, ...place.map((p, i) => p * w.dilations[i]), 0],
      sizes: [x.shape[0], ...w.count, x.shape.at(-1)!],
      steps: [1, ...w.strides, 1],
    }),
  );
}

/** The adjoint: adds up, at every element of the input, what its places got; `parts` are in the order of the places. */
export function scatterWindows(parts: readonly Node[], w: Windows): Node {
  let rows = [...parts];
  for (let axis = w.size.length - 1; axis >= 0; axis--) {
    const n = w.size[axis];
    const groups = Array.from({ length: rows.length / n }, (_, i) => rows.slice(i * n, (i + 1) * n));
    rows = groups.map((group) => overlapAdd(group, axis + 1, w.strides[axis], w.dilations[axis]));
  }
  return withoutPadding(rows[0], w);
}

/**
 * Element i of part p lands at i stride + p dilation. The parts whose places agree modulo the stride are shifted and
 * added, and the sums are interleaved: no zeros are stuffed in between.
 */
function overlapAdd(parts: readonly Node[], axis: number, stride: number, dilation: number): Node {
  const { shape, dtype } = parts[0];
  const length = shape[axis] + Math.floor(((parts.length - 1) * dilation) / stride);
  const phases = Array.from({ length: stride }, (_, phase): Node => {
    const shifted = parts.flatMap((part, p) =>
      (p * dilation) % stride === phase ? [moved(part, axis, Math.floor((p * dilation) / stride), length)] : [],
    );
    return shifted.length > 0
      ? shifted.reduce((a, b) => make('Add', [a, b], {}))
      : fillAll(0, shape.with(axis, length), dtype);
  });
  if (stride === 1) return phases[0];
  const columns = phases.map((x) => reshape(x, shape.with(axis, length).toSpliced(axis + 1, 0, 1)));
  return reshape(make('Concat', columns, { axis: axis + 1 }), shape.with(axis, length * stride));
}

const moved = (x: Node, axis: number, by: number, length: number): Node =>
  pad(
    x,
    x.shape.map((_, i) => (i === axis ? by : 0)),
    x.shape.map((d, i) => (i === axis ? length - d - by : 0)),
  );

/** How many elements of the input each window holds, as [1, ...count, 1]. */
export function validCounts({ space, size, strides, dilations, count, before }: Windows): number[] {
  const along = space.map((n, axis) =>
    Array.from({ length: count[axis] }, (_, i) => {
      const places = Array.from(
        { length: size[axis] },
        (_, p) => i * strides[axis] - before[axis] + p * dilations[axis],
      );
      return places.filter((at) => at >= 0 && at < n).length;
    }),
  );
  return along.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
}

export const windowSize = ({ size }: Windows): number => sizeOf(size);

/** Whether every window is one element and there are as many as elements. */
export const isIdentity = ({ space, size, count }: Windows, shape: Shape): boolean =>
  size.every((s) => s === 1) && count.every((n, i) => n === space[i]) && sizeOf(shape) > 0;
