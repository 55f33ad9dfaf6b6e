// The charts of a comparison.
import { describe, expect, it } from 'vitest';
import { columnsOfGroups, planCompareCharts, compareSource } from './compareCharts';
import { groupRuns } from './groups';
import { run, small, runs, order } from '../../test/support/comparedRuns';

describe('the charts of a comparison', () => {
  const groups = groupRuns(runs, order, false);

  it('are one per column, the selected one first, with bands for several seeds', () => {
    const plans = planCompareCharts(groups, 'w1', 101);
    expect(plans.map(({ id }) => id)).toEqual(['w1', 'estimate']);
    expect(plans[1].lines.map(({ look, part, owner, smooth }) => [look, part, owner, smooth])).toEqual([
      ['edge', 'low', 'a', true],
      ['edge', 'high', 'a', true],
      ['line', 'mid', 'a', true],
      ['line', 'mid', 'b', true],
    ]);
    expect(plans[0].lines.filter(({ smooth }) => smooth)).toEqual([]);
    const keys = plans.flatMap(({ lines }) => lines.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(planCompareCharts([], 'w1', 1)[0].lines).toEqual([]);
    expect(columnsOfGroups(groups).map(({ name }) => name)).toEqual(['estimate', 'w1']);
  });

  it('contain bands, single runs and last values, also after rows are appended', () => {
    const grown = run('a', 1, small, 100, () => 1);
    const source = compareSource(groupRuns([grown, ...runs.slice(1)], order, false), 1, 0);
    const [main] = planCompareCharts(groups, 'estimate', 1);
    const [low, high, mid, single] = main.lines;
    expect(source.span).toEqual([1, 100]);
    expect(source.step.length).toBe(100);
    expect([low, high, mid, single].map(source.last)).toEqual([1, 4, 2, 5]);
    const value = (line: typeof low, step: number) => {
      const series = source.series(line, [1, 101], 1000);
      return series.values[series.step.indexOf(step)];
    };
    expect([value(low, 10), value(mid, 10), value(high, 10), value(single, 10)]).toEqual([1, 2, 4, 5]);
    // The run with seed 2 has ended.
    expect([value(mid, 90), value(single, 90)]).toEqual([2.5, undefined]);
    grown.curve.append({
      step: Float64Array.of(101),
      wallTime: Float64Array.of(2e9),
      values: { estimate: Float32Array.of(9) },
    });
    source.invalidate();
    expect([value(mid, 101), mid].map((each) => (typeof each === 'number' ? each : source.last(each)))).toEqual([9, 4]);
  });
});
