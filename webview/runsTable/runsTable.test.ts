// The logic of the runs table: columns, order, groups, and differences to the baseline.
import { describe, expect, it } from 'vitest';
import type { TableRun } from '../../src/protocol/runsTable';
import { filterRuns, groupRuns, keepOrder, sortRuns } from './arrange';
import { cellText, columnsOf, shownColumns, type Column } from './columns';
import { differenceTo } from './difference';
import { defaultTableViewState, restoreTableViewState } from './tableState';

const run = (name: string, more: Partial<TableRun> = {}): TableRun => ({
  id: `/runs/${name}`,
  name,
  experiment: 'ring',
  folder: `20240109-${name}`,
  state: 'finished',
  step: 100,
  steps: 100,
  startedAt: 1000,
  seconds: 10,
  values: {},
  estimateLabel: '',
  settings: {},
  parent: null,
  tags: [],
  notes: '',
  ...more,
});
const names = (runs: readonly TableRun[]) => runs.map(({ name }) => name).join(' ');
const column = (runs: readonly TableRun[], key: string): Column =>
  columnsOf(runs).find((each) => each.key === key) ?? expect.unreachable(`no column ${key}`);
const shown = (runs: readonly TableRun[], chosen = {}, grouped = false) =>
  shownColumns(columnsOf(runs), runs, chosen, grouped).map(({ key }) => key);

describe('sorting', () => {
  const runs = [
    run('a', { values: { w1: 0.5 }, settings: { 'critic.width': '128' } }),
    run('b', { values: { w1: null }, settings: { 'critic.width': '64' } }),
    run('c', { values: { w1: 1e-3 }, settings: { 'critic.width': 'auto' } }),
    run('d', { settings: {} }),
    run('e', { values: { w1: 10 }, settings: { 'critic.width': '1e3' } }),
  ];
  const by = (key: string, descending: boolean) => names(sortRuns(runs, column(runs, key), descending));

  it('is by number, with missing values last in both directions', () => {
    expect(by('value:w1', false)).toBe('c a e b d');
    expect(by('value:w1', true)).toBe('e a c b d');
  });

  it('takes settings that are numbers as numbers, before words', () => {
    expect(by('setting:critic.width', false)).toBe('b a e c d');
    expect(by('setting:critic.width', true)).toBe('c e a b d');
  });

  it('keeps the order of equal rows, and counts numbers in names', () => {
    expect(by('step', true)).toBe('a b c d e');
    const numbered = [run('run 10'), run('run 9'), run('Run 1')];
    expect(names(sortRuns(numbered, { order: ({ name }) => name }, false))).toBe('Run 1 run 9 run 10');
  });

  it('can be put off: rows keep their places, and new runs come first', () => {
    expect(names(keepOrder(runs, ['/runs/e', '/runs/c', '/runs/a']))).toBe('b d e c a');
    expect(names(keepOrder(runs.slice(0, 2), ['/runs/gone', '/runs/b', '/runs/a']))).toBe('b a');
  });
});

it('filters by words in name, folder, experiment, tags, notes and state', () => {
  const runs = [
    run('Best', { tags: ['paper'], notes: 'see\nfigure 3' }),
    run('b', { state: 'diverged', experiment: 'digits' }),
  ];
  const found = (text: string) => names(filterRuns(runs, text));
  expect(found('')).toBe('Best b');
  expect(found(' FIGURE paper ')).toBe('Best');
  expect(found('diverged digits')).toBe('b');
  expect(found('20240109')).toBe('Best b');
  expect(found('paper digits')).toBe('');
});

it('groups by experiment, in the order of the rows', () => {
  const runs = [run('a', { experiment: 'x' }), run('b', { experiment: 'y' }), run('c', { experiment: 'x' })];
  expect(groupRuns(runs, true).map(({ experiment, runs }) => [experiment, names(runs)])).toEqual([
    ['x', 'a c'],
    ['y', 'b'],
  ]);
  expect(groupRuns(runs, false)).toEqual([{ experiment: null, runs }]);
});

