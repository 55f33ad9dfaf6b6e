// The filter of the Runs view, the seeds of one training, and the remaining time.
import { describe, expect, it, vi } from 'vitest';
import type { RunStatus } from '../../protocol/status';
import { remaining } from './describe';
import { noFilter, groupOf, isFiltering, matches } from './filter';
import { type Run, seedsOf } from './readRuns';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const run = (name: string, state: RunStatus['state'] | null, more: Partial<Run> = {}): Run => ({
  directory: `/w/.earthmover/runs/20240109-080706-${name}`,
  name,
  experimentName: name,
  experiment: null,
  parent: null,
  tags: [],
  notes: '',
  source: `/w/${name}.gan.json`,
  status: state === null ? null : ({ state, step: 100, steps: 400, secondsLeft: 30, lastStepAt: 1000 } as RunStatus),
  liveness: state === 'running' || state === 'paused' ? 'alive' : 'ended',
  estimate: null,
  estimateLabel: '',
  problem: null,
  ...more,
});
const all = [
  run('Ring', 'running'),
  run('digits', 'paused'),
  run('ring two', 'finished'),
  run('cut', 'interrupted'),
  run('bad', 'diverged'),
  run('dead', 'running', { liveness: 'dead' }),
  run('broken', null, { liveness: null, problem: 'x' }),
];
const named = (text: string, group?: Parameters<typeof matches>[1]['group']) =>
  all.filter((each) => matches(each, { text, group })).map(({ name }) => name);

describe('the filter', () => {
  it('matches words in a name, a folder or a file, in any case and order', () => {
    expect(named('ring')).toEqual(['Ring', 'ring two']);
    expect(named(' TWO ring ')).toEqual(['ring two']);
    expect(named('20240109 digits.gan')).toEqual(['digits']);
    expect(named('ring digits')).toEqual([]);
    expect(named('')).toEqual(all.map(({ name }) => name));
  });

  it('puts every run into one group', () => {
    expect(all.map(groupOf)).toEqual(['training', 'paused', 'finished', 'stopped', 'failed', 'failed', 'failed']);
    expect(named('ring', 'finished')).toEqual(['ring two']);
    expect(groupOf(run('new', null, { liveness: 'alive' }))).toBe('training');
  });

  it('is active only if it excludes something', () => {
    expect([noFilter, { text: ' ' }, { text: 'a' }, { text: '', group: 'failed' } as const].map(isFiltering)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

it('does not say that nothing is left of a run that takes much longer than expected', () => {
  const status = { ...run('ring', 'running').status, secondsLeft: 40 } as RunStatus;
  expect(remaining(run('ring', 'running', { status }), 1039)).toBe('1 s');
  expect(remaining(run('ring', 'running', { status }), 1041)).toBe('');
});

describe('runs of several seeds', () => {
  it('are found from each of the runs, ordered by seed', () => {
    const seeds = [10, 9].map((seed) => run('ring', 'finished', { directory: `/r/a-ring-seed-${seed}` }));
    const others = [run('ring', 'finished', { directory: '/r/b-ring-seed-9' }), run('ring', 'finished')];
    const found = seedsOf(seeds[0], [...others, ...seeds]);
    expect(found.map(({ directory }) => directory)).toEqual(['/r/a-ring-seed-9', '/r/a-ring-seed-10']);
    expect(seedsOf(others[1], [...others, ...seeds])).toEqual([]);
  });
});

it.each([
  [40, '30 s'],
  [10.3, '1 s'],
  [310, '5 min'],
  [7510, '2 h 5 min'],
  [10, '0 s'],
  [5, ''],
  [null, ''],
])('ten seconds after a step that left %s seconds, "%s" are left', (secondsLeft, text) => {
  const status = { ...run('ring', 'running').status, secondsLeft } as RunStatus;
  expect(remaining(run('ring', 'running', { status }), 1010)).toBe(text);
  expect(remaining(run('ring', 'paused'), 1010)).toBe('');
});
