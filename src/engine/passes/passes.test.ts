// The passes: what each one does to a graph, and that shapes and dtypes are preserved.
import { describe, expect, it } from 'vitest';
import { constant, fill, leaf, make, scalar, topologicalOrder, type Node } from '../graph/node';
import { rules } from '../graph/ops';
import { printGraph } from '../graph/print';
import { attributesKey } from './commonSubexpressions';
import { ALL_PASSES, NO_PASSES, optimize, type Passes } from './optimize';

const x = leaf('x', [2, 3], 'float32');
const y = leaf('y', [3], 'float32');
const only = (pass: keyof Passes): Passes => ({ ...NO_PASSES, [pass]: true });
const graph = (node: Node, passes: Passes): string => printGraph(optimize([node], passes));
const simplified = (node: Node): string => graph(node, only('constantFolding'));

describe('constantFolding', () => {
  const full = fill(0, [2, 3]);
  it.each<[string, Node]>([
    ['x + 0', make('Add', [x, scalar(0)], {})],
    ['0 + x', make('Add', [full, x], {})],
    ['x - 0', make('Sub', [x, full], {})],
    ['x * 1', make('Mul', [x, fill(1, [2, 3])], {})],
    ['x ** 1', make('Pow', [x, scalar(1)], {})],
    ['-(-x)', make('Neg', [make('Neg', [x], {})], {})],
    ['a reshape to its own shape', make('Reshape', [x], { shape: [2, 3] })],
    ['two reshapes that undo each other', make('Reshape', [make('Reshape', [x], { shape: [6] })], { shape: [2, 3] })],
    [
      'two transposes that undo each other',
      make('Transpose', [make('Transpose', [x], { perm: [1, 0] })], { perm: [1, 0] }),
    ],
    ['a choice with a constant condition', make('Where', [fill(1, [], 'bool'), x, full], {})],
  ])('replaces %s by x', (_, node) => {
    expect(simplified(node)).toBe('%0 = Leaf() "x" : float32[2,3]\nreturn %0');
  });

  it.each<[string, Node, number]>([
    ['a product with zero', make('Mul', [x, scalar(0)], {}), 0],
    ['a matrix product with zero', make('Gemm', [x, fill(0, [3, 2])], { transA: false, transB: false }), 0],
    ['a sum of ones', make('ReduceSum', [fill(1, [4, 5])], { axes: [1], keepDims: false }), 5],
    ['zero divided', make('Div', [full, make('Exp', [x], {})], {}), 0],
    ['the gradient of a leaky ReLU of a constant', make('LeakyReluGrad', [fill(-2, [3])], { alpha: 0.25 }), 0.25],
  ])('replaces %s by its constant value', (_, node, value) => {
    expect(simplified(node)).toMatch(new RegExp(`^%0 = Fill\\(\\) ${value} : float32\\[[\\d,]*\\]\nreturn %0$`));
  });

  it('keeps the shape of a result that was broadcast', () => {
    const [grown] = optimize([make('Add', [y, fill(0, [2, 3])], {})], ALL_PASSES);
    expect(grown.shape).toEqual([2, 3]);
    const [stretched] = optimize([make('Mul', [y, fill(1, [2, 3])], {})], ALL_PASSES);
    expect(stretched.shape).toEqual([2, 3]);
  });

  it('merges two constant factors, unless the product overflows float32', () => {
    const twice = (a: number, b: number): Node => make('Mul', [make('Mul', [x, scalar(a)], {}), scalar(b)], {});
    expect(simplified(twice(2, 3))).toContain('Fill() 6 ');
    expect(simplified(twice(10, 2 ** 127)).match(/Mul/g)).toHaveLength(2); // x = 0 would become NaN
    expect(simplified(make('Div', [x, scalar(1e-40)], {}))).toContain('Div');
  });

  it('applies a constant factor to the smaller operand', () => {
    const column = leaf('column', [2, 1], 'float32');
    const product = make('Mul', [column, make('Mul', [x, scalar(2)], {})], {});
    expect(simplified(product)).toContain('Mul(%1, %2) : float32[2,1]');
  });

  it('removes the Expand of an operand', () => {
    const expanded = make('Mul', [y, fill(2, [2, 3])], {});
    expect(simplified(make('Add', [x, expanded], {}))).not.toContain('Expand');
  });
});

