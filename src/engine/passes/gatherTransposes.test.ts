// Transposes as gathers: the same bits, and only where whole rows move.
import { describe, expect, it } from 'vitest';
import { run } from '../../../test/support/runGraph';
import { leaf, make, topologicalOrder, type Node } from '../graph/node';
import { gatherTransposes } from './gatherTransposes';
import { NO_PASSES } from './optimize';

const operations = (node: Node): string[] => topologicalOrder([node]).map(({ op }) => op);

describe('a transpose of rows', () => {
  it.each([
    [
      [3, 5, 2, 4, 16],
      [1, 3, 0, 2, 4],
    ],
    [
      [3, 4, 2, 8],
      [1, 0, 2, 3],
    ],
    [
      [2, 3, 4, 20],
      [2, 1, 0, 3],
    ],
    [
      [1, 6, 5, 2, 17],
      [2, 1, 3, 0, 4],
    ],
  ])('of [%s] by [%s] is a gather with the same values', async (shape, perm) => {
    const node = make('Transpose', [leaf('x', shape, 'float32')], { perm });
    const [gathered] = gatherTransposes([node]);
    expect(operations(gathered)).toEqual(['Leaf', 'Reshape', 'Constant', 'Gather', 'Reshape']);
    expect(gathered.shape).toEqual(node.shape);
    expect(await run([gathered], NO_PASSES)).toEqual(await run([node], NO_PASSES));
  });
});

describe('other transposes', () => {
  it.each([
    ['whose last axis moves', [4, 32, 32], [0, 2, 1]],
    ['of short rows', [4, 5, 15], [1, 0, 2]],
    ['that change nothing', [4, 5, 32], [0, 1, 2]],
  ])('%s stay', (_, shape, perm) => {
    const node = make('Transpose', [leaf('x', shape, 'float32')], { perm });
    expect(operations(gatherTransposes([node])[0])).toEqual(['Leaf', 'Transpose']);
  });
});

it('shares the index of equal transposes', () => {
  const transposes = ['x', 'y'].map((name) =>
    make('Transpose', [leaf(name, [4, 5, 32], 'float32')], { perm: [1, 0, 2] }),
  );
  const constants = topologicalOrder(gatherTransposes(transposes)).filter(({ op }) => op === 'Constant');
  expect(constants).toHaveLength(1);
});
