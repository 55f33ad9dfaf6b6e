// Products of interpolated batches: which become interpolations of products, and that the values stay the same.
import { describe, expect, it } from 'vitest';
import { difference, evaluate, leaves } from '../../../test/support/runGraph';
import { leaf, make, scalar, topologicalOrder, type Node } from '../graph/node';
import type { Geometry, Op } from '../graph/ops';
import { interpolateProducts } from './interpolations';
import { lowerToOnnx } from './lower';

const shape = [3, 2, 4] as const;
const [x, fake] = ['x', 'fake'].map((name) => leaf(name, [...shape], 'float32'));
const epsilon = leaf('epsilon', [3, 1, 1], 'float32');
const w = leaf('w', [8, 5], 'float32');
const mul = (a: Node, b: Node): Node => make('Mul', [a, b], {});
const add = (a: Node, b: Node): Node => make('Add', [a, b], {});
const reshape = (x: Node, ...shape: number[]): Node => make('Reshape', [x], { shape });
const times = (x: Node, weights = w): Node =>
  make('Gemm', [reshape(x, 3, 8), weights], { transA: false, transB: false });
const rest = (e: Node): Node => make('Sub', [scalar(1), e], {});
const xHat = add(mul(epsilon, x), mul(fake, rest(epsilon)));
const count = (outputs: readonly Node[], op: Op): number =>
  topologicalOrder(interpolateProducts(outputs, make)).filter((node) => node.op === op).length;

async function expectSameValues(outputs: readonly Node[]): Promise<void> {
  const [changed, plain] = await Promise.all(
    [interpolateProducts(outputs, make), outputs].map((o) => evaluate(lowerToOnnx(o), true)),
  );
  expect(difference(changed, plain)).toBeLessThan(1e-6);
}

describe('the product of an interpolation', () => {
  it('is the interpolation of the products, also behind reshapes', async () => {
    const flat = add(reshape(mul(epsilon, x), 3, 8), reshape(mul(fake, rest(epsilon)), 3, 8));
    for (const outputs of [
      [times(xHat), times(x), times(fake)],
      [times(x), times(fake), times(flat)],
    ]) {
      expect(count(outputs, 'Gemm')).toBe(2);
      await expectSameValues(outputs);
    }
  });

  it('is one for convolutions as well', async () => {
    const geometry: Geometry = {
      ...{ batch: 2, height: 4, width: 4, channels: 3, filters: 5, outHeight: 2, outWidth: 2 },
      ...{ kernel: [4, 4], strides: [2, 2], dilations: [1, 1], pads: [1, 1, 1, 1] },
    };
    const [a, b] = ['a', 'b'].map((name) => leaves(geometry, name).x);
    const e = leaf('e', [2, 1, 1, 1], 'float32');
    const outputs = [a, b, add(mul(a, e), mul(b, rest(e)))].map((image) =>
      make('Conv2D', [image, leaves(geometry).w], { geometry }),
    );
    // Leaves of equal names are different nodes.
    expect(count(outputs, 'Conv2D')).toBe(3);
    const [{ inputs }] = outputs;
    const shared = outputs.map((node) => make('Conv2D', [node.inputs[0], inputs[1]], { geometry }));
    expect(count(shared, 'Conv2D')).toBe(2);
    await expectSameValues(shared);
  });

  it('of a dense layer over the pixels or time steps of a sample is computed', async () => {
    const rows = leaf('rows', [4, 5], 'float32');
    const outputs = [xHat, x, fake].map((batch) =>
      make('Gemm', [reshape(batch, 6, 4), rows], { transA: false, transB: false }),
    );
    expect(count(outputs, 'Gemm')).toBe(3);
    await expectSameValues(outputs);
  });

  it.each<[string, Node[]]>([
    ['of a batch without a product', [times(xHat), times(x)]],
    ['with other weights', [times(xHat), times(x), times(fake, leaf('other', [8, 5], 'float32'))]],
    ['with a factor that is not per sample', [times(add(mul(scalar(2), x), fake)), times(x), times(fake)]],
    [
      'with a factor for each row of a sample',
      [times(add(mul(leaf('rows', [3, 2, 1], 'float32'), x), mul(epsilon, fake))), times(x), times(fake)],
    ],
  ])('%s is computed', (_, outputs) => {
    expect(count(outputs, 'Gemm')).toBe(outputs.length);
  });
});