describe('batchFusion', () => {
  const [w1, w2] = [leaf('w1', [8, 6], 'float32'), leaf('w2', [6, 5], 'float32')];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => leaf(name, [2, 8], 'float32'));
  const flags = (transA: boolean, transB: boolean) => ({ transA, transB });
  const product = (x: Node, w: Node, transB = false): Node => make('Gemm', [x, w], flags(false, transB));
  const network = (x: Node): Node => product(make('Tanh', [product(x, w1)], {}), w2);
  const count = (text: string, op: string): number => text.split(` = ${op}(`).length - 1;
  const fused = (...outputs: Node[]): string =>
    printGraph(optimize(outputs, { ...only('batchFusion'), commonSubexpressions: true }));

  it('concatenates batches that go through the same layers, and slices the result once', () => {
    const text = fused(network(a), network(b), network(c));
    expect(text).toContain('Concat(%0, %1, %2) {"axis":0} : float32[6,8]');
    expect([count(text, 'Gemm'), count(text, 'Tanh'), count(text, 'Concat'), count(text, 'Slice')]).toEqual([
      2, 1, 1, 3,
    ]);
  });

  it('does not fuse batches that depend on each other', () => {
    const first = product(a, w1);
    const second = product(product(first, w1, true), w1);
    const text = fused(make('Add', [first, second], {}), product(b, w1));
    expect([count(text, 'Gemm'), count(text, 'Concat')]).toEqual([3, 1]);
  });

  it('does not create two groups that depend on each other', () => {
    const [x, w3] = [leaf('x', [2, 6], 'float32'), leaf('w3', [5, 8], 'float32')];
    const [there, back] = [product(product(a, w1), w2), product(product(product(x, w2), w3), w1)];
    const text = fused(there, back);
    expect([count(text, 'Gemm'), count(text, 'Concat')]).toEqual([4, 1]);
  });

  it('fuses each layer of a deep network, for batches of unequal depth', () => {
    const wide = leaf('wide', [8, 8], 'float32');
    const deep = (from: Node): Node =>
      Array.from({ length: 20 }).reduce<Node>((x) => make('Tanh', [product(x, wide)], {}), from);
    const generated = Array.from({ length: 30 }).reduce<Node>((x) => make('Neg', [x], {}), b);
    const text = fused(deep(a), deep(generated), deep(make('Add', [a, generated], {})));
    expect([count(text, 'Gemm'), count(text, 'Concat')]).toEqual([20, 1]);
  });

  it('computes a sum of gradients as one product, without additional copies', () => {
    const delta = (x: Node): Node => make('Mul', [make('Tanh', [product(x, w1)], {}), scalar(2)], {});
    const gradient = (x: Node): Node => make('Gemm', [x, delta(x)], flags(true, false));
    const text = fused(make('Add', [make('Add', [gradient(b), gradient(a)], {}), gradient(c)], {}));
    expect([count(text, 'Gemm'), count(text, 'Concat'), count(text, 'Slice'), count(text, 'Add')]).toEqual([
      2, 1, 0, 0,
    ]);
  });

  it('does not fuse batches that are larger than the matrix', () => {
    const [x, z] = ['x', 'z'].map((name) => leaf(name, [4, 8], 'float32'));
    expect(count(fused(product(x, w1), product(z, w1)), 'Gemm')).toBe(2);
  });
});

describe('commonSubexpressions', () => {
  it('creates equal nodes once, also with swapped operands of a sum', () => {
    const twice = make('Mul', [make('Add', [x, y], {}), make('Add', [y, x], {})], {});
    expect(topologicalOrder(optimize([twice], only('commonSubexpressions'))).length).toBe(4);
    expect(topologicalOrder(optimize([twice], NO_PASSES)).length).toBe(5);
  });

  it('distinguishes constants by every value, and zeros by their sign', () => {
    const of = (...values: number[]): Node => constant(Float32Array.from(values), [values.length], 'float32');
    const sum = make('Add', [make('Add', [of(1, 2, 3), of(1, 2, 4)], {}), of(1, 2, 3)], {});
    expect(graph(sum, only('commonSubexpressions')).match(/Constant/g)).toHaveLength(2);
    const zeros = make('Div', [make('Mul', [x, fill(0, [])], {}), make('Mul', [x, fill(-0, [])], {})], {});
    expect(graph(zeros, only('commonSubexpressions')).match(/Fill/g)).toHaveLength(2);
  });
});

