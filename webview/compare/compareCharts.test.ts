// The charts of a comparison.
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../src/protocol/metricProtocol';
import { columnsOfGroups, incomparableMetrics, mainColumn, planCompareCharts, compareSource } from './compareCharts';
import { valueRows } from './comparisonTable';
import { createCurve } from '../curve/curve';
import { groupRuns } from './groups';
import { run, small, large, runs, order } from '../../test/support/comparedRuns';

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

  it('start with a distance if the critics differ, unless the user selects another column', () => {
    const [wide, narrow] = ['128', '64'].map((width) => run(width, 1, { 'critic.width': width }, 20, () => 1));
    const differing = groupRuns(
      [wide, narrow],
      [wide, narrow].map(({ id }) => ({ id, name: id })),
      false,
    );
    expect(mainColumn(differing, null)?.id).toBe('w1');
    expect(mainColumn(differing, 'estimate')?.id).toBe('estimate');
    const faster = ['1', '2'].map((batchSize) => run(batchSize, 1, { batchSize }, 20, () => 1));
    expect(
      mainColumn(
        groupRuns(
          faster,
          faster.map(({ id }) => ({ id, name: id })),
          false,
        ),
        null,
      )?.id,
    ).toBe('estimate');
    expect(mainColumn([], null)).toBeUndefined();
  });

  it('say what the thin dashed lines of the floor are', () => {
    const [plain] = planCompareCharts(groups, 'w1', 1);
    const withFloor = groups.map((group) => ({
      ...group,
      members: group.members.map((member) => ({
        ...member,
        curve: { ...member.curve, has: (name: string) => name === 'w1Floor' || member.curve.has(name) },
      })),
    }));
    const [floored] = planCompareCharts(withFloor, 'w1', 1);
    expect([plain.note, floored.note]).toEqual(['', 'Thin dashes: the floor, W₁ of two sets of real samples.']);
  });

  it('contain bands, single runs and last values, also after rows are appended', () => {
    const grown = run('a', 1, small, 100, () => 1);
    const source = compareSource(groupRuns([grown, ...runs.slice(1)], order, false), 1, 0, 'step');
    const [main] = planCompareCharts(groups, 'estimate', 1);
    const [low, high, mid, single] = main.lines;
    expect(source.span).toEqual([1, 100]);
    expect(source.x.length).toBe(100);
    expect([low, high, mid, single].map(source.last)).toEqual([1, 4, 2, 5]);
    const value = (line: typeof low, step: number) => {
      const series = source.series(line, [1, 101], 1000);
      return series.values[series.x.indexOf(step)];
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

describe('a comparison over time', () => {
  it('has runs of different speed at the times of their steps, and bands of seeds', () => {
    const slow = run('slow', 1, large, 100, () => 5);
    const wallTime = slow.state.rows.step.map((step) => 1e9 + 3 * step);
    const curve = createCurve(slow.state.columns);
    curve.append({ ...slow.state.rows, wallTime });
    const groups = groupRuns(
      [...runs.filter(({ id }) => id !== 'b'), { ...slow, curve }],
      [...order, { id: 'slow', name: 'slow' }],
      false,
    );
    const [main] = planCompareCharts(groups, 'estimate', 1);
    const [span, wall] = (['relative', 'wall'] as const).map((axis) => compareSource(groups, 1, 0, axis).span);
    expect(span).toEqual([0, expect.closeTo(297, 3)]);
    expect(wall).toEqual([expect.closeTo(1e9 + 0.5, 3), expect.closeTo(1e9 + 300, 3)]);
    const source = compareSource(groups, 1, 0, 'relative');
    expect(source.step).toBeNull();
    const series = main.lines.map((line) => source.series(line, source.span, 1000));
    const ends = series.map(({ x, values }) => x[Array.from(values).findLastIndex((value) => !Number.isNaN(value))]);
    // Seeds end after 50 s, the slow run after 297 s.
    const at = (label: string) => main.lines.findIndex((line) => line.label === label);
    expect(ends[at('lambda 10')]).toBeCloseTo(297, 3);
    expect(ends[at('lambda 0.1')]).toBeGreaterThan(48);
    expect(ends[at('lambda 0.1')]).toBeLessThan(50);
    for (const { x } of series) expect(x.every((each, i) => i === 0 || each > x[i - 1])).toBe(true);
  });
});

describe('metrics of different protocols', () => {
  const protocol = (changes: Partial<Protocol>): Protocol => ({
    ...{
      generated: 1000,
      real: 500,
      split: 'held-out',
      data: 'digits 0123',
      shape: [8, 8, 1],
      seed: 0,
      version: '1.0.0',
    },
    ...changes,
  });
  /** A run with one value of the FID. */
  const measured = (id: string, settings: Record<string, string>, fid: number, changes: Partial<Protocol>) => {
    const { state, ...rest } = run(id, 1, settings, 100, () => 1);
    const columns = [...state.columns, { name: 'fid', label: 'FID', unit: '', protocol: protocol(changes) }];
    const curve = createCurve(columns);
    curve.append(state.rows);
    curve.fill({ step: Float64Array.of(100), wallTime: Float64Array.of(1), values: { fid: Float32Array.of(fid) } });
    return { ...rest, curve, state: { ...state, columns } };
  };
  const groupsOf = (changes: Partial<Protocol>) =>
    groupRuns([measured('a', small, 7, {}), measured('b', { lambda: '3' }, 9, changes)], order, false);

  it('have a chart and a row each, and the page says in what they differ', () => {
    const groups = groupsOf({ generated: 500 });
    expect(columnsOfGroups(groups).map(({ id }) => id)).toEqual(['estimate', 'w1', 'fid', 'fid 2']);
    const charts = planCompareCharts(groups, 'estimate', 1).filter(({ id }) => id.startsWith('fid'));
    expect(charts.map(({ title, lines }) => [title, lines.map(({ owner }) => owner)])).toEqual([
      ['FID, n = 1,000', ['a']],
      ['FID, n = 500', ['b']],
    ]);
    expect(valueRows(groups, 101).slice(1, -1)).toEqual([
      { head: 'FID, n = 1,000', cells: ['7.000', ''] },
      { head: 'FID, n = 500', cells: ['', '9.000'] },
    ]);
    expect(incomparableMetrics(groups)).toEqual([
      'FID: not comparable between all runs, so each way of measuring has its own chart (generated samples: 1000, 500).',
    ]);
  });

  it('are those of equal ones if only the seed differs', () => {
    const groups = groupsOf({ seed: 7 });
    expect(valueRows(groups, 101).slice(1, -1)).toEqual([{ head: 'FID, n = 1,000', cells: ['7.000', '9.000'] }]);
    expect(incomparableMetrics(groups)).toEqual([]);
  });
});
