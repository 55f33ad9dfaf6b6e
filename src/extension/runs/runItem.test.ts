// What a row of the Runs view shows.
// cspell:ignore gaussi
import { describe, expect, it, vi } from 'vitest';
import { listedRun as run } from '../../../test/support/listedRun';
import { status } from '../../../test/support/runStatus';
import type { RunStatus } from '../../protocol/status';
import { runTitle } from '../monitor/panels';
import { describe as described, titleOf } from './describe';
import { type ChangedSetting, forkChanges } from './forkChanges';
import { matches } from './filter';
import { headline } from './headline';
import type { Run } from './readRuns';
import { repeats } from './repeats';
import { rowOf, runItem, runTooltip } from './runItem';
import { shortNames } from './shortNames';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const options = { words: [], isBaseline: false, inGroup: false, changes: [], shortName: (name: string) => name };

describe('a narrow row', () => {
  const later = { directory: '/w/mine' };
  const row = (more: Parameters<typeof run>[1]) =>
    rowOf(run('ring', { ...later, ...more }), options).description.join(' · ');

  it('shows the time and how far a run is first, then the most telling number', () => {
    const running = {
      ...status,
      state: 'running',
      secondsLeft: 40,
      lastStepAt: Date.now() / 1000,
      metrics: { w1: 0.21349 },
    } as RunStatus;
    expect(row({ status: running, estimate: 9 })).toBe('40 s · 20% · W₁ 0.2135');
    expect(row({ status: { ...running, metrics: {} }, estimate: 9 })).toBe('40 s · 20% · K·W 9');
    expect(row({ status: { ...running, state: 'finished' }, liveness: 'ended' })).toBe('W₁ 0.2135');
    expect(row({ status: { ...running, state: 'stopped' }, liveness: 'ended' })).toBe('500/2,500 · W₁ 0.2135');
    expect(row({ status: null, liveness: null, problem: 'x' })).toBe('damaged');
    expect(headline({ status: null, estimate: null, estimateLabel: '' })).toBe('');
  });

  it('has a name of at most 16 characters, whose middle is cut out, unless it could be taken for another', () => {
    const names = [
      'ring-of-gaussians-wgan-gp',
      'eight-gaussians',
      'rate-0.0001-of-the-critic',
      'rate-0.0005-of-the-critic',
    ];
    expect(names.map(shortNames(names))).toEqual(['ring-of-…wgan-gp', ...names.slice(1, 2), ...names.slice(2)]);
    expect(names.map(shortNames(names.slice(0, 3)))[2]).toBe('rate-0.0…-critic');
  });

  it('has its start time as the label below its experiment, while it trains too', () => {
    const { label, description } = rowOf(run('ring'), { ...options, inGroup: true });
    expect(label).toBe('Jan 9');
    expect(description).not.toContain('Jan 9');
    expect(rowOf(run('mine'), { ...options, inGroup: true }).label).toBe('mine');
  });

  it('has its start first if others have its title, so that they are told apart however narrow it is', () => {
    const at = (folder: string, more: Parameters<typeof run>[1] = {}) =>
      run('ring', { directory: `/w/.earthmover/runs/${folder}`, metrics: { w1: 0.25 }, ...more });
    const rows = (...all: Run[]) => {
      const repeatOf = repeats(all);
      return all.map((each) => runItem(each, { ...options, repeat: repeatOf.get(each.directory) }).description);
    };
    const [first, second] = [at('20240109-080706-ring'), at('20240110-080706-ring')];
    expect(rows(first)).toEqual(['20% · W₁ 0.25 · Jan 9']);
    expect(rows(first, second)).toEqual(['Jan 9 · 20% · W₁ 0.25', 'Jan 10 · 20% · W₁ 0.25']);
    const onOneDay = [first, at('20240109-090706-ring', { status: null }), second];
    expect(rows(...onOneDay)).toEqual([
      'Jan 9 08:07 · 20% · W₁ 0.25',
      'Jan 9 09:07 · starting',
      'Jan 10 · 20% · W₁ 0.25',
    ]);
    expect(rowOf(first, { ...options, inGroup: true, repeat: repeats(onOneDay).get(first.directory) })).toEqual({
      label: 'Jan 9 08:07',
      description: ['20%', 'W₁ 0.25'],
    });
    const seeds = [1, 2].map((seed) => at(`20240109-080706-ring-seed-${seed}`, { status: null }));
    expect(rows(...seeds)).toEqual(['seed 1 · Jan 9 · starting', 'seed 2 · Jan 9 · starting']);
    // A fork has another title, and says so.
    expect(repeats([first, { ...second, parent: { directory: first.directory, step: 4 } }]).size).toBe(0);
    const baseline = { ...options, isBaseline: true };
    expect(runItem(first, { ...baseline, repeat: 'Jan 9' }).description).toMatch(/^Jan 9 · baseline · 20%/);
    expect(runItem(first, baseline).description).toMatch(/^baseline · 20%/);
  });

  it('has the same number as the picker, the hover and the screen reader label', () => {
    const one = run('ring', { metrics: { w1: 0.25 }, estimate: 9 });
    const item = runItem(one, options);
    const texts = [item.description, described(one), item.accessibilityInformation?.label, tooltipOf(one)];
    for (const text of texts) {
      expect(text).toContain('W₁ 0.25');
      expect(text).not.toContain('K·W');
    }
    expect(described(one)).toBe('running 500/2,500 · W₁ 0.25');
    expect(item.accessibilityInformation?.label).toContain('step 500 of 2,500');
  });

  it('has a hover with the number of threads', () => {
    const threads = (count: number) => tooltipOf(run('ring', { status: { ...status, threads: count } }));
    expect(threads(1)).toMatch(/\b1 thread\b/);
    expect(threads(2)).toMatch(/\b2 threads\b/);
  });
});