describe('the key of a constant', () => {
  const keyOf = (values: Int32Array | Uint8Array): string =>
    attributesKey('Constant', {
      values,
      shape: [values.length],
      dtype: values instanceof Int32Array ? 'int32' : 'bool',
    });

  it('differs for each single bit, and for any two', () => {
    const keys = new Set<string>();
    const bits = 6 * 32;
    for (let first = 0; first < bits; first++)
      for (let second = first; second < bits; second++) {
        const values = new Int32Array(6);
        for (const bit of [first, second]) values[bit >> 5] ^= 1 << (bit & 31);
        keys.add(keyOf(values));
      }
    expect(keys.size).toBe((bits * (bits - 1)) / 2 + 1);
  });

  it('depends on the values only, wherever they are stored', () => {
    const bytes = Uint8Array.from({ length: 21 }, (_, i) => i % 5);
    expect(keyOf(bytes.subarray(1, 8))).toBe(keyOf(bytes.slice(1, 8)));
    expect(keyOf(bytes.subarray(5, 13))).not.toBe(keyOf(bytes.subarray(6, 14)));
  });
});

describe('layout', () => {
  const image = make('Reshape', [x], { shape: [2, 3, 1, 1] });
  const laidOut = (node: Node): string => graph(node, only('layout'));

  it('moves elementwise operations before a reshape', () => {
    const other = make('Reshape', [leaf('z', [2, 3], 'float32')], { shape: [2, 3, 1, 1] });
    const chain = make('Tanh', [make('Mul', [make('Add', [image, scalar(1)], {}), other], {})], {});
    const text = laidOut(chain);
    expect(text.match(/Reshape/g)).toHaveLength(1);
    expect(text).toMatch(/Tanh\(%\d+\) : float32\[2,3\]/);
  });

  it('moves a bias before a reshape that keeps its axis', () => {
    const product = make('Gemm', [x, leaf('w', [3, 4], 'float32')], { transA: false, transB: false });
    const biased = make('Add', [make('Reshape', [product], { shape: [1, 2, 4] }), leaf('b', [4], 'float32')], {});
    expect(graph(biased, { ...only('layout'), gemmSumFusion: true })).toMatch(/Gemm\(%\d, %\d, %\d\).*\[2,4\]/);
  });

  it('keeps a reshape if the other operand would be broadcast along other axes', () => {
    const wide = make('Reshape', [x], { shape: [3, 2] });
    expect(laidOut(make('Add', [wide, leaf('b', [2], 'float32')], {}))).toContain('Add(%1, %2) : float32[3,2]');
    const grown = make('Add', [make('Reshape', [y], { shape: [3, 1] }), leaf('b', [2], 'float32')], {});
    expect(laidOut(grown)).toContain('Add(%1, %2) : float32[3,2]');
  });

  it('merges transposes into a product', () => {
    const across = make('Transpose', [leaf('w', [4, 3], 'float32')], { perm: [1, 0] });
    expect(laidOut(make('Gemm', [x, across], { transA: false, transB: false }))).toContain('"transB":true');
    expect(
      laidOut(make('Gemm', [x, make('Transpose', [across], { perm: [1, 0] })], { transA: false, transB: true })),
    ).toContain('"transB":true');
  });
});

describe('gemmSumFusion', () => {
  const w = leaf('w', [3, 4], 'float32');
  const bias = leaf('bias', [4], 'float32');
  const product = make('Gemm', [x, w], { transA: false, transB: false });

  it('fuses a bias into its product', () => {
    expect(graph(make('Add', [product, bias], {}), only('gemmSumFusion'))).toContain('Gemm(%0, %1, %2)');
  });

  it('fuses another summand into its product', () => {
    const other = make('Gemm', [x, leaf('u', [3, 4], 'float32')], { transA: false, transB: false });
    const sum = graph(make('Add', [make('Mul', [other, scalar(2)], {}), product], {}), only('gemmSumFusion'));
    expect(sum).toMatch(/Gemm\(%\d, %\d, %\d\)/);
    expect(sum).not.toContain('Add');
  });

  it('does not fuse a product that is used elsewhere', () => {
    const both = make('Mul', [make('Add', [product, bias], {}), product], {});
    expect(graph(both, only('gemmSumFusion'))).toContain('Gemm(%0, %1)');
  });
});

