// Images with the batch as their last axis: every operation has the same results, and transposes between them cancel.
import { describe, expect, it } from 'vitest';
import { difference, evaluate, leaves, run } from '../../../test/support/runGraph';
import { fill, isOp, leaf, make, topologicalOrder, type Node } from '../graph/node';
import type { Geometry, Op } from '../graph/ops';
import { fromBatchLast, propagatingBatchLast, toBatchLast } from './batchLast';
import { foldingConstants } from './constantFolding';
import { ALL_PASSES, NO_PASSES, optimize } from './optimize';
import { rewrite, type Make } from './rewrite';

const geometry = (outHeight: number, outWidth: number, channels = 32, filters = 34, batch = 64): Geometry => ({
  batch,
  height: 2 * outHeight,
  width: 2 * outWidth,
  channels,
  filters,
  kernel: [4, 4],
  strides: [2, 2],
  dilations: [1, 1],
  pads: [1, 1, 1, 1],
  outHeight,
  outWidth,
});

const passes = { ...NO_PASSES, constantFolding: true, winograd: true, batchLast: true };
const tensor = (name: string, ...shape: number[]): Node => leaf(name, shape, 'float32');
const isMoved = (node: Node): boolean => isOp(node, 'Transpose') && node.attributes.perm.join() === '1,2,3,0';
const count = (nodes: readonly Node[], test: (node: Node) => boolean): number =>
  topologicalOrder(nodes).filter(test).length;

/** A convolution with many channels, because of which the others have the batch as their last axis too. */
const many = geometry(2, 2);
const other = (): Node => {
  const { x, w } = leaves(many, 'many ');
  return make('Conv2D', [x, w], { geometry: many });
};

describe.each([
  ['of one tile of 4×4', geometry(4, 4)],
  ['of one tile of 2×2', geometry(2, 2)],
  ['of one tile of 4×2', geometry(4, 2)],
  ['of several tiles', geometry(8, 4)],
  ['of several tiles of 2×2', geometry(6, 2)],
  ['with few channels', geometry(4, 6, 3, 32)],
  ['with few filters', geometry(4, 2, 32, 5)],
  ['with an odd number of outputs', geometry(3, 5, 4, 8)],
] as const)('a convolution %s', (_, g) => {
  const { x, w, y } = leaves(g);
  it.each([
    ['', make('Conv2D', [x, w], { geometry: g })],
    ["'s input gradient", make('Conv2DInputGradient', [y, w], { geometry: g })],
    ["'s filter gradient", make('Conv2DFilterGradient', [x, y], { geometry: g })],
  ])('%s is accurate', async (_, node) => {
    const outputs = [node, other()];
    const expected = await run(outputs, NO_PASSES);
    const large = { ...passes, largeWinogradTiles: true };
    const lowered = optimize(outputs, large);
    expect(count(lowered, isMoved)).toBeGreaterThan(count(optimize([other()], large), isMoved));
    expect(count(lowered, ({ op }) => op.includes('Conv'))).toBe(0);
    expect(difference(await run(outputs, large), expected)).toBeLessThan(3e-6);
    expect(difference(await run(outputs, passes), expected)).toBeLessThan(1e-6);
  });
});

describe('a convolution is left alone', () => {
  it.each<[string, Geometry]>([
    ['of a small batch', geometry(4, 4, 32, 32, 8)],
    ['of a batch that is no multiple of 16', geometry(4, 4, 32, 32, 72)],
    ['with few channels and filters', geometry(4, 4, 3, 16)],
    ['with another padding', { ...geometry(4, 4), pads: [0, 0, 2, 2] }],
    ['with another kernel', { ...geometry(4, 4), kernel: [5, 5], pads: [2, 2, 1, 1] }],
  ])('%s', (_, g) => {
    const { x, w } = leaves(g);
    const node = make('Conv2D', [x, w], { geometry: g });
    expect(count(optimize([node], passes), isMoved)).toBe(0);
  });
});

