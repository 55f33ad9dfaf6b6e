// Gradients of pooling and of its gradient kernels, in 2D and 3D.
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../errors';
import type { KernelName } from '../tfjsInternals';
import { windowOffsets, windowsOf, type Windows } from '../windows';
import { rulesOf, run, zeros, type Attributes, type Rule, type Rules } from './rule';

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

/**
 * The mean over the elements of a window, without padding. Backends disagree on the gradient of windows that overlap
 * the edge (TensorFlow.js divides by the full window size k). It is computed as the gradient of a pooling of the padded
 * image, with dy k/n, where n is the number of elements inside of the image.
 */
const averagePool = (forward: KernelName, gradient: KernelName): Rules =>
  rulesOf([
    [
      forward,
      {
        savedInputs: ['x'],
        vjp: (dy, { x }, a) => ({
          x: () => {
            const w = poolWindows(x, a);
            const after = paddingAfter(w);
            const shape = [x.shape[0], ...w.space.map((d, i) => w.before[i] + d + after[i]), x.shape.at(-1)!];
            const dx = run(gradient, { dy: tf.mul(dy, scales(w)), input: tf.zeros(shape) }, withoutPadding(w, a));
            return tf.slice(dx, [0, ...w.before, 0], x.shape);
          },
        }),
      },
    ],
    [
      gradient,
      {
        savedInputs: ['input'],
        vjp: (ddx, { input }, a) => ({
          dy: () => {
            if (a.pad !== 'valid')
              throw new ModelError(`${gradient} with padding "${String(a.pad)}" cannot be differentiated.`);
            return run(forward, { x: ddx }, a);
          },
          input: zeros(input),
        }),
      },
    ],
  ]);

/** dx is dy at the maximum of each window, so the adjoint reads the cotangent there. */
const maximumPoolGradient: Rule = {
  savedInputs: ['input', 'output', 'dy'],
  vjp: (ddx, { input, output }, a) => ({
    dy: () => {
      const w = poolWindows(input, a);
      const [values, cotangents] = [elements(input, w, -Infinity), elements(ddx, w, 0)];
      let found = tf.zerosLike(tf.equal(output, output));
      let sum: tf.Tensor = tf.zerosLike(output);
      // Of several equal maxima, the forward kernel takes the first.
      values.forEach((value, i) => {
        const isFirst = tf.logicalAnd(tf.equal(value, output), tf.logicalNot(found));
        sum = tf.add(sum, tf.where(isFirst, cotangents[i], tf.zerosLike(output)));
        found = tf.logicalOr(found, isFirst);
      });
      return sum;
    },
    input: zeros(input),
    output: zeros(output),
  }),
};

export const pooling: Rules = {
  ...averagePool('AvgPool', 'AvgPoolGrad'),
  ...averagePool('AvgPool3D', 'AvgPool3DGrad'),
  MaxPoolGrad: maximumPoolGradient,
  MaxPool3DGrad: maximumPoolGradient,
};

/** The attributes of a pooling with the same windows without padding. */
const withoutPadding = (w: Windows, a: Attributes): object => ({
  ...a,
  filterSize: w.size,
  strides: w.strides,
  pad: 'valid',
  dimRoundingMode: undefined,
});

function poolWindows({ shape }: tf.Tensor, attributes: Attributes): Windows {
  const a = attributes as unknown as tf.AvgPool3DAttrs;
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  if (shape.length === 4)
    return windowsOf(
      computePool2DInfo(shape as Shape4D, a.filterSize as number, a.strides as number, 1, a.pad, a.dimRoundingMode),
    );
  if (a.dataFormat === 'NCDHW') throw new ModelError('3D pooling is differentiable only with channelsLast.');
  return windowsOf(computePool3DInfo(shape as Shape5D, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode));
}

/** The padding at the end, not negative. */
const paddingAfter = ({ after }: Windows): number[] => after.map((n) => Math.max(0, n));

/** k/n for every window, [1, ...count, 1]. */
function scales({ space, size, strides, count, before }: Windows): tf.Tensor {
  const ratios = count.map((n, axis) =>
    Array.from({ length: n }, (_, i) => {
      const start = i * strides[axis] - before[axis];
      return size[axis] / (Math.min(start + size[axis], space[axis]) - Math.max(start, 0));
    }),
  );
  const values = ratios.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
  return tf.tensor(values, [1, ...count, 1]);
}

/** For each offset in a window, that element of every window: [batch, ...count, channels]. */
function elements(x: tf.Tensor, w: Windows, edge: number): tf.Tensor[] {
  const after = paddingAfter(w);
  const paddings = [[0, 0], ...w.before.map((b, i) => [b, after[i]]), [0, 0]] as [number, number][];
  const image = paddings.every(([b, a]) => b + a === 0) ? x : tf.pad(x, paddings, edge);
  return windowOffsets(w).map((offset) => {
    const end = offset.map((p, i) => p + (w.count[i] - 1) * w.strides[i] + 1);
    return tf.stridedSlice(image, [0, ...offset, 0], [x.shape[0], ...end, x.shape.at(-1)!], [1, ...w.strides, 1]);
  });
}
