// What the charts show: no extreme is lost by thinning, every column is drawn once, ranges hold what they must.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { align } from './align';
import { type ChartPlan, inLegend } from './chartPlan';
import { planRunCharts } from '../run/runCharts';
import { supportsLogAxis, toLog10, valueRange } from './valueRange';
import { chartSummary } from './chartSummary';
import { downsample } from './downsample';
import { linearTicks, logTicks } from './ticks';
import { nearestMark, moveCursor, clampZoom } from './navigation';

const column = (name: string) => ({ name, label: name, unit: '' });
const estimate = { label: 'JS', text: 'a divergence', theory: { label: 'log 2', value: Math.LN2 } };

describe('thinning', () => {
  const random = uniform(3);
  const n = 5000;
  const steps = Float64Array.from({ length: n }, (_, i) => 3 * i + 1);
  const dense = Float32Array.from({ length: n }, () => random() ** 4);
  const sparse = Float64Array.from({ length: n }, (_, i) => (i % 200 === 199 ? i : NaN));
  const finite = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

  it('leaves a stretch that fits as it is, and what is not finite out', () => {
    const { x, ys } = downsample(steps, [Float32Array.of(1, NaN, Infinity, 4), steps], 0, 4, 4);
    expect(x).toEqual([1, 4, 7, 10]);
    expect(ys).toEqual([
      [1, null, null, 4],
      [1, 4, 7, 10],
    ]);
  });

  it.each([
    [0, n, 100],
    [123, 4000, 317],
    [0, n, 1],
    [17, 18, 1],
  ])('of rows [%i, %i) to %i buckets keeps order, ends and extremes', (from, to, buckets) => {
    const { x, ys } = downsample(steps, [dense, sparse], from, to, buckets);
    expect(x.length).toBeLessThanOrEqual(2 * (buckets + 1));
    expect(x.length).toBe(ys[0].length);
    expect(x.every((step, i) => i === 0 || step > x[i - 1])).toBe(true);
    expect([x[0], x.at(-1)]).toEqual([steps[from], steps[to - 1]]);
    const shown = dense.subarray(from, to);
    expect(Math.min(...finite(ys[0]))).toBe(Math.min(...shown));
    expect(Math.max(...finite(ys[0]))).toBe(Math.max(...shown));
    const kept = new Set(finite(ys[1]));
    if (to - from < 200 * buckets) for (let i = 199; i < to; i += 200) expect(kept.has(i)).toBe(i >= from);
  });

  it('draws every bucket from its smallest to its largest in the order in which they came', () => {
    const values = Float32Array.of(5, 1, 9, 2, 7, 7, 7, 7);
    expect(downsample(steps, [values], 0, 8, 2)).toEqual({ x: [1, 10, 13, 22], ys: [[1, 9, 7, 7]] });
    expect(downsample(steps, [Float32Array.of(3, 9, 1, 2)], 0, 4, 1).ys).toEqual([[9, 1]]);
    // A value that is alone in its bucket is one point.
    expect(downsample(steps, [Float32Array.of(NaN, 9, NaN, NaN)], 0, 4, 1).ys).toEqual([[9, null]]);
  });

  it('does not change the points of full buckets when the curve grows', () => {
    const [before, after] = [4000, 4090].map((to) => downsample(steps, [dense], 0, to, 600));
    expect(before.x.length).toBe(1000);
    expect(after.x.slice(0, 1000)).toEqual(before.x);
    expect(after.ys[0].slice(0, 1000)).toEqual(before.ys[0]);
  });
});

