// The charts of a run.
import { describe, expect, it } from 'vitest';
import { inLegend } from '../charts/chartPlan';
import { unitOf } from '../charts/columns';
import type { SmoothingWindow } from '../curve/smoothing';
import { planRunCharts } from './runCharts';

const column = (name: string) => ({ name, label: name, unit: '' });
const estimate = { label: 'JS', text: 'a divergence', theory: { label: 'log 2', value: Math.LN2 } };

describe('the charts of a run', () => {
  const everything = [
    'criticLoss',
    'generatorLoss',
    'estimate',
    'penalty',
    'gradientNorm',
    'normalizedEstimate',
    'lowerBound',
    'validationEstimate',
    'modes',
    'highQuality',
    'w1',
    'w1Floor',
    'novelty',
  ];

  it('never have lines of different units on one axis', () => {
    const units = { ...estimate, label: 'K·W', theory: null };
    const columns = everything.map(column);
    const unit = (name: string) => unitOf(column(name), { label: 'K·W', unit: '' });
    for (const { id, lines } of planRunCharts({ columns, estimate: units }, 'auto'))
      expect([id, [...new Set(lines.map((line) => unit(line.column)))].length]).toEqual([id, 1]);
    expect(new Set(['estimate', 'w1', 'gradientNorm'].map(unit)).size).toBe(3);
  });

  it('show the losses apart, and say what their values mean', () => {
    const notes = (names: string[], label: string) =>
      planRunCharts({ columns: names.map(column), estimate: { ...estimate, label } }, 101)
        .filter(({ id }) => id.endsWith('Loss'))
        .map(({ title, note }) => [title, note]);
    const losses = ['estimate', 'criticLoss', 'generatorLoss'];
    expect(notes(losses, 'K·W')).toEqual([
      ['Critic loss', '−K·W'],
      ['Generator loss', 'Free offset: only changes matter.'],
    ]);
    expect(notes([...losses, 'penalty'], 'K·W')[0]).toEqual(['Critic loss', '−K·W + penalty']);
    expect(notes(losses, 'JS')).toEqual([
      ['Critic loss', ''],
      ['Generator loss', ''],
    ]);
  });

  it('show every column once', () => {
    const plans = planRunCharts({ columns: everything.map(column), estimate }, 101);
    const drawn = plans.flatMap(({ lines }) => [...new Set(lines.map((line) => line.column))]);
    expect([...drawn].sort()).toEqual([...everything].sort());
    expect(plans[0].lines.map(({ key }) => key)).toEqual(['estimate', 'validationEstimate', 'estimateMedian']);
    expect(plans.map(({ id, numberFormat }) => [id, numberFormat]).slice(1)).toEqual([
      ['distance', 'measured'],
      ['criticLoss', 'measured'],
      ['generatorLoss', 'measured'],
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

  it('show raw curves behind their medians with a common toggle, and only raw curves without smoothing', () => {
    const columns = ['estimate', 'criticLoss', 'modes', 'novelty'].map(column);
    const looks = (window: SmoothingWindow) =>
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

  it('show the theoretical level, and no charts of missing columns', () => {
    const plans = planRunCharts({ columns: [column('estimate'), column('generatorLoss')], estimate }, 101);
    expect(plans.map(({ id, level }) => [id, level?.label])).toEqual([
      ['estimate', 'log 2'],
      ['generatorLoss', undefined],
    ]);
    expect(planRunCharts({ columns: [], estimate }, 101).map(({ id, lines }) => [id, lines.length])).toEqual([
      ['estimate', 0],
    ]);
  });
});
