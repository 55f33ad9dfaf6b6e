// The table of a comparison.
import { describe, expect, it } from 'vitest';
import { settingRows, stateRows, valueRows } from './comparisonTable';
import { planCompareCharts } from './compareCharts';
import { groupRuns } from './groups';
import { run, runs, order } from '../../test/support/comparedRuns';

describe('the table of a comparison', () => {
  const groups = groupRuns(runs, order, false);

  it('shows last values, or median and range for several seeds', () => {
    expect(valueRows(groups, 101)).toEqual([
      { head: 'W1', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
      { head: 'K·W', cells: ['2.000 (1.000 to 4.000)', '5.000'] },
    ]);
    expect(stateRows(groups).find(({ head }) => head === 'Seed')).toEqual({ head: 'Seed', cells: ['1, 2, 3', '1'] });
    expect(stateRows(groups).find(({ head }) => head === 'Steps')?.cells).toEqual(['2 × 100, 80', '50']);
  });

  it('starts with the estimate if the critics are the same', () => {
    const sameCritics = groupRuns(
      [8, 25].map((modes) =>
        run(`of ${modes}`, 1, { 'data.modes': String(modes), criticSteps: String(modes) }, 20, () => 1),
      ),
      ['of 8', 'of 25'].map((id) => ({ id, name: id })),
      false,
    );
    expect(valueRows(sameCritics, 1).map(({ head }) => head)).toEqual(['K·W', 'W1']);
  });

  it('names each estimate if the objectives differ, as the charts do', () => {
    const [wgan, gan] = ['a', 'b'].map((id, i) => run(id, 1, { objective: ['wgan', 'minimax'][i] }, 20, () => 1));
    const js = { label: 'JS', text: '', theory: null };
    const mixed = groupRuns([wgan, { ...gan, state: { ...gan.state, estimate: js } }], order, false);
    expect(valueRows(mixed, 1).find(({ head }) => head === 'Estimate')?.cells).toEqual(['K·W 1.000', 'JS 1.000']);
    const [chart] = planCompareCharts(mixed, 'estimate', 1);
    expect([chart.title, ...chart.lines.map(({ label }) => label)]).toEqual(['Estimate', 'wgan (K·W)', 'minimax (JS)']);
  });

  it('shows metrics, though not estimates, that are the same for all runs', () => {
    const same = ['a', 'b'].map((id, i) => run(id, 1, { batchSize: String(32 + i) }, 20, () => 1));
    const rows = valueRows(groupRuns(same, order, false), 1, false);
    expect(rows).toEqual([{ head: 'W1', cells: ['1.000', '1.000'] }]);
  });

  it('shows a differing setting of both optimizers once, as a file has it', () => {
    const settings = (rate: string) => ({
      'critic.depth': rate,
      'generator.depth': rate,
      'optimizer.generator.learningRate': rate,
      'optimizer.critic.learningRate': rate,
    });
    const groups = groupRuns(
      [run('a', 1, settings('1'), 5, () => 1), run('b', 1, settings('2'), 5, () => 1)],
      order,
      false,
    );
    const heads = (all: boolean) => settingRows(groups, all).map(({ head }) => head);
    expect(heads(false)).toEqual(['critic.depth', 'generator.depth', 'optimizer.learningRate']);
    expect(heads(true)).toContain('optimizer.critic.learningRate');
  });

  it('shows the differing settings, or all settings', () => {
    expect(settingRows(groups, false)).toEqual([{ head: 'constraint.0.lambda', cells: ['0.1', '10'] }]);
    expect(settingRows(groups, true).map(({ head }) => head)).toEqual(['name', 'constraint.0.lambda']);
    expect(settingRows(groups.slice(0, 1), false)).toEqual([]);
  });
});