describe('the plan', () => {
  const everything = [
    'criticLoss',
    'generatorLoss',
    'estimate',
    'penalty',
    'gradientNorm',
    'normalizedEstimate',
    'validationEstimate',
    'modes',
    'highQuality',
    'w1',
    'w1Floor',
    'novelty',
  ];

  it('draws every column, each in one chart, the distances together', () => {
    const plans = planRunCharts({ columns: everything.map(column), estimate }, 101);
    const drawn = plans.flatMap(({ lines }) => [...new Set(lines.map((line) => line.column))]);
    expect([...drawn].sort()).toEqual([...everything].sort());
    expect(plans[0].lines.map(({ key }) => key)).toEqual([
      'estimate',
      'normalizedEstimate',
      'validationEstimate',
      'w1Floor',
      'w1',
      'estimateMedian',
    ]);
    expect(plans.map(({ id, numberFormat }) => [id, numberFormat]).slice(1)).toEqual([
      ['losses', 'measured'],
      ['gradientNorm', 'measured'],
      ['penalty', 'measured'],
      ['modes', 'count'],
      ['highQuality', 'share'],
      ['novelty', 'measured'],
    ]);
    const keys = plans.flatMap(({ lines }) => lines.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(inLegend(plans[0].lines).map(({ key }) => key)[0]).toBe('estimateMedian');
  });

  it('draws each raw curve behind its median, hides them all by one key, and draws them alone where nothing is smoothed', () => {
    const columns = ['estimate', 'criticLoss', 'modes', 'novelty'].map(column);
    const looks = (window: number) =>
      planRunCharts({ columns, estimate }, window).flatMap(({ lines }) =>
        lines.map(({ look, toggle, smooth }) => [look, toggle, smooth]),
      );
    expect(looks(101)).toEqual([
      ['pale', 'raw', false],
      ['bold', 'estimateMedian', true],
      ['pale', 'raw', false],
      ['line', 'criticLoss', true],
      ['dots', 'modes', false],
      ['pale', 'raw', false],
      ['line', 'novelty', true],
    ]);
    expect(looks(1).map(([look, , smooth]) => [look, smooth])).toEqual([
      ['line', false],
      ['line', false],
      ['dots', false],
      ['line', false],
    ]);
  });

  it('has the level of theory, and no chart of what is not measured', () => {
    const plans = planRunCharts({ columns: [column('estimate'), column('generatorLoss')], estimate }, 101);
    expect(plans.map(({ id, level }) => [id, level?.label])).toEqual([
      ['estimate', 'log 2'],
      ['losses', undefined],
    ]);
    expect(planRunCharts({ columns: [], estimate }, 101).map(({ id, lines }) => [id, lines.length])).toEqual([
      ['estimate', 0],
    ]);
  });
});

describe('the range of values', () => {
  const [main] = planRunCharts({ columns: ['estimate', 'w1'].map(column), estimate }, 101);
  const none = new Set<string>();
  const range = (raw: (number | null)[], w1: (number | null)[], hidden: ReadonlySet<string> = none) =>
    valueRange(
      main,
      main.lines.map(({ key }) => (key === 'estimate' ? raw : key === 'w1' ? w1 : [])),
      hidden,
    );

  it('has all values, the level of theory and zero where it is near', () => {
    expect(range([0.1], [2, null])).toEqual([0, 2 + 0.06 * 1.9]);
    expect(range([null], [0.2])[1]).toBeGreaterThan(Math.LN2);
    const [low, high] = range([], [100, 101]);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(101);
  });

  it('leaves out the wildest hundredth of the raw curve, but nothing of the others', () => {
    const raw = Array.from({ length: 1000 }, (_, i) => (i < 5 ? 1e6 : i / 1000));
    expect(range(raw, [])[1]).toBeLessThan(1.2);
    expect(range([], raw)[1]).toBeGreaterThan(1e6);
    expect(range([], raw, new Set(['w1']))[1]).toBeLessThan(1);
  });

  it('is a range where nothing is drawn, or one value, or values below zero', () => {
    const [loss] = planRunCharts({ columns: [column('criticLoss')], estimate: { ...estimate, theory: null } }, 1).slice(
      1,
    );
    expect(valueRange(loss, [[]], none)).toEqual([0, 1]);
    const [low, high] = valueRange(loss, [[3, 3]], none);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(valueRange(loss, [[-2, -0.1]], none)).toEqual([-2 - 0.06 * 1.9, 0]);
  });

  it('of shares is 0 to 1', () => {
    const plans = planRunCharts({ columns: [column('highQuality')], estimate }, 101);
    const [low, high] = valueRange(plans[1], [[0.3]], none);
    expect([low, high]).toEqual([0, 1.06]);
  });
});

describe('a logarithmic axis', () => {
  const [main, losses] = planRunCharts({ columns: ['estimate', 'criticLoss'].map(column), estimate }, 1);

  it('is for curves above zero, bar a few points, and for no shares', () => {
    expect(supportsLogAxis(main, [[1, null, 2, undefined]])).toBe(true);
    expect(supportsLogAxis(losses, [[-1, 2, 3]])).toBe(false);
    expect(supportsLogAxis(losses, [[...new Array(19).fill(1), -1]])).toBe(true);
    expect(supportsLogAxis(main, [[null]])).toBe(false);
    expect(supportsLogAxis({ ...main, numberFormat: 'share' }, [[0.5]])).toBe(false);
    expect(toLog10([100, 0, -1, null, undefined])).toEqual([2, null, null, null, undefined]);
  });

  it('asks the median where there is one, and lets the least of the raw values go', () => {
    const [smoothed] = planRunCharts({ columns: [column('estimate')], estimate: { ...estimate, theory: null } }, 101);
    const raw = [-1, -1, 1e-9, ...new Array<number>(27).fill(2), 1e9];
    const ys = smoothed.lines.map(({ look }) => (look === 'pale' ? raw : [1, 1]));
    expect(supportsLogAxis(smoothed, ys)).toBe(true);
    expect(
      supportsLogAxis(
        smoothed,
        ys.map(() => [-1]),
      ),
    ).toBe(false);
    const [low] = valueRange(smoothed, ys.map(toLog10), new Set(), true);
    expect(low).toBeCloseTo(-0.06 * Math.log10(2), 12);
  });

  it('has the level of theory in its range, and air in decades', () => {
    const [low, high] = valueRange(main, [[1, 2]], new Set(), true);
    expect(low).toBeCloseTo(Math.log10(Math.LN2) - 0.06 * (2 - Math.log10(Math.LN2)), 12);
    expect(high).toBeCloseTo(2 + 0.06 * (2 - Math.log10(Math.LN2)), 12);
    expect(valueRange(main, [[]], new Set(), true)[0]).toBeLessThan(Math.log10(Math.LN2));
  });
});

describe('the numbers of an axis', () => {
  it('are round, inside, and no more than there is room for', () => {
    const random = uniform(9);
    for (let i = 0; i < 500; i++) {
      const low = (random() - 0.5) * 10 ** Math.floor(12 * random() - 6);
      const high = low + random() * 10 ** Math.floor(12 * random() - 6) + 1e-9;
      const most = 2 + Math.floor(10 * random());
      const ticks = linearTicks(low, high, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      const slack = 1e-6 * (high - low);
      for (const tick of ticks) expect(tick >= low - slack && tick <= high + slack).toBe(true);
    }
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.11, 0.42, 4)).toEqual([0.2, 0.3, 0.4]);
    expect(linearTicks(0, 3, 12, true)).toEqual([0, 1, 2, 3]);
    expect([linearTicks(1, 1, 5), linearTicks(NaN, 1, 5)]).toEqual([[], []]);
  });

  it('of logarithms are those of a linear axis, then 1, 2 and 5, then powers of ten, then every other', () => {
    const values = (low: number, high: number, most: number) =>
      logTicks(Math.log10(low), Math.log10(high), most).map((tick) => Number((10 ** tick).toPrecision(6)));
    expect(values(1, 2, 5)).toEqual([1, 1.2, 1.4, 1.6, 1.8, 2]);
    expect(values(0.1, 10, 8)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
    expect(values(0.1, 10, 5)).toEqual([0.1, 0.3, 1, 3, 10]);
    expect(values(0.001, 1000, 7)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
    expect(values(1e-6, 1e6, 7)).toEqual([1e-6, 1e-4, 0.01, 1, 100, 1e4, 1e6]);
  });
});

describe('curves with steps of their own', () => {
  it('share one axis, where a step that is not theirs is no gap', () => {
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

describe('a chart in words', () => {
  it('says of each named line where it stands and between what it moves, and what theory says', () => {
    const [main]: ChartPlan[] = planRunCharts({ columns: ['estimate', 'w1'].map(column), estimate }, 101);
    const ys = main.lines.map(({ key }) => (key === 'w1' ? [null, undefined] : [0.5, null, 0.25]));
    expect(chartSummary(main, ys, [0.25, NaN, 0.25], [1, 1200])).toBe(
      'Steps 1 to 1,200. JS median: last 0.2500, between 0.2500 and 0.5000. JS raw: last 0.2500, between 0.2500 and 0.5000. W₁ exact: no values. Theory: log 2 = 0.6931.',
    );
  });
});

describe('the view', () => {
  it('finds the event that is meant by a cursor', () => {
    const marks = [{ step: 10 }, { step: 12 }, { step: 500 }];
    expect(nearestMark(marks, 11.5, [0, 1000])).toEqual({ step: 12 });
    expect(nearestMark(marks, 40, [0, 1000])).toBeUndefined();
    expect(nearestMark([], 40, [0, 1000])).toBeUndefined();
  });

  it('zooms inside of what there is, in either direction, and never to less than two steps', () => {
    expect(clampZoom([-5, 50], [1, 100])).toEqual([1, 50]);
    expect(clampZoom([80, 20], [1, 100])).toEqual([20, 80]);
    expect(clampZoom([50.2, 50.4], [1, 100])).toEqual([50.3 - 1, 50.3 + 1]);
    expect(clampZoom([1, 1], [1, 100])).toEqual([1, 2]);
  });

  it('moves the cursor by rows, pages and to the ends of what is shown', () => {
    const step = Float64Array.from({ length: 101 }, (_, i) => 2 * i);
    const move = (key: string, cursor: number | null, far = false) => moveCursor(key, far, step, cursor, [20, 120]);
    expect(move('ArrowLeft', null)).toBe(120);
    expect(move('ArrowLeft', 60)).toBe(58);
    expect(move('ArrowRight', 60)).toBe(62);
    expect(move('ArrowRight', 60, true)).toBe(66);
    expect(move('PageDown', 60)).toBe(54);
    expect(move('ArrowRight', 120)).toBe(120);
    expect([move('Home', 60), move('End', 60)]).toEqual([20, 120]);
    expect(move('Enter', 60)).toBeUndefined();
    expect(move('toString', 60)).toBeUndefined();
    expect(moveCursor('Home', false, new Float64Array(0), null, [0, 1])).toBeUndefined();
  });
});
