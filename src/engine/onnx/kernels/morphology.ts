// Morphological dilation: y = max over the elements p of a window of x_p + w_p, and its gradients.
import * as tf from '@tensorflow/tfjs-core';
import { windowOffsets, windowsOf, type Windows } from '../../windows';
import { make, reshape, scalar, slice, type Lowering, type Node, type Shape } from './kernel';
import { scatterWindows, gatherWindows } from './slidingWindows';

type Four = [number, number, number, number];
type Three = [number, number, number];

const windows = (x: Shape, filter: Shape, { strides, pad, dilations }: tf.Dilation2DAttrs): Windows =>
  windowsOf(tf.backend_util.computeDilation2DInfo(x as Four, filter as Three, strides, pad, 'NHWC', dilations));

/** x_p + w_p for every window element p, [N, ...count, C] each; the padding is -∞. */
function sums(x: Node, filter: Node, w: Windows): Node[] {
  const channels = filter.shape[2];
  return gatherWindows(x, w, -Infinity).map((value, p) => {
    const [row, column] = windowOffsets(w)[p];
    const weight = reshape(slice(filter, [row, column, 0], [1, 1, channels]), [1, 1, 1, channels]);
    return make('Add', [value, weight], {});
  });
}

const maximum = (values: readonly Node[]): Node => values.reduce((a, b) => make('Max', [a, b], {}));

export const Dilation2D: Lowering<tf.Dilation2DAttrs> = ({ x, filter }, a) =>
  maximum(sums(x, filter, windows(x.shape, filter.shape, a)));

/** dy at the first element that attains the maximum, else zero. */
function gradientParts(x: Node, filter: Node, dy: Node, w: Windows): Node[] {
  const values = sums(x, filter, w);
  const y = maximum(values);
  let taken: Node | undefined;
  return values.map((value) => {
    const equal = make('Equal', [value, y], {});
    const first = taken ? make('And', [equal, make('Not', [taken], {})], {}) : equal;
    taken = taken ? make('Or', [taken, equal], {}) : equal;
    return make('Where', [first, dy, scalar(0)], {});
  });
}

export const Dilation2DBackpropInput: Lowering<tf.Dilation2DAttrs> = ({ x, filter, dy }, a) => {
  const w = windows(x.shape, filter.shape, a);
  return scatterWindows(gradientParts(x, filter, dy, w), w);
};

export const Dilation2DBackpropFilter: Lowering<tf.Dilation2DAttrs> = ({ x, filter, dy }, a) => {
  const parts = gradientParts(x, filter, dy, windows(x.shape, filter.shape, a));
  const rows = parts.map((part) =>
    reshape(make('ReduceSum', [part], { axes: [0, 1, 2], keepDims: false }), [1, filter.shape[2]]),
  );
  return reshape(make('Concat', rows, { axis: 0 }), filter.shape);
};
