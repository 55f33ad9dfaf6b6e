// Two-dimensional convolution and its two gradients: a trilinear form, summed into one of its three arrays.
import { assert, sizeOf, value, type Shape, type Value } from './value';

/** Padding of the image: TensorFlow's names, or [[top, bottom], [left, right]]. */
export type Padding = 'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]];

/** x [B,H,W,C] with w [kh,kw,C,F] → [B,oh,ow,F]. */
export function conv2d(x: Value, w: Value, stride: number, padding: Padding): Value {
  assert(x.shape[3] === w.shape[2], () => `[${x.shape}] does not meet a kernel [${w.shape}]`);
  const { before: pads, size } = mapSize(x.shape.slice(1), w.shape, stride, padding);
  const map = [x.shape[0], ...size, w.shape[3]];
  return towardsMap(x, w, { image: x.shape, kernel: w.shape, map, stride, pads });
}

/** The adjoint of `conv2d`: x [B,h,w,In] with w [kh,kw,Out,In] → [B,H,W,Out]. */
export function conv2dTranspose(x: Value, w: Value, stride: number, padding: Padding): Value {
  assert(x.shape[3] === w.shape[3], () => `[${x.shape}] does not meet a kernel [${w.shape}]`);
  const image = imageSize(x.shape.slice(1), w.shape, stride, padding);
  const { before: pads, size } = mapSize(image, w.shape, stride, padding);
  assert(size[0] === x.shape[1] && size[1] === x.shape[2], () => `a map [${x.shape}] is not [${size}] of [${image}]`);
  const whole = [x.shape[0], ...image, w.shape[2]];
  return towardsImage(x, w, { image: whole, kernel: w.shape, map: x.shape, stride, pads });
}

/**
 * For an image [H,W,...] and a kernel [kh,kw,...]: the size [oh,ow] of the map and the zeros before its first row and
 * column.
 */
export function mapSize(image: Shape, kernel: Shape, stride: number, padding: Padding): Sized {
  const axes = [0, 1].map((axis) => {
    const [length, k] = [image[axis], kernel[axis]];
    if (padding === 'valid') return { before: 0, size: Math.floor((length - k) / stride) + 1 };
    if (padding === 'same') {
      const size = Math.ceil(length / stride);
      return { before: Math.floor(Math.max((size - 1) * stride + k - length, 0) / 2), size };
    }
    const [before, after] = padding[axis];
    return { before, size: Math.floor((length + before + after - k) / stride) + 1 };
  });
  return { before: [axes[0].before, axes[1].before], size: [axes[0].size, axes[1].size] };
}

/** The size [H,W] of the image that a transposed convolution makes from a map [h,w,...], as TensorFlow chooses it. */
export function imageSize(map: Shape, kernel: Shape, stride: number, padding: Padding): [number, number] {
  const along = (axis: 0 | 1) => {
    const [length, k] = [map[axis], kernel[axis]];
    if (padding === 'same') return length * stride;
    if (padding === 'valid') return length * stride + Math.max(k - stride, 0);
    return (length - 1) * stride + k - padding[axis][0] - padding[axis][1];
  };
  return [along(0), along(1)];
}

interface Sized {
  readonly before: readonly [number, number];
  readonly size: readonly [number, number];
}

interface Geometry {
  readonly image: Shape; // [B,H,W,C]
  readonly kernel: Shape; // [kh,kw,C,F]
  readonly map: Shape; // [B,oh,ow,F]
  readonly stride: number;
  readonly pads: readonly [number, number]; // zeros before the first row, the first column
}

/** y[b,i,j,f] = Σ x[b, i·s+p-top, j·s+q-left, c]·w[p,q,c,f]: the convolution. */
function towardsMap(x: Value, w: Value, g: Geometry): Value {
  const y = new Float64Array(sizeOf(g.map));
  eachProduct(g, (ix, iw, iy) => (y[iy] += x.data[ix] * w.data[iw]));
  return value(g.map, y, [
    { parent: x, pullback: (dy) => towardsImage(dy, w, g) },
    { parent: w, pullback: (dy) => towardsKernel(x, dy, g) },
  ]);
}

/** The same products summed by x's index: the input's gradient, which is the transposed convolution. */
function towardsImage(y: Value, w: Value, g: Geometry): Value {
  const x = new Float64Array(sizeOf(g.image));
  eachProduct(g, (ix, iw, iy) => (x[ix] += y.data[iy] * w.data[iw]));
  return value(g.image, x, [
    { parent: y, pullback: (dx) => towardsMap(dx, w, g) },
    { parent: w, pullback: (dx) => towardsKernel(dx, y, g) },
  ]);
}

/** The same products summed by w's index: the kernel's gradient. */
function towardsKernel(x: Value, y: Value, g: Geometry): Value {
  const w = new Float64Array(sizeOf(g.kernel));
  eachProduct(g, (ix, iw, iy) => (w[iw] += x.data[ix] * y.data[iy]));
  return value(g.kernel, w, [
    { parent: x, pullback: (dw) => towardsImage(y, dw, g) },
    { parent: y, pullback: (dw) => towardsMap(x, dw, g) },
  ]);
}

/** Calls `at` with the indices of x, w and y of every product in the convolution. */
function eachProduct(g: Geometry, at: (ix: number, iw: number, iy: number) => void): void {
  const [batch, height, width, channels] = g.image;
  const [kh, kw, , filters] = g.kernel;
  const [, oh, ow] = g.map;
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let p = 0; p < kh; p++)
          for (let q = 0; q < kw; q++) {
            const row = i * g.stride + p - g.pads[0];
            const column = j * g.stride + q - g.pads[1];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let f = 0; f < filters; f++)
                at(
                  ((b * height + row) * width + column) * channels + c,
                  ((p * kw + q) * channels + c) * filters + f,
                  ((b * oh + i) * ow + j) * filters + f,
                );
          }
}
