// A comparison: runs that differ in their seed alone are one, bands hold what every run says, tables name what differs.
import { describe, expect, it } from 'vitest';
import type { MonitorState } from '../../src/protocol/monitor';
import { computeBand, quantile } from './band';
import { type LoadedRun, differingSettings, groupRuns } from './groups';
import { columnsOfGroups, planCompareCharts, compareSource } from './compareCharts';
import { settingRows, stateRows, valueRows } from './comparisonTable';
import { createCurve } from '../curve/curve';
import { uniform } from '../../test/support/random';

const estimate = { label: 'K·W', text: '', theory: null };

/** A run of `n` steps whose estimate is `f`, with w1 at every tenth. */
function run(
  id: string,
  seed: number,
  settings: Record<string, string>,
  n: number,
  f: (step: number) => number,
): LoadedRun {
  const columns = ['estimate', 'w1'].map((name) => ({ name, label: name, unit: '' }));
  const step = Float64Array.from({ length: n }, (_, i) => i + 1);
  const rows = {
    step,
    wallTime: step.map((s) => 1e9 + s / 2),
    values: { estimate: Float32Array.from(step, f), w1: Float32Array.from(step, (s) => (s % 10 === 0 ? f(s) : NaN)) },
  };
  const all = Object.entries({ name: 'ring', ...settings, seed: String(seed) });
  const state: MonitorState = {
    id,
    name: 'ring',
    directory: `/runs/${id}`,
    seed,
    status: null,
    liveness: null,
    estimate,
    columns,
    rows,
    samples: [],
    real: null,
    notices: [],
    histograms: [],
    settings: all.map(([key, value]) => ({ key, value, written: null })),
    log: [],
  };
  const curve = createCurve(columns);
  curve.append(rows);
  return { id, state, curve, status: null, liveness: null };
}

const small = { 'constraint.0.lambda': '0.1' };
const large = { 'constraint.0.lambda': '10' };
const runs = [
  run('a', 1, small, 100, () => 1),
  run('b', 1, large, 50, () => 5),
  run('c', 2, small, 80, () => 2),
  run('d', 3, small, 100, () => 4),
];
const order = runs.map(({ id }) => ({ id, name: id }));

describe('groups', () => {
  it('are of runs that differ in their seed alone, with the settings that tell them apart', () => {
    const groups = groupRuns(runs, order, false);
    expect(groups.map(({ id, label, members }) => [id, label, members.map((member) => member.id)])).toEqual([
      ['a', 'lambda 0.1', ['a', 'c', 'd']],
      ['b', 'lambda 10', ['b']],
    ]);
    expect(new Set(groups.map(({ hue, dash }) => `${hue} ${dash}`)).size).toBe(2);
  });

  it('are single runs where that is asked for, named by what differs', () => {
    expect(groupRuns(runs.slice(2), order, true).map(({ label }) => label)).toEqual(['seed 2', 'seed 3']);
    expect(groupRuns(runs.slice(0, 1), order, true).map(({ label }) => label)).toEqual(['ring']);
    const twins = [run('x', 1, small, 5, () => 1), run('y', 1, small, 5, () => 1)];
    expect(
      groupRuns(
        twins,
        [
          { id: 'y', name: '' },
          { id: 'x', name: '' },
        ],
        true,
      ).map(({ label }) => label),
    ).toEqual(['y', 'x']);
    const choices = [
      { ...small, 'constraint.0.kind': 'clip' },
      { ...small, 'constraint.0.kind': 'gradient-penalty' },
      { ...large, 'constraint.0.kind': 'gradient-penalty' },
    ];
    const three = choices.map((settings, i) => run(String(i), 1, settings, 5, () => 1));
    const ids = three.map(({ id }) => ({ id, name: '' }));
    expect(groupRuns(three, ids, false).map(({ label }) => label)).toEqual([
      'clip',
      'lambda 0.1, gradient-penalty',
      'lambda 10',
    ]);
  });

  it('differ in settings that one of them may not have', () => {
    const other = run('e', 1, { ...small, 'stabilization.ema': '0.999' }, 5, () => 1);
    expect(differingSettings([runs[0], other])).toEqual(['stabilization.ema']);
    expect(differingSettings([runs[0], runs[1]])).toEqual(['constraint.0.lambda']);
    expect(differingSettings(runs.slice(0, 1))).toEqual([]);
  });
});

