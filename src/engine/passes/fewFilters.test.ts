// Convolutions to few filters, and both of their gradients, as ONNX's Conv against the general lowering.
import { describe, expect, it } from 'vitest';
import { difference, leaves, run } from '../../../test/support/runGraph';
import { make, topologicalOrder } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { NO_PASSES, optimize } from './optimize';

const geometry = (kernel: readonly [number, number], pads: Geometry['pads'], filters = 3): Geometry => {
  const [height, width] = [7, 6];
  return {
    ...{ batch: 2, height, width, channels: 10, filters, kernel, pads, strides: [1, 1], dilations: [1, 1] },
    outHeight: height + pads[0] + pads[2] - kernel[0] + 1,
    outWidth: width + pads[1] + pads[3] - kernel[1] + 1,
  };
};
const passes = { ...NO_PASSES, im2col: true, fewFilters: true };

describe.each([
  ['kernel 3', geometry([3, 3], [1, 1, 1, 1])],
  ['kernel 3 without padding', geometry([3, 3], [0, 0, 0, 0])],
  ['unequal kernel and padding', geometry([4, 2], [1, 1, 2, 0])],
  ['kernel 1, one filter', geometry([1, 1], [0, 0, 0, 0], 1)],
  ['the largest padding', geometry([3, 2], [2, 1, 2, 1])],
] as const)('a convolution of %s', (_, g) => {
  const { x, w, y } = leaves(g);
  it.each([
    ['', make('Conv2D', [x, w], { geometry: g })],
    ["'s input gradient", make('Conv2DInputGradient', [y, w], { geometry: g })],
    ["'s filter gradient", make('Conv2DFilterGradient', [x, y], { geometry: g })],
  ])('%s has the same values', async (_, node) => {
    const lowered = optimize([node], passes);
    const operations = topologicalOrder(lowered).map(({ op }) => op);
    expect(operations).toContain('Conv');
    expect(operations).not.toContain('Gemm');
    expect(lowered[0].shape).toEqual(node.shape);
    expect(difference(await run([node], passes), await run([node], NO_PASSES))).toBeLessThan(1e-6);
  });
});

describe('other convolutions', () => {
  it.each([
    ['many filters', geometry([3, 3], [1, 1, 1, 1], 8)],
    ['a padding larger than the kernel', geometry([3, 3], [3, 1, 1, 1])],
    ['another stride', { ...geometry([3, 3], [1, 1, 1, 1]), strides: [2, 2], outHeight: 4, outWidth: 3 } as const],
    ['another dilation', { ...geometry([3, 3], [2, 2, 2, 2]), dilations: [2, 2], outHeight: 7, outWidth: 6 } as const],
    ['fewer channels than filters', { ...geometry([3, 3], [1, 1, 1, 1]), channels: 2 }],
  ])('with %s are left alone', (_, g) => {
    const { x, w } = leaves(g);
    const convolution = make('Conv2D', [x, w], { geometry: g });
    const text = (fewFilters: boolean) =>
      topologicalOrder(optimize([convolution], { ...passes, fewFilters })).map(({ op }) => op);
    expect(text(true)).toEqual(text(false));
  });
});
