// Operations on sliding windows in a graph. Tensors are channels-last: x [N, ...space, C], results [N, ...count, C].
import { windowOffsets, type Windows } from '../../windows';
import { fillAll, make, pad, reshape, slice, sizeOf, transpose, type Node, type Shape } from './kernel';

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

/** x without the elements that no window contains. */
export const cropped = (x: Node, { space, after }: Windows): Node =>
  slice(
    x,
    x.shape.map(() => 0),
    [x.shape[0], ...space.map((d, i) => d + Math.min(0, after[i])), x.shape.at(-1)!],
  );

/** x with padding, and without the elements that no window contains. */
export function withPadding(x: Node, w: Windows, value: number): Node {
  return pad(cropped(x, w), [0, ...w.before, 0], [0, ...w.after.map((a) => Math.max(0, a)), 0], value);
}

/** The adjoint of `withPadding`: removes the padding, and adds zeros for elements that no window contains. */
function withoutPadding(x: Node, w: Windows): Node {
  const inside = w.space.map((d, i) => Math.min(d, x.shape[i + 1] - w.before[i]));
  const kept = slice(x, [0, ...w.before, 0], [x.shape[0], ...inside, x.shape.at(-1)!]);
  return pad(
    kept,
    x.shape.map(() => 0),
    [0, ...w.space.map((d, i) => d - inside[i]), 0],
  );
}

/** For each offset in a window, that element of every window of x: [N, ...count, C] each. `value` is the padding. */
export function gatherWindows(x: Node, w: Windows, value: number): Node[] {
  const image = withPadding(x, w, value);
  return windowOffsets(w).map((offset) =>
    make('Slice', [image], {
      starts: [0, ...offset.map((p, i) => p * w.dilations[i]), 0],
      sizes: [x.shape[0], ...w.count, x.shape.at(-1)!],
      steps: [1, ...w.strides, 1],
    }),
  );
}

/** The adjoint of `gatherWindows`: adds `parts`, one per offset, to the elements of the input. */
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
 * Element i of part p lands at i stride + p dilation. The parts whose offsets agree modulo the stride are shifted and
 * added, and the sums are interleaved: no zeros are inserted in between.
 */
function overlapAdd(parts: readonly Node[], axis: number, stride: number, dilation: number): Node {
  const { shape, dtype } = parts[0];
  const length = shape[axis] + Math.floor(((parts.length - 1) * dilation) / stride);
  const phases = Array.from({ length: stride }, (_, phase): Node => {
    const terms = parts.flatMap((part, p) =>
      (p * dilation) % stride === phase ? [shifted(part, axis, Math.floor((p * dilation) / stride), length)] : [],
    );
    return terms.length > 0
      ? terms.reduce((a, b) => make('Add', [a, b], {}))
      : fillAll(0, shape.with(axis, length), dtype);
  });
  if (stride === 1) return phases[0];
  const columns = phases.map((x) => reshape(x, shape.with(axis, length).toSpliced(axis + 1, 0, 1)));
  return reshape(make('Concat', columns, { axis: axis + 1 }), shape.with(axis, length * stride));
}

const shifted = (x: Node, axis: number, by: number, length: number): Node =>
  pad(
    x,
    x.shape.map((_, i) => (i === axis ? by : 0)),
    x.shape.map((d, i) => (i === axis ? length - d - by : 0)),
  );

/** Whether there is one window of size 1 per element. */
export const isIdentity = ({ space, size, count }: Windows, shape: Shape): boolean =>
  size.every((s) => s === 1) && count.every((n, i) => n === space[i]) && sizeOf(shape) > 0;
