// The table of a comparison.
import { describe, expect, it } from 'vitest';
import { settingRows, stateRows, valueRows } from './comparisonTable';
import { groupRuns } from './groups';
import { runs, order } from '../../test/support/comparedRuns';

describe('the table of a comparison', () => {
  const groups = groupRuns(runs, order, false);

  it('shows last values, or median and range for several seeds', () => {
    expect(valueRows(groups, 101)).toEqual([
      { head: 'Estimate', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
      { head: 'W1', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
    ]);
    expect(stateRows(groups).find(({ head }) => head === 'Seed')).toEqual({ head: 'Seed', cells: ['1, 2, 3', '1'] });
    expect(stateRows(groups).find(({ head }) => head === 'Steps')?.cells).toEqual(['2 × 100, 80', '50']);
  });

  it('shows the differing settings, or all settings', () => {
    expect(settingRows(groups, false)).toEqual([{ head: 'constraint.0.lambda', cells: ['0.1', '10'] }]);
    expect(settingRows(groups, true).map(({ head }) => head)).toEqual(['name', 'constraint.0.lambda']);
    expect(settingRows(groups.slice(0, 1), false)).toEqual([]);
  });
});
