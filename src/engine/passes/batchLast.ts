// Images with the batch as their last axis, [H,W,C,N]: maps along both axes of an image are then products with wide
// matrices, and all products between them have the form of ONNX Runtime that is fastest. Convolutions are lowered
// between two transposes; here, those between convolutions are canceled, by moving them through other operations.
import { isOp, type Node } from '../graph/node';
import { rules as shapeRules, type Attributes, type Op } from '../graph/ops';
import { sameShape, sizeOf } from '../graph/shapes';
import { elementwise } from './layout';
import type { Make } from './rewrite';

/** [N,H,W,C] to [H,W,C,N], and back. */
const TO = [1, 2, 3, 0];
const FROM = [3, 0, 1, 2];

export const toBatchLast = (x: Node, build: Make): Node => build('Transpose', [x], { perm: TO });
export const fromBatchLast = (x: Node, build: Make): Node => build('Transpose', [x], { perm: FROM });

const isTransposed = (x: Node, perm: readonly number[]): x is Node<'Transpose'> =>
  isOp(x, 'Transpose') && sameShape(x.attributes.perm, perm);

/** Whether an image is computed with the batch as its last axis, and transposed afterwards. */
const isBatchLast = (x: Node): boolean => isTransposed(x, FROM);

type Rule<K extends Op> = (inputs: readonly Node[], attributes: Attributes[K], build: Make) => Node | undefined;

const rules: { readonly [K in Op]?: Rule<K> } = {
  Transpose: ([x], { perm }, build) => {
    if (!sameShape(perm, TO) || !isOp(x, 'Reshape')) return undefined;
    const [rows] = x.inputs;
    const [n, ...image] = x.shape;
    if (!sameShape(rows.shape, [n, sizeOf(image)])) return undefined;
    return build('Reshape', [swapped(rows, build)], { shape: [...image, n] });
  },
  Reshape: ([x], { shape }, build) => {
    if (!isBatchLast(x) || !sameShape(shape, [x.shape[0], sizeOf(x.shape.slice(1))])) return undefined;
    const columns = build('Reshape', x.inputs, { shape: shape.toReversed() });
    return build('Transpose', [columns], { perm: [1, 0] });
  },
  Concat: (inputs, { axis }, build) => {
    if (!inputs.some(isBatchLast)) return undefined;
    const images = inputs.map((x) => toBatchLast(x, build));
    return fromBatchLast(build('Concat', images, { axis: TO.indexOf(axis) }), build);
  },
  Slice: ([x], { starts, sizes, steps }, build) => {
    if (!isBatchLast(x)) return undefined;
    const [s, z, t] = [starts, sizes, steps].map((list) => TO.map((axis) => list[axis]));
    return fromBatchLast(build('Slice', x.inputs, { starts: s, sizes: z, steps: t }), build);
  },
  ReduceSum: (inputs, attributes, build) => reduced('ReduceSum', inputs, attributes, build),
  ReduceMean: (inputs, attributes, build) => reduced('ReduceMean', inputs, attributes, build),
};

/** A `make` that moves the transposes of images before it calls `inner`; additional nodes are created by `build`. */
export const propagatingBatchLast =
  (inner: Make, build: Make): Make =>
  (op, inputs, attributes) =>
    (elementwise.has(op) ? sunk(op, inputs, attributes, build) : rules[op]?.(inputs, attributes, build)) ??
    inner(op, inputs, attributes);

/** A matrix, transposed; an outer product, such as the gradient before the last layer of a critic, is computed so. */
const swapped = (x: Node, build: Make): Node =>
  isOp(x, 'Gemm') && isOuterProduct(x)
    ? build('Gemm', x.inputs.toReversed(), { transA: !x.attributes.transB, transB: !x.attributes.transA })
    : build('Transpose', [x], { perm: [1, 0] });

const isOuterProduct = ({ inputs, attributes }: Node<'Gemm'>): boolean =>
  inputs.length === 2 && inputs[0].shape[attributes.transA ? 0 : 1] === 1 && !attributes.activation;

/** op(transpose(x), y) = transpose(op(x, y')), where y' is y with its axes in the other order. */
function sunk<K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K], build: Make): Node | undefined {
  const image = inputs.find(isBatchLast);
  if (!image || inputs.some((x) => x.shape.length > 4)) return undefined;
  const { shape } = shapeRules[op](inputs, attributes);
  if (!sameShape(shape, image.shape)) return undefined;
  const moved = inputs.map((x) => {
    if (sizeOf(x.shape) === 1) return build('Reshape', [x], { shape: [] });
    const axes = [...new Array<number>(4 - x.shape.length).fill(1), ...x.shape];
    const whole = build('Reshape', [x], { shape: axes });
    // Without a batch, only the axis of length one moves.
    return axes[0] === 1 || sizeOf(axes.slice(1)) === 1
      ? build('Reshape', [whole], { shape: TO.map((axis) => axes[axis]) })
      : toBatchLast(whole, build);
  });
  return fromBatchLast(build(op, moved, attributes), build);
}

/** Sums and means of each channel, and of each image. */
function reduced<K extends 'ReduceSum' | 'ReduceMean'>(
  op: K,
  inputs: readonly Node[],
  attributes: Attributes[K],
  build: Make,
): Node | undefined {
  const [x] = inputs;
  if (!isBatchLast(x)) return undefined;
  const { shape } = shapeRules[op](inputs, attributes);
  const over = (y: Node, ...axes: number[]): Node => build(op, [y], { axes, keepDims: false } as Attributes[K]);
  const axes = [...attributes.axes].sort((a, b) => a - b).join();
  if (axes === '0,1,2') return build('Reshape', [over(over(x.inputs[0], 0, 1), 1)], { shape });
  return axes === '1,2,3' ? build('Reshape', [over(x.inputs[0], 0, 1, 2)], { shape }) : undefined;
}