describe('the columns', () => {
  it('name the estimate as the monitor does, or each one if the objectives differ', () => {
    const wgan = run('a', { values: { estimate: 0.5 }, estimateLabel: 'K·W' });
    const gan = run('b', { values: { estimate: 0.25 }, estimateLabel: 'JS' });
    const text = (runs: readonly TableRun[]) => {
      const found = column(runs, 'value:estimate');
      return [found.label, ...runs.map((each) => cellText(found, each))];
    };
    expect(text([wgan, run('c')])).toEqual(['K·W', '0.5000', '–']);
    expect(text([wgan, gan, run('c')])).toEqual(['Estimate', 'K·W 0.5000', 'JS 0.2500', '–']);
  });

  it('are by default those with values, and the settings in which the shown runs differ', () => {
    const runs = [
      run('a', { values: { estimate: 1, w1: 2, w1Floor: 0.1 }, settings: { seed: '1', 'data.modes': '8' } }),
      run('b', { values: { estimate: 2 }, settings: { seed: '2', 'data.modes': '8' } }),
      run('c', { values: { swd: 1 }, settings: { seed: '1', 'data.modes': '25' }, experiment: 'other', tags: ['t'] }),
    ];
    expect(shown(runs.slice(0, 2))).toEqual([
      'state',
      'value:w1',
      'value:estimate',
      'step',
      'setting:seed',
      'seconds',
      'startedAt',
    ]);
    expect(shown(runs)).toEqual([
      'state',
      'value:w1',
      'value:swd',
      'value:estimate',
      'step',
      'tags',
      'setting:seed',
      'setting:data.modes',
      'seconds',
      'startedAt',
      'experiment',
    ]);
    expect(shown(runs, { 'value:w1Floor': true, state: false, seconds: false }, true)).toEqual([
      'value:w1',
      'value:w1Floor',
      'value:swd',
      'value:estimate',
      'step',
      'tags',
      'setting:seed',
      'setting:data.modes',
      'startedAt',
    ]);
  });

  it('have the distances to the data first, then the quality of samples, then what depends on the critic', () => {
    const values = { estimate: 1, gradientNorm: 1, modes: 8, highQuality: 0.9, w1: 0.5 };
    const metrics = shown([run('a', { values })]).filter((key) => key.startsWith('value:'));
    expect(metrics).toEqual(['value:w1', 'value:modes', 'value:highQuality', 'value:estimate', 'value:gradientNorm']);
  });

  it('are at most ten of settings, and more on request', () => {
    const settings = (value: string) => Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key${i}`, value]));
    const runs = [run('a', { settings: settings('1') }), run('b', { settings: settings('2') })];
    const count = (chosen = {}) => shown(runs, chosen).filter((key) => key.startsWith('setting:')).length;
    expect([count(), count({ 'setting:key29': true }), count({ 'setting:key0': false })]).toEqual([10, 11, 10]);
  });

  it('show values in their own format, and missing ones as a dash', () => {
    const one = run('a', { values: { modes: 8, highQuality: 0.25, w1: 0.123456, swd: null }, step: null });
    const cell = (key: string) => cellText(column([one], key), one);
    expect(['value:modes', 'value:highQuality', 'value:w1', 'value:swd', 'step', 'notes'].map(cell)).toEqual([
      '8',
      '25.0%',
      '0.1235',
      '–',
      '–',
      '–',
    ]);
  });
});

describe('the difference to the baseline', () => {
  const values = { estimate: 1, w1: 0.5, modes: 6, gradientNorm: 1 };
  const baseline = run('base', { values, settings: { 'critic.width': '64', seed: '1' } });
  const other = (settings: TableRun['settings'], more: TableRun['values'] = {}) =>
    run('other', { values: { estimate: 0.75, w1: 0.75, modes: 8, gradientNorm: 2, ...more }, settings });

  it('knows whether lower or higher is better', () => {
    const same = other({ 'critic.width': '64', seed: '2' });
    const of = (name: string) => differenceTo(baseline, same, name);
    expect([of('estimate'), of('w1'), of('modes'), of('gradientNorm')]).toEqual([
      { value: -0.25, better: true },
      { value: 0.25, better: false },
      { value: 2, better: true },
      { value: 1, better: null },
    ]);
  });

  it('is not shown for estimates of different critics, or for metrics of different data', () => {
    const wider = other({ 'critic.width': '128' });
    expect(differenceTo(baseline, wider, 'estimate')).toBeNull();
    expect(differenceTo(baseline, wider, 'w1')).toEqual({ value: 0.25, better: false });
    const otherData = other({ 'critic.width': '64', 'data.modes': '25' });
    expect([differenceTo(baseline, otherData, 'estimate'), differenceTo(baseline, otherData, 'w1')]).toEqual([
      null,
      null,
    ]);
  });

  it('is not shown without both values, and for the baseline itself', () => {
    expect(differenceTo(baseline, other({}, { w1: null }), 'w1')).toBeNull();
    expect(differenceTo(baseline, run('none'), 'w1')).toBeNull();
    expect(differenceTo(baseline, baseline, 'w1')).toBeNull();
    expect(differenceTo(baseline, other({ 'critic.width': '64' }, { w1: 0.5 }), 'w1')).toEqual({
      value: 0,
      better: null,
    });
  });
});

describe('the view state', () => {
  it('is restored as it was saved', () => {
    const saved = {
      ...defaultTableViewState,
      sort: { key: 'value:w1', descending: false },
      filter: 'x',
      grouped: true,
      collapsed: ['ring'],
      columns: { state: false },
      selected: ['/runs/a'],
    };
    expect(restoreTableViewState(saved)).toEqual(saved);
  });

  it.each([undefined, null, 5, 'x', [], { sort: 3, collapsed: 'x', columns: [1], selected: { a: 1 }, filter: 9 }])(
    'has defaults in place of %j',
    (saved) => expect(restoreTableViewState(saved)).toEqual(defaultTableViewState),
  );
});