describe('the transposes between operations', () => {
  const build: Make = (op, inputs, attributes) => folded(op, inputs, attributes);
  const folded = foldingConstants(propagatingBatchLast(make, build));
  /** Images that are computed with the batch as their last axis. */
  const image = (name: string): Node => fromBatchLast(tensor(name, 4, 6, 8, 64), build);
  const [a, b] = [image('a'), image('b')];
  const rebuilt = (node: Node): Node => rewrite([node], () => undefined, build)[0];
  const after = (op: Op, node: Node): boolean => topologicalOrder([node]).some((n) => n.op === op);

  it.each<[string, Node]>([
    ['a sum of images', make('Add', [a, b], {})],
    ['an activation', make('LeakyRelu', [a], { alpha: 0.2 })],
    ['a choice', make('Where', [make('Greater', [a, fill(0, [])], {}), a, b], {})],
    ['a bias', make('Add', [a, tensor('bias', 8)], {})],
    ['a gain with axes of one', make('Mul', [tensor('gain', 1, 1, 1, 8), a], {})],
    ['a number of each image', make('Mul', [a, tensor('each', 64, 1, 1, 1)], {})],
    ['a number of each image and channel', make('Mul', [a, tensor('style', 64, 1, 1, 8)], {})],
    ['a number of each pixel', make('Sub', [tensor('pixel', 4, 6, 1), a], {})],
    ['a single number', make('Div', [a, tensor('single', 1, 1)], {})],
    ['a whole constant', make('Max', [a, fill(0.5, [64, 4, 6, 8])], {})],
    ['a concatenation of batches', make('Concat', [a, b], { axis: 0 })],
    ['a concatenation of channels', make('Concat', [a, b], { axis: 3 })],
    ['a part', make('Slice', [a], { starts: [16, 3, 0, 0], sizes: [48, 2, 6, 8], steps: [1, -1, 1, 1] })],
  ])('move after %s', async (_, node) => {
    const moved = rebuilt(node);
    expect(moved.op).toBe('Transpose');
    expect(count([toBatchLast(moved, build)], isMoved)).toBeLessThanOrEqual(node.inputs.some(isStyle) ? 1 : 0);
    expect(await evaluate([moved], true)).toEqual(await evaluate([node], true));
  });
  const isStyle = ({ shape }: Node): boolean => String(shape) === '64,1,1,8';

  it.each<[string, Node]>([
    ['the mean of each channel', make('ReduceMean', [a], { axes: [0, 1, 2], keepDims: true })],
    ['the sum of each channel', make('ReduceSum', [a], { axes: [2, 0, 1], keepDims: false })],
    ['the sum of each image', make('ReduceSum', [a], { axes: [1, 2, 3], keepDims: false })],
    ['the mean of each image', make('ReduceMean', [a], { axes: [1, 2, 3], keepDims: true })],
  ])('are not needed for %s', async (_, node) => {
    const moved = rebuilt(node);
    expect(moved.shape).toEqual(node.shape);
    expect(after('Transpose', moved)).toBe(false);
    expect(difference(await evaluate([moved], true), await evaluate([node], true))).toBeLessThan(1e-6);
  });

  it('become a flag of the product at the end of a network', async () => {
    const rows = make('Reshape', [a], { shape: [64, 192] });
    const node = make('Gemm', [rows, tensor('w', 192, 3)], { transA: false, transB: false });
    const moved = optimize([rewrite([node], () => undefined, build)[0]], { ...NO_PASSES, layout: true })[0];
    expect(after('Transpose', moved)).toBe(false);
    expect(difference(await evaluate([moved], true), await evaluate([node], true))).toBeLessThan(1e-6);
  });

  it('are not needed for the gradient of a product with one column', async () => {
    const gradient = make('Gemm', [tensor('dy', 64, 1), tensor('w', 192, 1)], { transA: false, transB: true });
    const node = make('Mul', [make('Reshape', [gradient], { shape: [64, 4, 6, 8] }), a], {});
    const moved = toBatchLast(rebuilt(node), build);
    expect(after('Transpose', moved)).toBe(false);
    expect(await evaluate([fromBatchLast(moved, make)], true)).toEqual(await evaluate([node], true));
  });

  it('cancel between the layers of a critic', () => {
    const [first, second] = [geometry(8, 8, 3, 32), geometry(4, 4, 32, 32)];
    const conv = (x: Node, name: string, g: Geometry): Node =>
      make(
        'LeakyRelu',
        [make('Add', [make('Conv2D', [x, leaves(g, name).w], { geometry: g }), tensor(name, 32)], {})],
        {
          alpha: 0.2,
        },
      );
    const y = conv(conv(leaves(first).x, 'first', first), 'second', second);
    const logits = make('Gemm', [make('Reshape', [y], { shape: [64, 512] }), tensor('w', 512, 1)], {
      transA: false,
      transB: false,
    });
    // The first one, of the images of three channels.
    const images = topologicalOrder(optimize([logits], ALL_PASSES)).filter(
      (node) => isOp(node, 'Transpose') && ['1,2,3,0', '3,0,1,2'].includes(node.attributes.perm.join()),
    );
    expect(images.map(({ shape }) => shape)).toEqual([[16, 16, 3, 64]]);
  });

  it('are not made if the graph has convolutions of another kind, before which images would be transposed back', () => {
    const [halving, keeping] = [
      geometry(4, 4, 32, 32),
      { ...geometry(4, 4, 32, 32), height: 4, width: 4, kernel: [3, 3], strides: [1, 1] } satisfies Geometry,
    ];
    const { x, w } = leaves(halving);
    const y = make('Conv2D', [x, w], { geometry: halving });
    const z = make('Conv2D', [y, leaves(keeping, 'keeping ').w], { geometry: keeping });
    const made = (node: Node) => count(optimize([node], ALL_PASSES), isMoved);
    expect(made(y)).toBeGreaterThan(0);
    expect(made(z)).toBe(0);
  });
});
