// Grouping of runs by seed.
import { describe, expect, it } from 'vitest';
import { groupRuns } from './groups';
import { differingSettings } from './loadedRun';
import { run, small, large, runs, order } from '../../test/support/comparedRuns';

describe('groups of runs', () => {
  it('contain runs that differ only in their seed, labeled by their distinguishing settings', () => {
    const groups = groupRuns(runs, order, false);
    expect(groups.map(({ id, label, members }) => [id, label, members.map((member) => member.id)])).toEqual([
      ['a', 'lambda 0.1', ['a', 'c', 'd']],
      ['b', 'lambda 10', ['b']],
    ]);
    expect(new Set(groups.map(({ hue, dash }) => `${hue} ${dash}`)).size).toBe(2);
  });

  it('can be split into single runs, labeled by what differs', () => {
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
      'clip, lambda 0.1',
      'gradient-penalty, lambda 0.1',
      'gradient-penalty, lambda 10',
    ]);
  });

  it('can differ in settings that only one of them has', () => {
    const other = run('e', 1, { ...small, 'stabilization.ema': '0.999' }, 5, () => 1);
    expect(differingSettings([runs[0], other])).toEqual(['stabilization.ema']);
    expect(differingSettings([runs[0], runs[1]])).toEqual(['constraint.0.lambda']);
    expect(differingSettings(runs.slice(0, 1))).toEqual([]);
  });
});
