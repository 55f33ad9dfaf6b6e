// What a click on the head of a column does.
import { expect, it } from 'vitest';
import { nextSorting } from './sorting';

it('goes from ascending to descending to the order of the plan', () => {
  const first = nextSorting(null, 'x');
  const second = nextSorting(first, 'x');
  expect([first, second, nextSorting(second, 'x')]).toEqual([
    { column: 'x', descending: false },
    { column: 'x', descending: true },
    null,
  ]);
  expect(nextSorting(second, 'y')).toEqual({ column: 'y', descending: false });
});