describe('a band', () => {
  const track = (values: number[], first = 1) => ({
    step: Float64Array.from(values, (_, i) => first + i),
    values: Float64Array.from(values),
  });
  const at = (band: ReturnType<typeof computeBand>, step: number) => {
    const i = band.step.indexOf(step);
    return [band.low[i], band.mid[i], band.high[i]];
  };

  it('is the median between least and greatest at each step, as far as each run goes', () => {
    const band = computeBand([track([1, 2, 3]), track([5, NaN]), track([3, 8, 9, 7])], [1, 4], 100, 0);
    expect(at(band, 1)).toEqual([1, 3, 5]);
    expect(at(band, 2)).toEqual([2, 5, 8]);
    expect(at(band, 3)).toEqual([3, 6, 9]);
    // Of a single run there is no band.
    expect(at(band, 4)).toEqual([NaN, 7, NaN]);
  });

  it('is between quartiles where that is asked for', () => {
    const band = computeBand(
      [1, 2, 3, 4, 5].map((value) => track([value])),
      [1, 2],
      100,
      0.25,
    );
    expect(at(band, 1)).toEqual([2, 3, 4]);
    expect([quantile([1, 2, 4], 0.5), quantile([1, 2], 0.25), quantile([7], 0.9)]).toEqual([2, 1.25, 7]);
  });

  it('stands at the steps that were measured, also where those are few', () => {
    const sparse = (scale: number) => track(Array.from({ length: 500 }, (_, i) => ((i + 1) % 100 === 0 ? scale : NaN)));
    const band = computeBand([sparse(1), sparse(3)], [1, 500], 200, 0);
    const measured = Array.from(band.step).filter((_, i) => !Number.isNaN(band.mid[i]));
    expect(measured).toEqual([100, 200, 300, 400, 500]);
    expect(at(band, 500)).toEqual([1, 2, 3]);
  });

  it('takes steps together in buckets that do not move, of means, and is as fine as it was asked to be', () => {
    const random = uniform(5);
    const values = Array.from({ length: 4000 }, () => random());
    const tracks = [track(values), track(values.map((value) => value + 1))];
    const band = computeBand(tracks, [1, 4000], 500, 0);
    expect(band.step.length).toBeLessThan(510);
    // A power of two: 8 steps, [1000, 1008).
    const mean = values.slice(999, 1007).reduce((a, b) => a + b) / 8;
    const [low, mid, high] = at(band, 1003.5);
    expect(low).toBeCloseTo(mean, 12);
    expect(mid).toBeCloseTo(mean + 0.5, 12);
    expect(high).toBeCloseTo(mean + 1, 12);
    const longer = computeBand(tracks, [900, 2800], 500, 0);
    expect(at(longer, 1001.5)[0]).toBeCloseTo(values.slice(999, 1003).reduce((a, b) => a + b) / 4, 12);
  });
});

describe('the charts of a comparison', () => {
  const groups = groupRuns(runs, order, false);

  it('are one a column, with a band where there are seeds; the one that is chosen first', () => {
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

  it('read bands, runs and last values, also of what came later', () => {
    const grown = run('a', 1, small, 100, () => 1);
    const source = compareSource(groupRuns([grown, ...runs.slice(1)], order, false), 1, 0);
    const [main] = planCompareCharts(groups, 'estimate', 1);
    const [low, high, mid, single] = main.lines;
    expect(source.span).toEqual([1, 100]);
    expect(source.step.length).toBe(100);
    expect([low, high, mid, single].map(source.last)).toEqual([1, 4, 2, 5]);
    const value = (line: typeof low, step: number) => {
      const track = source.series(line, [1, 101], 1000);
      return track.values[track.step.indexOf(step)];
    };
    expect([value(low, 10), value(mid, 10), value(high, 10), value(single, 10)]).toEqual([1, 2, 4, 5]);
    // The run of seed 2 has ended.
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

describe('the table of a comparison', () => {
  const groups = groupRuns(runs, order, false);

  it('has the last values side by side, of seeds the median with the extremes', () => {
    expect(valueRows(groups)).toEqual([
      { head: 'Estimate', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
      { head: 'W1', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
    ]);
    expect(stateRows(groups).find(({ head }) => head === 'Seed')).toEqual({ head: 'Seed', cells: ['1, 2, 3', '1'] });
    expect(stateRows(groups).find(({ head }) => head === 'Steps')?.cells).toEqual(['2 × 100, 80', '50']);
  });

  it('has the settings that differ, or all', () => {
    expect(settingRows(groups, false)).toEqual([{ head: 'constraint.0.lambda', cells: ['0.1', '10'] }]);
    expect(settingRows(groups, true).map(({ head }) => head)).toEqual(['name', 'constraint.0.lambda']);
    expect(settingRows(groups.slice(0, 1), false)).toEqual([]);
  });
});