const tooltipOf = (shown: Run, changes: readonly ChangedSetting[] = []) => runTooltip(shown, changes).value;

describe('a fork', () => {
  const parent = { directory: '/w/.earthmover/runs/20240109-080706-ring', step: 400 };
  const fork = run('ring', { parent, directory: '/w/.earthmover/runs/20240109-080806-ring' });
  const adam = (learningRate: number) => ({ kind: 'adam', learningRate });
  const experiment = (rate: number, more = {}) => ({
    optimizer: { generator: adam(rate), critic: adam(rate) },
    batchSize: 64,
    ...more,
  });
  const original = run('ring', { directory: parent.directory, experiment: experiment(0.0005, { steps: 2500 }) });
  const changesTo = (changed: object) =>
    forkChanges(
      { ...fork, experiment: changed },
      { find: (directory) => [original].find((each) => each.directory === directory) },
    );

  it('says so first in its row, also for screen readers and while it starts, so that its parent is told from it', () => {
    const item = runItem(fork, options);
    expect(item.label).toBe('fork at 400');
    expect(item.description).toMatch(/^ring · 20% · /);
    expect(item.accessibilityInformation?.label).toMatch(/^ring, fork at step 400, running, /);
    expect(tooltipOf(fork)).toContain('ring \\(fork at 400\\)');
    expect(runItem(fork, { ...options, inGroup: true }).label).toBe('fork at 400');
    expect(rowOf({ ...fork, status: null }, options)).toMatchObject({
      label: 'fork at 400',
      description: ['ring', 'starting', 'Jan 9'],
    });
    expect(rowOf({ ...fork, name: 'mine' }, options)).toMatchObject({
      label: 'mine',
      description: ['fork at 400', '20%', 'Jan 9'],
    });
    expect(runItem(run('ring'), options).description).not.toContain('fork');
  });

  it('names its changes, of both networks at once, in its row and with the values before in its hover', () => {
    const changes = changesTo(experiment(0.0001, { steps: 3600, seed: 2 }));
    const item = runItem(fork, { ...options, changes });
    expect(item.description).toMatch(/^learningRate 0.0001 · ring · /);
    expect(item.accessibilityInformation?.label).toMatch(/^ring, fork at step 400, learningRate 0.0001, /);
    const hover = tooltipOf(fork, changes).replaceAll('\\', '');
    expect(hover).toContain('Changed settings: optimizer.learningRate: 0.0005 → 0.0001');
    const more = changesTo({ optimizer: { generator: adam(0.1), critic: adam(0.2) }, batchSize: 32 });
    expect(runItem(fork, { ...options, changes: more }).description).toMatch(
      /^generator.learningRate 0.1, critic.learningRate 0.2, … · ring/,
    );
  });

  it('has no changes if there are none, or if its parent was deleted', () => {
    expect(changesTo(experiment(0.0005, { steps: 9 }))).toEqual([]);
    expect(forkChanges({ ...fork, experiment: experiment(1) }, { find: () => undefined })).toEqual([]);
    expect(tooltipOf(fork)).not.toContain('Changed settings');
  });

  it('has a title of its own, unless the user gave it a name, and is found by it', () => {
    expect(titleOf(fork)).toBe('ring (fork at 400)');
    expect(titleOf({ ...fork, parent: { ...parent, step: 12_000 } })).toBe('ring (fork at 12,000)');
    expect(titleOf({ ...fork, name: 'half the rate' })).toBe('half the rate');
    expect(titleOf(run('ring'))).toBe('ring');
    expect(runTitle(fork.directory, titleOf(fork), new Date(2024, 0, 9))).toBe('ring (fork at 400) 08:08:06');
    expect([matches(fork, { text: 'fork' }), matches(run('ring'), { text: 'fork' })]).toEqual([true, false]);
  });
});
