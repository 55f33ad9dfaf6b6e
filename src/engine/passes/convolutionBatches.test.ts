// Convolutions of several batches with the same filters: what is fused, and that the values stay the same.
import { describe, expect, it } from 'vitest';
import { difference, evaluate, leaves } from '../../../test/support/runGraph';
import { make, topologicalOrder, type Node } from '../graph/node';
import type { Geometry, Op } from '../graph/ops';
import { fuseConvolutionBatches } from './batchFusion';
import { lowerToOnnx } from './lower';

const geometry = (batch: number, pixels = 8): Geometry => ({
  ...{ batch, height: pixels, width: pixels, outHeight: pixels / 2, outWidth: pixels / 2, channels: 32, filters: 33 },
  ...{ kernel: [4, 4], strides: [2, 2], dilations: [1, 1], pads: [1, 1, 1, 1] },
});
const small = geometry(2);
const { w } = leaves(small);
const batches = ['a', 'b', 'c'].map((name) => leaves(small, name));
const relu = (x: Node): Node => make('Relu', [x], {});
const add = (a: Node, b: Node): Node => make('Add', [a, b], {});
const fuse = (outputs: readonly Node[]): Node[] => fuseConvolutionBatches(outputs, true, make);
const count = (outputs: readonly Node[], op: Op): number =>
  topologicalOrder(outputs).filter((node) => node.op === op).length;

/** Each output has the same values as before the pass, in ONNX Runtime's convolution. */
async function expectSameValues(outputs: readonly Node[]): Promise<void> {
  const [fused, plain] = await Promise.all([fuse(outputs), outputs].map((o) => evaluate(lowerToOnnx(o), true)));
  expect(difference(fused, plain)).toBeLessThan(1e-6);
}

describe('convolutions of several batches', () => {
  const forward = (g: Geometry, name: string) => make('Conv2D', [leaves(g, name).x, w], { geometry: g });

  it('with the same filters become one, with the operations around them', async () => {
    const outputs = batches.map(({ x }) => relu(make('Conv2D', [x, w], { geometry: small })));
    expect(count(fuse(outputs), 'Conv2D')).toBe(1);
    await expectSameValues(outputs);
  });

  it('become one in the direction of the input gradient', async () => {
    const outputs = batches.map(({ y }) => make('Conv2DInputGradient', [relu(y), w], { geometry: small }));
    expect(count(fuse(outputs), 'Conv2DInputGradient')).toBe(1);
    await expectSameValues(outputs);
  });

  it('have the sum of their filter gradients as the gradient of one', async () => {
    const gradients = batches.map(({ x, y }) => make('Conv2DFilterGradient', [x, y], { geometry: small }));
    const outputs = [gradients.map((g): Node => g).reduce(add)];
    expect(count(fuse(outputs), 'Conv2DFilterGradient')).toBe(1);
    expect(count(fuse(outputs), 'Add')).toBe(0);
    await expectSameValues(outputs);
  });

  it('stay apart if one needs the result of another', async () => {
    const [{ x }] = batches;
    const first = make('Conv2D', [x, w], { geometry: small });
    const sum = make('ReduceSum', [first], { axes: [0, 1, 2, 3], keepDims: false });
    const outputs = [make('Conv2D', [add(batches[1].x, sum), w], { geometry: small })];
    expect(count(fuse(outputs), 'Conv2D')).toBe(2);
    await expectSameValues(outputs);
  });

  it.each([
    ['other filters', [forward(small, 'a'), make('Conv2D', [batches[1].x, leaves(small, 'v').w], { geometry: small })]],
    ['other sizes', [forward(small, 'a'), forward(geometry(2, 16), 'b')]],
    ['many rows', [forward(geometry(64), 'a'), forward(geometry(64), 'b')]],
  ])('stay apart with %s', (_, outputs) => {
    expect(count(fuse(outputs), 'Conv2D')).toBe(2);
  });
});
