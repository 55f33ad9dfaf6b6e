// Which updates of variables are taken out of a graph, and what is left for the graph to compute.
import { describe, expect, it } from 'vitest';
import { leaf, make, scalar, type Node } from '../graph/node';
import { hostUpdates } from './hostUpdates';

const [w, v, other] = ['w', 'v', 'other'].map((name) => leaf(name, [4, 5], 'float32'));
const [x, y] = ['x', 'y'].map((name) => leaf(name, [3, 5], 'float32'));
const a = leaf('a', [3, 4], 'float32');
const rate = leaf('rate', [], 'float32');
const variables = new Set<Node>([w, v, other]);
const op = (name: 'Add' | 'Sub' | 'Mul' | 'Div', ...inputs: Node[]): Node => make(name, inputs, {});
const product = (b: Node): Node => make('Gemm', [a, b], { transA: true, transB: false });
const g = product(x);
const updatesOf = (...writes: [Node, Node][]) => hostUpdates(new Map(writes), variables);

describe('an update of a variable', () => {
  it('passes once over the variables and the gradient', () => {
    const next = op('Add', v, op('Mul', scalar(0.1), op('Sub', op('Mul', g, g), v)));
    const step = op('Div', op('Mul', rate, g), op('Add', make('Sqrt', [next], {}), scalar(1e-8)));
    const clipped = make('Clip', [op('Sub', w, step)], { min: -0.1, max: 0.1 });
    const updates = updatesOf([v, next], [w, clipped]);
    expect(updates).toHaveLength(1);
    expect(new Set(updates[0].parameters)).toEqual(new Set([v, g, rate, w]));
    expect(updates[0].written).toEqual([v, w]);
    const stores = updates[0].instructions.findIndex(({ op }) => op === 'store');
    expect(updates[0].instructions.slice(stores).every(({ op }) => op === 'store')).toBe(true);
  });

  it('gets a sum of products from the graph as one array', () => {
    const gradient = op('Add', g, product(y));
    expect(updatesOf([w, op('Sub', w, op('Mul', rate, gradient))])[0].parameters).toEqual(
      expect.arrayContaining([w, rate, gradient]),
    );
  });

  it('ignores reshapes', () => {
    const flat = make('Reshape', [g], { shape: [20] });
    const next = make('Reshape', [op('Sub', make('Reshape', [w], { shape: [20] }), flat)], { shape: [4, 5] });
    const [update] = updatesOf([w, next]);
    expect(new Set(update.parameters)).toEqual(new Set([w, g]));
  });

  it.each<[string, Node]>([
    ['that is not elementwise', product(x)],
    ['with another factor for each column', op('Mul', w, leaf('column', [5], 'float32'))],
    ['with an unsupported operation at its end', make('Tanh', [w], {})],
    ['by an input of the step', op('Sub', w, leaf('given', [4, 5], 'float32'))],
    ['by a copy', v],
  ])('%s stays in the graph', (_, next) => {
    expect(updatesOf([w, next])).toEqual([]);
  });

  it('is one with those of the variables that it reads', () => {
    const swap = updatesOf([w, op('Add', v, g)], [v, op('Add', w, g)], [other, op('Add', other, g)]);
    expect(swap.map(({ written }) => written)).toEqual([[w, v], [other]]);
  });
});
