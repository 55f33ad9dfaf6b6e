// Alignment of curves with different steps.
import { describe, expect, it } from 'vitest';
import { align } from './align';

describe('aligning curves', () => {
  it('uses the union of their steps, without gaps at steps that a curve does not have', () => {
    const aligned = align([
      { x: [1, 3], ys: [[10, null]] },
      {
        x: [1, 2, 4],
        ys: [
          [5, 6, 7],
          [8, 9, 1],
        ],
      },
    ]);
    expect(aligned).toEqual({
      x: [1, 2, 3, 4],
      ys: [
        [10, undefined, null, undefined],
        [5, 6, undefined, 7],
        [8, 9, undefined, 1],
      ],
    });
    expect(align([])).toEqual({ x: [], ys: [] });
  });
});
