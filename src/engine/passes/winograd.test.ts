// Winograd's algorithm against ONNX Runtime's convolution, for each tile size, and that sums share its last map.
import { describe, expect, it } from 'vitest';
import { difference, leaves, run } from '../../../test/support/runGraph';
import { make, topologicalOrder, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { ALL_PASSES, NO_PASSES, optimize } from './optimize';

const geometry = (kernel: 3 | 4, outHeight: number, outWidth: number, channels = 32, filters = 34): Geometry => {
  const stride = kernel === 4 ? 2 : 1;
  return {
    batch: 2,
    height: outHeight * stride,
    width: outWidth * stride,
    channels,
    filters,
    kernel: [kernel, kernel],
    strides: [stride, stride],
    dilations: [1, 1],
    pads: [1, 1, 1, 1],
    outHeight,
    outWidth,
  };
};

const count = (nodes: readonly Node[], op: string): number => topologicalOrder(nodes).filter((n) => n.op === op).length;

describe.each([
  ['kernel 4, tiles of 4×4', geometry(4, 8, 8), 25],
  ['kernel 4, tiles of 2×2', geometry(4, 6, 2), 9],
  ['kernel 4, tiles of 4×2', geometry(4, 4, 10), 15],
  ['kernel 4, one tile', geometry(4, 4, 4), 25],
  ['kernel 3, tiles of 4×4', geometry(3, 8, 12), 36],
  ['kernel 3, tiles of 2×2', geometry(3, 2, 6), 16],
  ['kernel 3, tiles of 2×4', geometry(3, 6, 4), 24],
] as const)('a convolution of %s', (_, g, products) => {
  const { x, w, y } = leaves(g);
  it.each([
    ['', make('Conv2D', [x, w], { geometry: g })],
    ["'s input gradient", make('Conv2DInputGradient', [y, w], { geometry: g })],
    ["'s filter gradient", make('Conv2DFilterGradient', [x, y], { geometry: g })],
  ])('%s is accurate', async (_, node) => {
    const passes = { ...NO_PASSES, winograd: true };
    const product = topologicalOrder(optimize([node], { ...passes, largeWinogradTiles: true })).find(
      ({ op, shape, inputs: [a] }) => op === 'MatMul' && shape.length === 3 && a.op !== 'Constant',
    );
    expect(product?.shape[0]).toBe(products);
    const expected = await run([node], NO_PASSES);
    expect(difference(await run([node], { ...passes, largeWinogradTiles: true }), expected)).toBeLessThan(3e-6);
    expect(difference(await run([node], passes), expected)).toBeLessThan(1e-6);
  });
});

describe('other convolutions', () => {
  it.each([
    ['few channels', geometry(4, 8, 8, 31)],
    ['few filters', geometry(3, 8, 8, 32, 16)],
    ['an odd size', geometry(3, 7, 8)],
    ['another stride', { ...geometry(3, 8, 8), strides: [2, 2], outHeight: 4, outWidth: 4 } as const],
    ['unequal strides', { ...geometry(4, 8, 8), strides: [2, 1], outWidth: 15 } as const],
  ])('of %s are left alone', (_, g) => {
    const { x, w } = leaves(g);
    const [lowered] = optimize([make('Conv2D', [x, w], { geometry: g })], { ...NO_PASSES, winograd: true });
    expect(count([lowered], 'Conv')).toBe(1);
  });
});

describe('linearSums', () => {
  const g = geometry(4, 8, 8);
  const gradient = (name: string): Node => {
    const { x, y } = leaves(g, name);
    return make('Conv2DFilterGradient', [x, y], { geometry: g });
  };
  const [a, b, c] = ['a', 'b', 'c'].map(gradient);
  const sum = make('Add', [make('Add', [a, b], {}), c], {});
  // With few rows, all convolutions would be one.
  const all = { ...ALL_PASSES, convolutionBatches: false };
  const passes = { ...all, linearSums: false };
  // Four maps for the image and the outputs of each, and the last one.
  const maps = (nodes: readonly Node[]): number =>
    topologicalOrder(nodes).filter(({ op, inputs: [m] }) => op === 'MatMul' && m.op === 'Constant').length;

  it('applies the last map of filter gradients once', async () => {
    expect(maps(optimize([sum], passes)) - maps(optimize([sum], all))).toBe(2);
    expect(difference(await run([sum], all), await run([sum], NO_PASSES))).toBeLessThan(3e-6);
  });

  it('does not compute a result twice that is used elsewhere', () => {
    const outputs = [make('Add', [a, b], {}), a];
    expect(maps(optimize(outputs, all))).toBe(maps(optimize(outputs, passes)));
  });

  it('does not mix different maps', () => {
    const narrow = { ...geometry(4, 8, 8), outHeight: 6, height: 12 };
    const [x, y] = [leaves(narrow, 'n').x, leaves(narrow, 'n').y];
    const other = make('Conv2DFilterGradient', [x, y], { geometry: narrow });
    const outputs = [make('Add', [a, other], {})];
    expect(maps(optimize(outputs, all))).toBe(maps(optimize(outputs, passes)));
  });
});
