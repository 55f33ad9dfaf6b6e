// The grid of small charts.
import { expect, it } from 'vitest';
import { gridColumns } from './chartGrid';

it('has as many columns as fit, and rows of equal length', () => {
  expect(gridColumns(9, 0, 1288).columns).toBe(5);
  expect(gridColumns(6, 0, 1288).columns).toBe(3);
  expect(gridColumns(8, 0, 1288).columns).toBe(4);
  expect(gridColumns(2, 0, 1288).columns).toBe(2);
  expect(gridColumns(9, 0, 290).columns).toBe(1);
  for (let charts = 1; charts < 40; charts++)
    for (const width of [240, 600, 825, 1288, 1900]) {
      const { columns } = gridColumns(charts, 0, width);
      // Fewer columns than fit never cost a row, and leave the fewest holes.
      const most = Math.max(1, Math.floor((width + 22) / 262));
      expect(Math.ceil(charts / columns)).toBe(Math.ceil(charts / most));
      expect(Math.ceil(charts / columns) * columns - charts).toBeLessThan(Math.ceil(charts / columns));
    }
});

it('lets wide charts span two of three columns', () => {
  expect(gridColumns(5, 1, 825)).toEqual({ columns: 3, spans: true });
  expect(gridColumns(5, 1, 570)).toEqual({ columns: 2, spans: false });
});
