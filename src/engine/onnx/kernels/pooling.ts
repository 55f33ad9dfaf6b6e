// Pooling kernels in 2D and 3D, and their gradients.
import * as tf from '@tensorflow/tfjs-core';
import { windowOffsets, validCounts, windowsOf, windowSize, type Windows } from '../../windows';
import { cast, constant, fillAll, float, make, scalar, type Lowering, type Node } from './kernel';
import { channelsFirst, channelsLast, cropped, withPadding, scatterWindows } from './slidingWindows';
import { isIdentity, gatherWindows } from './slidingWindows';

type Pool2D = tf.MaxPoolAttrs;
type Pool3D = tf.MaxPool3DAttrs;
type Four = [number, number, number, number];
type Five = [number, number, number, number, number];

const windows2D = (x: Node, a: Omit<Pool2D, 'dataFormat'>): Windows =>
  windowsOf(tf.backend_util.computePool2DInfo(x.shape as Four, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode));

const windows3D = (x: Node, a: Omit<Pool3D, 'dataFormat'>): Windows =>
  windowsOf(tf.backend_util.computePool3DInfo(x.shape as Five, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode));

/** ONNX Runtime requires padding to be smaller than the window. */
const withinWindow = ({ size, before, after }: Windows): boolean => size.every((s, i) => before[i] < s && after[i] < s);

const paddings = ({ before, after }: Windows): number[] => [...before, ...after.map((a) => Math.max(0, a))];
const none = ({ size }: Windows): number[] => [...size, ...size].map(() => 0);

/** The maximum of each window. */
function maximum(x: Node, w: Windows): Node {
  if (isIdentity(w, x.shape)) return x;
  const { size: kernel, strides } = w;
  const inside = withinWindow(w);
  const image = channelsFirst(inside ? cropped(float(x), w) : withPadding(float(x), w, -Infinity)); // [N,C,...space]
  const y = make('MaxPool', [image], { kernel, strides, pads: inside ? paddings(w) : none(w) });
  return cast(channelsLast(y), x.dtype);
}

/** The mean of the elements of each window, without padding. */
function average(x: Node, w: Windows): Node {
  if (isIdentity(w, x.shape)) return float(x);
  const { size: kernel, strides } = w;
  if (withinWindow(w)) {
    const image = channelsFirst(cropped(float(x), w));
    return channelsLast(make('AveragePool', [image], { kernel, strides, pads: paddings(w) }));
  }
  const image = channelsFirst(withPadding(float(x), w, 0));
  const y = channelsLast(make('AveragePool', [image], { kernel, strides, pads: none(w) }));
  const scales = validCounts(w).map((n) => (n > 0 ? windowSize(w) / n : 0));
  return make('Mul', [y, constant(Float32Array.from(scales), [1, ...w.count, 1], 'float32')], {});
}

/** dy / k at every element of a window of size k; as in TensorFlow.js, also at the edges. */
function averageGradient(dy: Node, w: Windows): Node {
  const share = make('Mul', [dy, scalar(1 / windowSize(w))], {});
  return scatterWindows(
    windowOffsets(w).map(() => share),
    w,
  );
}

/** For each offset, whether it is the first with the maximum y of the window. */
function firstMaxima(x: Node, y: Node, w: Windows): Node[] {
  let taken: Node | undefined;
  return gatherWindows(x, w, -Infinity).map((value) => {
    const equal = make('Equal', [value, y], {});
    const first = taken ? make('And', [equal, make('Not', [taken], {})], {}) : equal;
    taken = taken ? make('Or', [taken, equal], {}) : equal;
    return first;
  });
}

/** dy at the first maximum of each window. */
function maximumGradient(dy: Node, x: Node, y: Node, w: Windows): Node {
  const parts = firstMaxima(float(x), float(y), w).map((first) => make('Where', [first, dy, scalar(0)], {}));
  return scatterWindows(parts, w);
}

export const MaxPool: Lowering<Pool2D> = ({ x }, a) => maximum(x, windows2D(x, a));
export const AvgPool: Lowering<Pool2D> = ({ x }, a) => average(x, windows2D(x, a));
export const AvgPoolGrad: Lowering<Pool2D> = ({ dy, input }, a) => averageGradient(dy, windows2D(input, a));
export const MaxPoolGrad: Lowering<Pool2D> = ({ dy, input }, a) => {
  const w = windows2D(input, a);
  return maximumGradient(dy, input, maximum(input, w), w);
};

/** Runs `pool` in channels-last layout. */
function inChannelsLast(x: Node, dataFormat: 'NDHWC' | 'NCDHW' | undefined, pool: (x: Node) => Node): Node {
  return dataFormat === 'NCDHW' ? channelsFirst(pool(channelsLast(x))) : pool(x);
}

export const MaxPool3D: Lowering<Pool3D> = ({ x }, a) =>
  inChannelsLast(x, a.dataFormat, (x) => maximum(x, windows3D(x, a)));
export const AvgPool3D: Lowering<Pool3D> = ({ x }, a) =>
  inChannelsLast(x, a.dataFormat, (x) => average(x, windows3D(x, a)));
export const AvgPool3DGrad: Lowering<Pool3D> = ({ dy, input }, a) => averageGradient(dy, windows3D(input, a));
export const MaxPool3DGrad: Lowering<Pool3D> = ({ dy, input }, a) => {
  const w = windows3D(input, a);
  return maximumGradient(dy, input, maximum(input, w), w);
};

/** The maxima and their indices in the flat image, or in the flat batch. */
export const MaxPoolWithArgmax: Lowering<tf.MaxPoolWithArgmaxAttrs> = ({ x }, a) => {
  const w = windows2D(x, { ...a, pad: a.pad });
  const y = maximum(x, w);
  const [batch, height, width, channels] = x.shape;
  const found = firstMaxima(x, y, w).reduce<Node>(
    (index, first, p) => {
      const [row, column] = windowOffsets(w)[p];
      const at = Int32Array.from({ length: batch * w.count[0] * w.count[1] * channels }, (_, i) => {
        const [c, j] = [i % channels, Math.floor(i / channels) % w.count[1]];
        const k = Math.floor(i / channels / w.count[1]);
        const [n, ii] = [Math.floor(k / w.count[0]), k % w.count[0]];
        const y = ii * w.strides[0] - w.before[0] + row;
        const x = j * w.strides[1] - w.before[1] + column;
        return ((a.includeBatchInIndex ? n * height : 0) + y) * width * channels + x * channels + c;
      });
      return make('Where', [first, constant(at, y.shape, 'int32'), index], {});
    },
    fillAll(0, y.shape, 'int32'),
  );
  return [y, found];
};