describe('reductionAsGemm', () => {
  const images = leaf('images', [64, 10, 10, 3], 'float32');

  it('computes sums over leading axes as a product with ones, and means with 1/n', () => {
    const sum = graph(
      make('ReduceSum', [leaf('rows', [1, 64, 5], 'float32')], { axes: [1], keepDims: true }),
      only('reductionAsGemm'),
    );
    expect(sum).toContain('Fill() 1 : float32[1,64]');
    expect(sum).toContain('Gemm(');
    expect(sum).toMatch(/Reshape\(%\d\) {"shape":\[1,1,5\]}/);
    expect(
      graph(
        make('ReduceMean', [leaf('rows', [64, 5], 'float32')], { axes: [0], keepDims: false }),
        only('reductionAsGemm'),
      ),
    ).toContain('Fill() 0.015625');
  });

  it('sums many rows in two stages', () => {
    const sum = graph(make('ReduceSum', [images], { axes: [0, 1, 2], keepDims: false }), only('reductionAsGemm'));
    expect(sum).toContain('float32[1,240]'); // 80 parts of 80 rows, 3 channels each
    expect(sum.match(/Gemm/g)).toHaveLength(2);
  });

  it('does not change other sums', () => {
    for (const axes of [[3], [1, 2], [0, 1, 2, 3], [0, 3]])
      expect(graph(make('ReduceSum', [images], { axes, keepDims: false }), only('reductionAsGemm'))).toMatch(
        /ReduceSum/,
      );
  });
});

describe('fuseOptimizerUpdates', () => {
  const rate = leaf('rate', [], 'float32');
  /** v <- 0.9 v + g², w <- w - rate g / √v for the gradient of g² / 2. */
  const update = (name: string, shape: readonly number[], decay = 0.9): Node[] => {
    const [w, v, g] = ['w', 'v', 'g'].map((part) => leaf(`${name}/${part}`, shape, 'float32'));
    const next = make('Add', [make('Mul', [v, scalar(decay)], {}), make('Mul', [g, g], {})], {});
    return [make('Sub', [w, make('Div', [make('Mul', [rate, g], {}), make('Sqrt', [next], {})], {})], {}), next];
  };
  const count = (text: string, op: string): number => text.split(`${op}(`).length - 1;
  const all = (outputs: readonly Node[]): string => printGraph(optimize(outputs, only('fuseOptimizerUpdates')));

  it('updates variables of different shapes at once', () => {
    const joined = all([...update('a', [3, 4]), ...update('b', [4]), ...update('c', [1, 4])]);
    for (const op of ['Sqrt', 'Div', 'Sub', 'Add']) expect(count(joined, op), op).toBe(1);
    expect(count(joined, 'Concat')).toBe(3);
    expect(count(joined, 'Split')).toBe(6);
    expect(joined).toContain('{"sizes":[12,4,4],"at":2}');
  });

  it('does not fuse different, large or single updates', () => {
    expect(count(all([...update('a', [3]), ...update('b', [3], 0.99)]), 'Concat')).toBe(0);
    expect(count(all([...update('a', [300, 300]), ...update('b', [300, 300])]), 'Concat')).toBe(0);
    expect(count(all(update('a', [3])), 'Concat')).toBe(0);
  });

  it('only concatenates the parts of an update that differ', () => {
    const product = make('Gemm', [leaf('a', [2, 3], 'float32'), leaf('b', [3, 2], 'float32')], {
      transA: false,
      transB: false,
    });
    const sum = make('ReduceSum', [leaf('c', [5, 2, 2], 'float32')], { axes: [0], keepDims: false });
    const step = (name: string, g: Node): Node =>
      make('Sub', [leaf(name, [2, 2], 'float32'), make('Mul', [g, rate], {})], {});
    const joined = all([step('v', product), step('w', sum)]);
    expect(['Gemm', 'ReduceSum', 'Mul', 'Sub', 'Concat'].map((op) => count(joined, op))).toEqual([1, 1, 1, 1, 2]);
  });
});

describe('every pass', () => {
  it('preserves shapes and dtypes', () => {
    const geometry = {
      batch: 2,
      height: 6,
      width: 6,
      channels: 8,
      filters: 4,
      kernel: [4, 4],
      strides: [2, 2],
      dilations: [1, 1],
      pads: [1, 1, 1, 1],
      outHeight: 3,
      outWidth: 3,
    } as const;
    const image = leaf('image', [2, 6, 6, 8], 'float32');
    const filter = leaf('filter', [4, 4, 8, 4], 'float32');
    const convolved = make('Conv2D', [image, filter], { geometry });
    const outputs = [
      convolved,
      make('Conv2DInputGradient', [convolved, filter], { geometry }),
      make('Conv2DFilterGradient', [image, convolved], { geometry }),
    ];
    for (const passes of [ALL_PASSES, NO_PASSES]) {
      const optimized = optimize(outputs, passes);
      optimized.forEach((node, i) => expect(node.shape).toEqual(outputs[i].shape));
      for (const { op, inputs, attributes, shape, dtype } of topologicalOrder(optimized)) {
        expect(op).not.toMatch(/^Conv2D/);
        expect((rules[op] as (i: readonly Node[], a: object) => object)(inputs, attributes)).toEqual({ shape, dtype });
      }
    }
  });
});
