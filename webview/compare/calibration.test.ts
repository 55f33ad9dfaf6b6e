// Estimates divided by a factor: every reader of a group sees them, and nothing else changes.
import { describe, expect, it } from 'vitest';
import { order, run } from '../../test/support/comparedRuns';
import { calibrated, criticWarning, whyNotCalibrated } from './calibration';
import { compareSource, planCompareCharts } from './compareCharts';
import { valueRows } from './comparisonTable';
import { groupRuns } from './groups';

const clip = (c: string) => ({ 'objective.kind': 'wgan', 'constraint.0.kind': 'clip', 'constraint.0.c': c });
const penalty = { 'objective.kind': 'wgan', 'constraint.0.kind': 'gradient-penalty' };

describe('the calibration of a comparison', () => {
  const small = [run('a', 1, clip('0.01'), 100, () => 2), run('c', 2, clip('0.01'), 100, () => 6)];
  const large = run('b', 1, clip('0.1'), 100, () => 30);
  const groups = groupRuns([...small, large], order, false);

  it('divides the estimates of a group by the factor of any of its runs', () => {
    const shown = groups.map((group) => calibrated(group, { b: 10 }));
    const source = compareSource(shown, 1, 0, 'step');
    const [{ lines }] = planCompareCharts(shown, 'estimate', 1);
    expect(lines.map((line) => [line.label, source.last(line)])).toEqual([
      ['', 2],
      ['', 6],
      ['c 0.01', 4],
      ['c 0.1 ÷ 10', 3],
    ]);
    const [w1, estimate] = valueRows(shown, 101);
    expect([estimate.cells[1], w1.cells[1]]).toEqual(['3.000', '30.00']);
    expect(shown[1].members[0].curve.smooth('estimate', 5).at(-1)).toBe(3);
  });

  it('is asked for if the critics differ, with a warning until it is done', () => {
    const warning = 'K·W of different critics cannot be compared; W₁ can.';
    expect(criticWarning(groups)).toBe(warning);
    expect(criticWarning(groups.map((group) => calibrated(group, { b: 10 })))).toBe('');
    expect(criticWarning(groups.slice(0, 1))).toBe('');
    const penalized = groupRuns([...small, run('b', 1, penalty, 10, () => 1)], order, false);
    expect(criticWarning(penalized.map((group) => calibrated(group, { a: 10 })))).toBe(warning);
  });

  it('sees rows that are appended to the run', () => {
    const [, shown] = groups.map((group) => calibrated(group, { b: 10 }));
    expect(shown.members[0].curve.raw('estimate')).toHaveLength(100);
    large.curve.append({
      step: Float64Array.of(101),
      wallTime: Float64Array.of(2e9),
      values: { estimate: Float32Array.of(50) },
    });
    expect([shown.members[0].curve.raw('estimate').at(-1), shown.members[0].curve.last('estimate')]).toEqual([5, 5]);
  });

  it('is refused where K depends on W, and for what is not K·W', () => {
    const [gp] = groupRuns([run('a', 1, penalty, 10, () => 1)], order, false);
    expect(whyNotCalibrated(gp)).toMatch(/K depends on W/);
    expect(calibrated(gp, { a: 2 })).toBe(gp);
    const [gan] = groupRuns([run('a', 1, { 'objective.kind': 'non-saturating' }, 10, () => 1)], order, false);
    expect(whyNotCalibrated(gan)).toMatch(/Wasserstein critic/);
    expect(groups.map(whyNotCalibrated)).toEqual([null, null]);
  });
});
