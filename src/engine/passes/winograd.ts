// Lowers convolutions of kernel 4 and stride 2, or kernel 3 and stride 1, by Winograd's algorithm (Lavin, Gray 2016,
// Fast Algorithms for Convolutional Neural Networks). With tiles of 4×4 outputs, 25 products per tile and channel
// instead of 64 (kernel 4), and 36 instead of 144 (kernel 3); with tiles of 2×2, 9 instead of 16, and 16 instead of 36.
//
// On blocks of s×s pixels, a convolution of kernel k and stride s has r = k / s taps along an axis, stride 1 and s²C
// channels. With the maps V of the image, U of the filter and S of the outputs
//   y = Sᵀ(V(x) U(w)),  dx = Vᵀ(S(dy) U(w)ᵀ),  dw = Uᵀ(V(x)ᵀ S(dy)),
// where V, U and S are products with constant matrices, and the products between them are one batched product.
import { constant, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import type { Convolution } from './onnxConvolution';
import { type Make } from './rewrite';
import { kronecker, transposed, winograd, type Matrix } from './winogradMatrices';

/** With fewer channels or filters, the transforms cost more than they save (measured, bench/RESULTS.md). */
const MIN_CHANNELS = 32;

/** Undefined for other geometries, or with too few channels. `largeTiles` allows tiles of four outputs per axis. */
export function lowerByWinograd(
  node: Convolution,
  [a, b]: readonly Node[],
  largeTiles: boolean,
  make: Make,
): Node | undefined {
  const { geometry: g } = node.attributes;
  if (!fits(g)) return undefined;
  const { V, VT, U, UT, S, ST } = transforms(g, largeTiles, make);
  const product = (x: Node, y: Node): Node => make('MatMul', [x, y], {});
  const swapped = (x: Node): Node => make('Transpose', [x], { perm: [0, 2, 1] });
  if (node.op === 'Conv2D') return ST(product(V(a), U(b)));
  if (node.op === 'Conv2DInputGradient') return VT(product(S(a), swapped(U(b))));
  return UT(product(swapped(V(a)), S(b)));
}

/** The size of its products, as a batch and a matrix; undefined for convolutions that are not lowered so. */
export function winogradProduct({ attributes: { geometry: g } }: Convolution, largeTiles: boolean) {
  if (!fits(g)) return undefined;
  const tiles = [g.outHeight, g.outWidth].map((count) => count / outputsPerTile(count, largeTiles));
  return { rows: g.batch * tiles[0] * tiles[1], matrix: [g.strides[0] ** 2 * g.channels, g.filters] };
}

export function fits(g: Geometry): boolean {
  const form = [...g.kernel, ...g.strides, ...g.dilations].join();
  return (
    (form === '4,4,2,2,1,1' || form === '3,3,1,1,1,1') &&
    g.pads.every((p) => p === 1) &&
    [g.outHeight, g.outWidth].every((size) => size % 2 === 0) &&
    Math.min(g.channels, g.filters) >= MIN_CHANNELS
  );
}

/** The algorithm along one axis of an image. */
export interface Axis {
  /** Number of tiles, of outputs per tile, of products per tile, and of taps. */
  readonly tiles: number;
  readonly outputs: number;
  readonly products: number;
  readonly taps: number;
  /** [tiles products stride, pixels]: Bᵀ of the pixels of every tile, with the padding. */
  readonly image: Matrix;
  readonly G: Matrix;
  readonly AT: Matrix;
}

const outputsPerTile = (count: number, largeTiles: boolean): number => (largeTiles && count % 4 === 0 ? 4 : 2);

export function axis(pixels: number, count: number, kernel: number, stride: number, largeTiles: boolean): Axis {
  const outputs = outputsPerTile(count, largeTiles);
  const taps = kernel / stride;
  const tiles = count / outputs;
  const { BT, G, AT } = winograd(outputs, taps);
  const products = BT.length;
  const image = Array.from({ length: tiles * products * stride }, () => new Array<number>(pixels).fill(0));
  for (let tile = 0; tile < tiles; tile++)
    for (let row = 0; row < products; row++)
      for (let phase = 0; phase < stride; phase++)
        BT[row].forEach((value, i) => {
          const pixel = stride * (tile * outputs + i) + phase - 1;
          if (pixel >= 0 && pixel < pixels) image[(tile * products + row) * stride + phase][pixel] = value;
        });
  return { tiles, outputs, products, taps, image, G, AT };
}

function transforms(g: Geometry, largeTiles: boolean, make: Make) {
  const { batch: n, channels: c, filters: f, height, width } = g;
  const s = g.strides[0];
  const v = axis(height, g.outHeight, g.kernel[0], s, largeTiles);
  const h = axis(width, g.outWidth, g.kernel[1], s, largeTiles);
  const [tiles, products] = [n * v.tiles * h.tiles, v.products * h.products];
  const [rows, columns] = [v.image.length, h.image.length];
  const inputs = s * s * c;

  const reshape = (x: Node, ...shape: number[]): Node => make('Reshape', [x], { shape });
  const transpose = (x: Node, ...perm: number[]): Node => make('Transpose', [x], { perm });
  const times = (a: Matrix, x: Node): Node => make('MatMul', [matrix(a, make), x], {});

  /** x [N,H,W,C] to [products, tiles, inputs]. */
  const V = (x: Node): Node => {
    const y = times(v.image, reshape(x, n, height, width * c));
    const z = times(h.image, reshape(y, n * rows, width, c));
    const split = reshape(z, n * v.tiles, v.products, s, h.tiles, h.products, s * c);
    return reshape(transpose(split, 1, 4, 0, 3, 2, 5), products, tiles, inputs);
  };
  const VT = (y: Node): Node => {
    const split = reshape(y, v.products, h.products, n * v.tiles, h.tiles, s, s * c);
    const z = reshape(transpose(split, 2, 0, 4, 3, 1, 5), n * rows, columns, c);
    const x = reshape(times(transposed(h.image), z), n, rows, width * c);
    return reshape(times(transposed(v.image), x), n, height, width, c);
  };
  /** y [N,oh,ow,F] to [products, tiles, F]. */
  const outputMap = kronecker(v.AT, h.AT);
  const S = (y: Node): Node => {
    const split = transpose(reshape(y, n * v.tiles, v.outputs, h.tiles, h.outputs, f), 1, 3, 0, 2, 4);
    const z = times(transposed(outputMap), reshape(split, v.outputs * h.outputs, tiles * f));
    return reshape(z, products, tiles, f);
  };
  const ST = (z: Node): Node => {
    const y = times(outputMap, reshape(z, products, tiles * f));
    const split = reshape(y, v.outputs, h.outputs, n * v.tiles, h.tiles, f);
    return reshape(transpose(split, 2, 0, 3, 1, 4), n, g.outHeight, g.outWidth, f);
  };
  return { V, VT, ...filterMaps(g, v, h, make), S, ST };
}

/** The maps of the filter, w [k,k,C,F]. */
export function filterMaps({ strides: [s], channels: c, filters: f, kernel }: Geometry, v: Axis, h: Axis, make: Make) {
  const map = kronecker(v.G, h.G);
  const [taps, products, inputs] = [v.taps * h.taps, v.products * h.products, s * s * c];
  const reshape = (x: Node, ...shape: number[]): Node => make('Reshape', [x], { shape });
  const transpose = (x: Node, ...perm: number[]): Node => make('Transpose', [x], { perm });
  const times = (a: Matrix, x: Node): Node => make('MatMul', [matrix(a, make), x], {});
  const split = (w: Node): Node => transpose(reshape(w, v.taps, s, h.taps, s, c * f), 0, 2, 1, 3, 4);
  return {
    /** To [products, inputs, F]. */
    U: (w: Node): Node => reshape(times(map, reshape(split(w), taps, inputs * f)), products, inputs, f),
    /** To [products, F, inputs]: transposed before it gets larger. */
    swappedU(w: Node): Node {
      const swapped = transpose(reshape(split(w), taps, inputs, f), 0, 2, 1);
      return reshape(times(map, reshape(swapped, taps, f * inputs)), products, f, inputs);
    },
    UT(u: Node): Node {
      const w = times(transposed(map), reshape(u, products, inputs * f));
      return reshape(transpose(reshape(w, v.taps, h.taps, s, s, c * f), 0, 2, 1, 3, 4), ...kernel, c, f);
    },
  };
}

export function matrix(rows: Matrix, make: Make): Node {
  const { attributes } = constant(Float32Array.from(rows.flat()), [rows.length, rows[0].length], 'float32');
  return make('Constant', [], attributes);
}
