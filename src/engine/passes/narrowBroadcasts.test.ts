// Broadcasts of few channels to longer rows: which are changed, and that they give the same bits.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/support/runGraph';
import { fill, leaf, make, topologicalOrder, type Node } from '../graph/node';
import type { Shape } from '../graph/shapes';
import { widenBroadcasts } from './narrowBroadcasts';

const tensor = (name: string, ...shape: number[]): Node => leaf(name, shape, 'float32');
const images = tensor('images', 4, 32, 32, 6);
const wide = ([node]: readonly Node[]): Shape | undefined =>
  topologicalOrder([node]).find(({ op }) => op === 'Expand')?.shape;

describe('an operation on a few channels', () => {
  it.each<[string, Node, Shape]>([
    ['a bias', make('Add', [images, tensor('b', 6)], {}), [64, 6]],
    ['an operand with axes of one', make('Mul', [images, tensor('b', 1, 1, 1, 6)], {}), [64, 6]],
    ['a first operand', make('Sub', [tensor('b', 6), images], {}), [64, 6]],
    ['rows that are a multiple of few', make('Div', [tensor('x', 4 * 1025, 6), tensor('b', 6)], {}), [4, 6]],
  ])('broadcasts %s to rows of many pixels, with the same bits', async (_, node, expanded) => {
    const widened = widenBroadcasts([node], make);
    expect(wide(widened)).toEqual(expanded);
    expect(widened[0].shape).toEqual(node.shape);
    expect(await evaluate(widened, true)).toEqual(await evaluate([node], true));
  });

  it.each<[string, Node]>([
    ['many channels', make('Add', [tensor('x', 32, 32, 33), tensor('b', 33)], {})],
    ['few pixels', make('Add', [tensor('x', 32, 6), tensor('b', 6)], {})],
    ['an odd number of pixels', make('Add', [tensor('x', 4001, 6), tensor('b', 6)], {})],
    ['a number for each pixel', make('Add', [images, tensor('b', 32, 32, 1)], {})],
    ['two images', make('Add', [images, tensor('other', 4, 32, 32, 6)], {})],
    ['a constant', make('Add', [images, fill(1, [6])], {})],
  ])('is left alone with %s', (_, node) => {
    expect(wide(widenBroadcasts([node], make))).toBeUndefined();
  });
});
