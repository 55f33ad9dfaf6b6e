// Winograd's algorithm (winograd.ts) on images with the batch as their last axis, [H,W,C,N]. The products are
//   y = Uᵀ V(x),  dx = U S(dy),  dw = V(x) S(dy)ᵀ,
// of which none has a transposed left operand, which ONNX Runtime multiplies slowly.
import type { Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { fromBatchLast, toBatchLast } from './batchLast';
import type { Convolution } from './onnxConvolution';
import type { Make } from './rewrite';
import { axis, filterMaps, fits, matrix } from './winograd';
import { kronecker, transposed, type Matrix } from './winogradMatrices';

/** Undefined for convolutions that Winograd's algorithm does not compute. */
export function lowerByWinogradBatchLast(
  node: Convolution,
  [a, b]: readonly Node[],
  largeTiles: boolean,
  make: Make,
): Node | undefined {
  const { geometry: g } = node.attributes;
  if (!fits(g)) return undefined;
  const { V, VT, U, swappedU, UT, S, ST } = transforms(g, largeTiles, make);
  const product = (x: Node, y: Node): Node => make('MatMul', [x, y], {});
  const swapped = (x: Node): Node => make('Transpose', [x], { perm: [0, 2, 1] });
  const image = (x: Node): Node => toBatchLast(x, make);
  if (node.op === 'Conv2D') return fromBatchLast(ST(product(swappedU(b), V(image(a)))), make);
  if (node.op === 'Conv2DInputGradient') return fromBatchLast(VT(product(U(b), S(image(a)))), make);
  return UT(product(V(image(a)), swapped(S(image(b)))));
}

function transforms(g: Geometry, largeTiles: boolean, make: Make) {
  const { batch: n, channels: c, filters: f, height, width } = g;
  const s = g.strides[0];
  const v = axis(height, g.outHeight, g.kernel[0], s, largeTiles);
  const h = axis(width, g.outWidth, g.kernel[1], s, largeTiles);
  const [tiles, products] = [v.tiles * h.tiles * n, v.products * h.products];
  const [rows, columns] = [v.image.length, h.image.length];
  const inputs = s * s * c;
  const isOneTile = v.tiles * h.tiles === 1;

  const reshape = (x: Node, ...shape: number[]): Node => make('Reshape', [x], { shape });
  const transpose = (x: Node, ...perm: number[]): Node => make('Transpose', [x], { perm });
  const times = (a: Matrix, x: Node): Node => make('MatMul', [matrix(a, make), x], {});

  /** For one tile: both phases along the first axis at once, which gives the order that is needed. */
  const phases = (): Matrix =>
    indices(h.products).flatMap((product) =>
      indices(s).flatMap((p) =>
        indices(s).map((q) =>
          indices(s).flatMap((phase) => h.image[product * s + q].map((value) => (phase === p ? value : 0))),
        ),
      ),
    );
  /** x [H,W,C,N] to [products, inputs, tiles]. */
  const V = (x: Node): Node => {
    const y = times(v.image, reshape(x, height, width * c * n));
    if (isOneTile) return reshape(times(phases(), reshape(y, v.products, s * width, c * n)), products, inputs, n);
    const z = times(h.image, reshape(y, rows, width, c * n));
    const split = reshape(z, v.tiles, v.products, s, h.tiles, h.products, s, c, n);
    return reshape(transpose(split, 1, 4, 2, 5, 6, 0, 3, 7), products, inputs, tiles);
  };
  const VT = (y: Node): Node => {
    const back = (z: Node): Node =>
      reshape(times(transposed(v.image), reshape(z, rows, width * c * n)), height, width, c, n);
    if (isOneTile) return back(times(transposed(phases()), reshape(y, v.products, h.products * s * s, c * n)));
    const split = reshape(y, v.products, h.products, s, s, c, v.tiles, h.tiles, n);
    const z = reshape(transpose(split, 5, 0, 2, 6, 1, 3, 4, 7), rows, columns, c * n);
    return back(times(transposed(h.image), z));
  };
  /** y [oh,ow,F,N] to [products, F, tiles]. */
  const outputMap = kronecker(v.AT, h.AT);
  const S = (y: Node): Node => {
    const split = transpose(reshape(y, v.tiles, v.outputs, h.tiles, h.outputs, f, n), 1, 3, 4, 0, 2, 5);
    const z = times(transposed(outputMap), reshape(split, v.outputs * h.outputs, f * tiles));
    return reshape(z, products, f, tiles);
  };
  const ST = (z: Node): Node => {
    const y = times(outputMap, reshape(z, products, f * tiles));
    const split = reshape(y, v.outputs, h.outputs, f, v.tiles, h.tiles, n);
    return reshape(transpose(split, 3, 0, 4, 1, 2, 5), g.outHeight, g.outWidth, f, n);
  };
  return { V, VT, ...filterMaps(g, v, h, make), S, ST };
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
