// Lowers convolutions and their gradients to im2col (Gather) and Gemm on channels-last tensors. This is faster than
// ONNX Runtime's Conv on a CPU, and a convolution shares its patches with its filter gradient.
import { constant, fill, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { crop, type Convolution } from './onnxConvolution';
import type { Make } from './rewrite';

/**
 * Minimum number of contiguous floats per gathered element; below, ONNX Runtime's Conv is faster (bench/RESULTS.md).
 */
const MIN_CONTIGUOUS = { patches: 6, scatter: 4 };

/** Undefined if the geometry is dilated, or has too few channels. */
export function lowerByIm2col(node: Convolution, [a, b]: readonly Node[], build: Make): Node | undefined {
  const { geometry: g } = node.attributes;
  if (g.dilations[0] !== 1 || g.dilations[1] !== 1) return undefined;
  const scatters = node.op === 'Conv2DInputGradient';
  const contiguous = scatters ? g.channels : g.channels * gcd(g.strides[1], g.kernel[1]);
  if (contiguous < MIN_CONTIGUOUS[scatters ? 'scatter' : 'patches']) return undefined;
  const reshape = (x: Node, shape: readonly number[]): Node => build('Reshape', [x], { shape });
  const [kh, kw] = g.kernel;
  const rows = g.batch * g.outHeight * g.outWidth;
  const taps = kh * kw * g.channels;
  if (node.op === 'Conv2D') {
    const y = build('Gemm', [patches(a, g, build), reshape(b, [taps, g.filters])], { transA: false, transB: false });
    return reshape(y, node.shape); // [N,oh,ow,F]
  }
  if (node.op === 'Conv2DFilterGradient') {
    const dy = reshape(b, [rows, g.filters]);
    const dw = build('Gemm', [patches(a, g, build), dy], { transA: true, transB: false });
    return reshape(dw, node.shape); // [kh,kw,C,F]
  }
  return col2im(reshape(a, [rows, g.filters]), reshape(b, [taps, g.filters]), g, build);
}

/** im2col: x [N,H,W,C] to [N oh ow, kh kw C], the inputs of each output. */
function patches(x: Node, g: Geometry, build: Make): Node {
  const [kh, kw] = g.kernel;
  const [sh, sw] = g.strides;
  const [top, left] = g.pads;
  const unit = gcd(sw, kw); // adjacent pixels that are always used together are gathered as one
  const height = (g.outHeight - 1) * sh + kh;
  const width = Math.ceil(((g.outWidth - 1) * sw + kw) / unit) * unit;
  const cropped = crop(x, g, build);
  const after = [0, height - cropped.shape[1] - top, width - cropped.shape[2] - left, 0];
  const padded = build('Pad', [cropped], { before: [0, top, left, 0], after, value: 0 });
  const [columns, steps, reach] = [width / unit, sw / unit, kw / unit];
  const index = new Int32Array(g.outHeight * g.outWidth * kh * reach);
  let n = 0;
  for (let i = 0; i < g.outHeight; i++)
    for (let j = 0; j < g.outWidth; j++)
      for (let p = 0; p < kh; p++) for (let q = 0; q < reach; q++) index[n++] = (i * sh + p) * columns + j * steps + q;
  const units = build('Reshape', [padded], { shape: [g.batch, height * columns, unit * g.channels] });
  const gathered = build('Gather', [units, indices(index, build)], { axis: 1 });
  return build('Reshape', [gathered], { shape: [g.batch * g.outHeight * g.outWidth, kh * kw * g.channels] });
}

/**
 * col2im, for the input gradient: dy [N oh ow, F] times wᵀ gives the contribution of each output to each tap. Each
 * input gathers its contributions, at most ceil(kh/sh) ceil(kw/sw); missing ones refer to an additional last row of
 * zeros.
 */
function col2im(dy: Node, w: Node, g: Geometry, build: Make): Node {
  const [kh, kw] = g.kernel;
  const [sh, sw] = g.strides;
  const [top, left] = g.pads;
  const rows = g.batch * g.outHeight * g.outWidth;
  const zeroRow = rows * kh * kw;
  const extended = build('Concat', [dy, fill(0, [1, g.filters])], { axis: 0 });
  const product = build('Gemm', [extended, w], { transA: false, transB: true }); // [N oh ow + 1, kh kw C]
  const contributions = build('Reshape', [product], { shape: [(rows + 1) * kh * kw, g.channels] });
  const terms: Node[] = [];
  for (let s = 0; s < Math.ceil(kh / sh); s++) {
    for (let t = 0; t < Math.ceil(kw / sw); t++) {
      const index = new Int32Array(g.batch * g.height * g.width);
      let n = 0;
      for (let image = 0; image < g.batch; image++)
        for (let y = 0; y < g.height; y++)
          for (let x = 0; x < g.width; x++) {
            const p = ((y + top) % sh) + sh * s;
            const q = ((x + left) % sw) + sw * t;
            const [i, j] = [(y + top - p) / sh, (x + left - q) / sw];
            const inside = p < kh && q < kw && i >= 0 && j >= 0 && i < g.outHeight && j < g.outWidth;
            const output = (image * g.outHeight + i) * g.outWidth + j;
            index[n++] = inside ? output * kh * kw + p * kw + q : zeroRow;
          }
      terms.push(build('Gather', [contributions, indices(index, build)], { axis: 0 }));
    }
  }
  return build('Reshape', [sumTree(terms, build)], { shape: [g.batch, g.height, g.width, g.channels] });
}

/** A balanced tree of additions, which is faster than ONNX's Sum. */
function sumTree(terms: readonly Node[], build: Make): Node {
  if (terms.length === 1) return terms[0];
  const half = terms.length >> 1;
  return build('Add', [sumTree(terms.slice(0, half), build), sumTree(terms.slice(half), build)], {});
}

const indices = (values: Int32Array, build: Make): Node => {
  const { attributes } = constant(values, [values.length], 'int32');
  return build('Constant', [], attributes);
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
