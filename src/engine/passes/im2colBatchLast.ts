// Lowers convolutions with few channels, the first of a critic and the last of a generator, on images with the batch as
// their last axis, [H,W,C,N], next to Winograd's algorithm (winogradBatchLast.ts). For each output, its patch is a
// matrix [kh kw C, N].
import { constant, fill, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { fromBatchLast, toBatchLast } from './batchLast';
import type { Convolution } from './onnxConvolution';
import type { Make } from './rewrite';

/** For kernel 4, stride 2 and a padding of 1. */
export function lowerByIm2colBatchLast(node: Convolution, [a, b]: readonly Node[], build: Make): Node {
  const { geometry: g } = node.attributes;
  const [kh, kw] = g.kernel;
  const [outputs, taps] = [g.outHeight * g.outWidth, kh * kw * g.channels];
  const reshape = (x: Node, ...shape: number[]): Node => build('Reshape', [x], { shape });
  const product = (x: Node, y: Node): Node => build('MatMul', [x, y], {});
  const image = (x: Node): Node => toBatchLast(x, build);
  const columns = (dy: Node): Node => reshape(image(dy), outputs, g.filters, g.batch);
  if (node.op === 'Conv2D') {
    const w = reshape(swapped(reshape(b, taps * g.filters), taps, build), g.filters, taps);
    const y = product(w, patches(image(a), g, build)); // [outputs, F, N]
    return fromBatchLast(reshape(y, g.outHeight, g.outWidth, g.filters, g.batch), build);
  }
  if (node.op === 'Conv2DFilterGradient') {
    const dy = build('Transpose', [columns(b)], { perm: [0, 2, 1] });
    const each = product(patches(image(a), g, build), dy); // [outputs, taps, F]
    return reshape(build('ReduceSum', [each], { axes: [0], keepDims: false }), ...node.shape);
  }
  return fromBatchLast(scattered(product(reshape(b, taps, g.filters), columns(a)), g, build), build);
}

/**
 * A matrix with this number of rows, transposed. ONNX Runtime would make a Transpose a part of the product, which is
 * then slow.
 */
function swapped(w: Node, rows: number, build: Make): Node {
  const columns = w.shape[0] / rows;
  const order = Array.from({ length: w.shape[0] }, (_, i) => (i % rows) * columns + Math.floor(i / rows));
  return build('Gather', [w, indices(order, build)], { axis: 0 });
}

/** x [H,W,C,N] to [outputs, kh kw C, N]: two pixels next to each other are always used together. */
function patches(x: Node, g: Geometry, build: Make): Node {
  const [kh, kw] = g.kernel;
  const after = [1, 1, 0, 0];
  const padded = build('Pad', [x], { before: after, after, value: 0 });
  const pairs = (g.width + 2) / 2;
  const index: number[] = [];
  for (let i = 0; i < g.outHeight; i++)
    for (let j = 0; j < g.outWidth; j++)
      for (let p = 0; p < kh; p++) for (let q = 0; q < kw / 2; q++) index.push((2 * i + p) * pairs + j + q);
  const rows = build('Reshape', [padded], { shape: [(g.height + 2) * pairs, 2 * g.channels * g.batch] });
  const shape = [g.outHeight * g.outWidth, kh * kw * g.channels, g.batch];
  return build('Reshape', [build('Gather', [rows, indices(index, build)], { axis: 0 })], { shape });
}

/** Contributions [outputs, kh kw C, N] of each output to its patch, summed at each pixel: [H,W,C,N]. */
function scattered(contributions: Node, g: Geometry, build: Make): Node {
  const { height, width, channels, batch } = g;
  const [kh, kw] = g.kernel;
  const taps = g.outHeight * g.outWidth * kh * kw;
  const row = channels * batch;
  const rows = build('Reshape', [contributions], { shape: [taps, row] });
  const withZeros = build('Concat', [rows, fill(0, [1, row])], { axis: 0 });
  const term = (s: number, t: number): Node => {
    const index: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [p, q] = [((y + 1) % 2) + 2 * s, ((x + 1) % 2) + 2 * t];
        const [i, j] = [(y + 1 - p) / 2, (x + 1 - q) / 2];
        const isInside = i >= 0 && j >= 0 && i < g.outHeight && j < g.outWidth;
        index.push(isInside ? (i * g.outWidth + j) * kh * kw + p * kw + q : taps);
      }
    return build('Gather', [withZeros, indices(index, build)], { axis: 0 });
  };
  const add = (x: Node, y: Node): Node => build('Add', [x, y], {});
  const sum = add(add(term(0, 0), term(0, 1)), add(term(1, 0), term(1, 1)));
  return build('Reshape', [sum], { shape: [height, width, channels, batch] });
}

const indices = (values: readonly number[], build: Make): Node => {
  const { attributes } = constant(Int32Array.from(values), [values.length], 'int32');
  return build('Constant', [], attributes);
};
