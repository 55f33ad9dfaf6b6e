// Gradients of pooling and of its gradients, in two and three dimensions of space.
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../errors';
import type { KernelName } from '../tfjsInternals';
import { rulesOf, run, zeros, type Attributes, type Rule, type Rules } from './rule';

/**
 * The windows of a pooling along each axis of space: their size, distance and number, and the padding around the input.
 */
interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly count: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * A mean over the elements that are inside of the image. Backends do not agree on the gradient where a window reaches
 * over the edge (TensorFlow.js' own divides by the whole window), so it is taken of a pooling without padding, of dy
 * k/n, k being a window's size and n its number of elements inside.
 */
const averagePool = (forward: KernelName, gradient: KernelName): Rules =>
  rulesOf([
    [
      forward,
      {
        savedInputs: ['x'],
        vjp: (dy, { x }, a) => ({
          x: () => {
            const w = windowsOf(x.shape, a);
            const shape = [x.shape[0], ...space(x).map((d, i) => w.before[i] + d + w.after[i]), x.shape.at(-1)!];
            const dx = run(gradient, { dy: tf.mul(dy, shares(w, space(x))), input: tf.zeros(shape) }, whole(w, a));
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

/** dx is dy at the place of each window's maximum, so its adjoint reads there. */
const maximumPoolGradient: Rule = {
  savedInputs: ['input', 'output', 'dy'],
  vjp: (ddx, { input, output }, a) => ({
    dy: () => {
      const w = windowsOf(input.shape, a);
      const [values, cotangents] = [elements(input, w, -Infinity), elements(ddx, w, 0)];
      let found = tf.zerosLike(tf.equal(output, output));
      let sum: tf.Tensor = tf.zerosLike(output);
      // The first of several equal maxima is the one that the forward kernel took.
      values.forEach((value, i) => {
        const here = tf.logicalAnd(tf.equal(value, output), tf.logicalNot(found));
        sum = tf.add(sum, tf.where(here, cotangents[i], tf.zerosLike(output)));
        found = tf.logicalOr(found, here);
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

const space = (x: tf.Tensor): number[] => x.shape.slice(1, -1);

/** The attributes of a pooling of the same windows without padding. */
const whole = (w: Windows, a: Attributes): object => ({
  ...a,
  filterSize: w.size,
  strides: w.strides,
  pad: 'valid',
  dimRoundingMode: undefined,
});

function windowsOf(shape: number[], attributes: Attributes): Windows {
  const a = attributes as unknown as tf.AvgPool3DAttrs;
  if (shape.length === 4) {
    const info = tf.backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      a.filterSize as number,
      a.strides as number,
      1,
      a.pad,
      a.dimRoundingMode,
    );
    const size = [info.filterHeight, info.filterWidth];
    const { top, left } = info.padInfo;
    return windows(shape, size, [info.strideHeight, info.strideWidth], [info.outHeight, info.outWidth], [top, left]);
  }
  if (a.dataFormat === 'NCDHW')
    throw new ModelError('Pooling in three dimensions is differentiated for channelsLast only.');
  const info = tf.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    a.filterSize,
    a.strides,
    1,
    a.pad,
    a.dimRoundingMode,
  );
  const { front, top, left } = info.padInfo;
  return windows(
    shape,
    [info.filterDepth, info.filterHeight, info.filterWidth],
    [info.strideDepth, info.strideHeight, info.strideWidth],
    [info.outDepth, info.outHeight, info.outWidth],
    [front, top, left],
  );
}

function windows(shape: number[], size: number[], strides: number[], count: number[], before: number[]): Windows {
  const reach = count.map((n, i) => (n - 1) * strides[i] + size[i]);
  const after = reach.map((r, i) => Math.max(0, r - before[i] - shape[i + 1]));
  return { size, strides, count, before, after };
}

/** k/n for every window, [1, ...count, 1]. */
function shares({ size, strides, count, before }: Windows, image: readonly number[]): tf.Tensor {
  const inside = count.map((n, axis) =>
    Array.from({ length: n }, (_, i) => {
      const start = i * strides[axis] - before[axis];
      return size[axis] / (Math.min(start + size[axis], image[axis]) - Math.max(start, 0));
    }),
  );
  const values = inside.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
  return tf.tensor(values, [1, ...count, 1]);
}

/** For each place in a window, that element of every window: [batch, ...count, channels]. */
function elements(x: tf.Tensor, { size, strides, count, before, after }: Windows, edge: number): tf.Tensor[] {
  const around = [[0, 0], ...before.map((b, i) => [b, after[i]]), [0, 0]] as [number, number][];
  const image = around.every(([b, a]) => b + a === 0) ? x : tf.pad(x, around, edge);
  const places = size.reduce<number[][]>(
    (all, n) => all.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])),
    [[]],
  );
  return places.map((place) => {
    const end = place.map((p, i) => p + (count[i] - 1) * strides[i] + 1);
    return tf.stridedSlice(image, [0, ...place, 0], [x.shape[0], ...end, x.shape.at(-1)!], [1, ...strides, 1]);
  });
}
