// Sorting of rows.
import { expect, it } from 'vitest';
import { sortRows } from './sortRows';

const sorted = (values: readonly (string | number | null)[], descending = false) =>
  sortRows(values, (value) => value, descending);

it('sorts numbers by size and texts by the alphabet, missing values last in both directions', () => {
  expect(sorted([10, null, 9, -1])).toEqual([-1, 9, 10, null]);
  expect(sorted([10, null, 9, -1], true)).toEqual([10, 9, -1, null]);
  expect(sorted(['trial 10', 'Trial 9', 'a'])).toEqual(['a', 'Trial 9', 'trial 10']);
  expect(sorted(['auto', 10, '-1', 2])).toEqual([2, 10, '-1', 'auto']);
});

it('keeps the order of the plan among equal rows', () => {
  const rows = [
    [1, 'b'],
    [1, 'a'],
    [0, 'c'],
  ] as const;
  expect(sortRows(rows, ([value]) => value, true).map(([, name]) => name)).toEqual(['b', 'a', 'c']);
});
