// Lowers convolutions of kernel 4 and stride 2 by Winograd's F(2×2, 2×2) (Lavin, Gray 2016, Fast Algorithms for
// Convolutional Neural Networks, section 4): 9 products instead of 16.
//
// On blocks of 2×2 pixels such a convolution has kernel 2, stride 1 and 4C channels. Along one axis, two outputs need
// three products,
//   y₀ = (d₀ − d₁)g₀ + d₁(g₀ + g₁),  y₁ = d₁(g₀ + g₁) + (d₂ − d₁)g₁,
// of V(d) = (d₀ − d₁, d₁, d₂ − d₁) with S(g) = (g₀, g₀ + g₁, g₁), summed by Sᵀ(m) = (m₀ + m₁, m₁ + m₂). Along both axes
//   y = Sᵀ(V(x) ∘ S(w)),  dx = Vᵀ(S(dy) ∘ S(w)ᵀ),  dw = Sᵀ(V(x)ᵀ ∘ S(dy)),
// where ∘ is nine matrix products. All coefficients are 0 and ±1, so accuracy is that of direct convolution.
import { constant, fill, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import type { Convolution } from './onnxConvolution';
import type { Make } from './rewrite';

/** With fewer channels or filters, the nine products are slower than one (measured, bench/RESULTS.md). */
const MIN_CHANNELS = 32;

/** Undefined for other geometries, or with too few channels. */
export function lowerByWinograd(node: Convolution, [a, b]: readonly Node[], make: Make): Node | undefined {
  const { geometry: g } = node.attributes;
  if (!fits(g)) return undefined;
  const { V, VT, S, ST, tilesOf, imageOf, tapsOf, filterOf } = transforms(g, make);
  const products = (x: readonly Node[], y: readonly Node[], transA: boolean, transB: boolean): Node[] =>
    x.map((xi, i) => make('Gemm', [xi, y[i]], { transA, transB }));
  if (node.op === 'Conv2D') return imageOf(ST(products(V(a), S(tapsOf(b)), false, false)));
  if (node.op === 'Conv2DInputGradient') return VT(products(S(tilesOf(a)), S(tapsOf(b)), false, true));
  return filterOf(ST(products(V(a), S(tilesOf(b)), true, false)));
}

const fits = (g: Geometry): boolean =>
  [...g.kernel, ...g.strides, ...g.dilations].join() === '4,4,2,2,1,1' &&
  g.pads.every((p) => p === 1) &&
  [g.outHeight, g.outWidth].every((size) => size % 2 === 0) &&
  Math.min(g.channels, g.filters) >= MIN_CHANNELS;

/** The transforms of a geometry. Lists of four nodes are 2×2, lists of nine 3×3, in row-major order. */
function transforms(g: Geometry, make: Make) {
  const { batch: n, channels: c, filters: f, outWidth: ow } = g;
  const [ti, tj] = [g.outHeight / 2, ow / 2]; // tiles of 2×2 outputs
  const [bi, bj] = [g.outHeight + 1, ow + 1]; // blocks of 2×2 pixels, including padding
  const tiles = n * ti * tj;
  const add = (a: Node, b: Node): Node => make('Add', [a, b], {});
  const sub = (a: Node, b: Node): Node => make('Sub', [a, b], {});
  const reshape = (x: Node, ...shape: number[]): Node => make('Reshape', [x], { shape });
  const concat = (axis: number, ...xs: Node[]): Node => make('Concat', xs, { axis });
  const gather = (x: Node, axis: number, index: readonly number[]): Node =>
    make('Gather', [x, make('Constant', [], indices(index).attributes)], { axis });

  /** x [N,H,W,C] to nine [tiles, 4C]: differences of block rows, then of block columns. */
  const V = (x: Node): Node[] => {
    const before = [0, 1, 1, 0];
    const padded = make('Pad', [x], { before, after: before, value: 0 });
    const blocks = reshape(padded, n, bi, 4 * bj * c); // a row of blocks is two rows of pixels
    const rows = differences(
      [0, 1, 2].map((k) =>
        gather(
          blocks,
          1,
          range(ti, (i) => 2 * i + k),
        ),
      ),
    );
    return rows.flatMap((row) => {
      const pairs = reshape(row, n * ti, 2 * bj, 2 * c);
      const column = (k: number) => range(2 * tj, (z) => (z % 2) * bj + 2 * (z >> 1) + k);
      return differences([0, 1, 2].map((k) => reshape(gather(pairs, 1, column(k)), tiles, 4 * c)));
    });
  };
  const differences = ([d0, d1, d2]: readonly Node[]): Node[] => [sub(d0, d1), d1, sub(d2, d1)];

  /**
   * Nine [tiles, 4C] to dx [N,H,W,C]. Along each axis, even blocks get contributions from two tiles, odd blocks from
   * one.
   */
  const VT = (z: readonly Node[]): Node => {
    const even = (z0: Node, z2: Node): Node => {
      const zeros = fill(0, [z0.shape[0], 1, z0.shape[2]]);
      const edge = make('Fill', [], zeros.attributes);
      return add(concat(1, z0, edge), concat(1, edge, z2));
    };
    const odd = (z0: Node, z1: Node, z2: Node): Node => sub(z1, add(z0, z2));
    const tile = z.map((q) => reshape(q, n * ti, tj, 4 * c));
    const asRows = (x: Node): Node => reshape(x, n, ti, x.shape[1] * 4 * c);
    const [e0, e1, e2] = [0, 3, 6].map((i) => asRows(even(tile[i], tile[i + 2])));
    const [o0, o1, o2] = [0, 3, 6].map((i) => asRows(odd(tile[i], tile[i + 1], tile[i + 2])));
    const quarters = [even(e0, e2), even(o0, o2), odd(e0, e1, e2), odd(o0, o1, o2)]; // by row and column: even or odd
    const flat = quarters.map((q) => reshape(q, n, (q.shape[1] * q.shape[2]) / c, c));
    const size = flat.map((q) => q.shape[1]);
    const start = size.map((_, i) => size.slice(0, i).reduce((a, b) => a + b, 0));
    const index = range(g.height * g.width, (pixel) => {
      const [y, x] = [Math.floor(pixel / g.width) + 1, (pixel % g.width) + 1]; // in the padded image
      const [row, column] = [y >> 1, x >> 1];
      const width = column % 2 ? tj : tj + 1;
      const block = (row >> 1) * width + (column >> 1);
      return start[2 * (row % 2) + (column % 2)] + 4 * block + 2 * (y % 2) + (x % 2);
    });
    return reshape(gather(concat(1, ...flat), 1, index), n, g.height, g.width, c);
  };

  /** Four to nine: (a, a + b, b) along both axes. */
  const S = ([a, b, d, e]: readonly Node[]): Node[] => {
    const [left, right] = [add(a, d), add(b, e)];
    return [a, add(a, b), b, left, add(left, right), right, d, add(d, e), e];
  };
  /** Nine to four: each is the sum of four adjacent ones. */
  const ST = (m: readonly Node[]): Node[] => {
    const [top, bottom] = [0, 3].map((i) => [0, 1, 2].map((j) => add(m[i + j], m[i + 3 + j])));
    return [top, bottom].flatMap(([p, q, r]) => [add(p, q), add(q, r)]);
  };

  /** y [N,oh,ow,F] to four [tiles, F], by position in the tile, and back. */
  const tilesOf = (y: Node): Node[] =>
    [0, 1].flatMap((r) => {
      const row = reshape(gather(reshape(y, n * ti, 2, ow * f), 1, [r]), tiles, 2, f);
      return [0, 1].map((q) => reshape(gather(row, 1, [q]), tiles, f));
    });
  const imageOf = (parts: readonly Node[]): Node => {
    const [a, b, d, e] = parts.map((p) => reshape(p, tiles, 1, f));
    const rows = [concat(1, a, b), concat(1, d, e)].map((row) => reshape(row, n * ti, 1, ow * f));
    return reshape(concat(1, ...rows), n, g.outHeight, ow, f);
  };

  /** w [4,4,C,F] to four [4C, F] by block, and back. */
  const tapsOf = (w: Node): Node[] => {
    const taps = reshape(w, 16, c * f);
    return [0, 2, 8, 10].map((first) =>
      reshape(
        gather(
          taps,
          0,
          [0, 1, 4, 5].map((t) => first + t),
        ),
        4 * c,
        f,
      ),
    );
  };
  const filterOf = (parts: readonly Node[]): Node => {
    const taps = concat(0, ...parts.map((p) => reshape(p, 4, c * f)));
    return reshape(gather(taps, 0, [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]), 4, 4, c, f);
  };
  return { V, VT, S, ST, tilesOf, imageOf, tapsOf, filterOf };
}

const range = (size: number, f: (i: number) => number): number[] => Array.from({ length: size }, (_, i) => f(i));
const indices = (values: readonly number[]) => constant(Int32Array.from(values), [values.length], 'int32');
