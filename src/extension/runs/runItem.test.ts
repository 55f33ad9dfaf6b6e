// What a row of the Runs view shows.
// cspell:ignore gaussi
import { describe, expect, it, vi } from 'vitest';
import { listedRun as run } from '../../../test/support/listedRun';
import { status } from '../../../test/support/runStatus';
import type { MarkdownString } from '../../../test/support/vscode';
import type { RunStatus } from '../../protocol/status';
import { runTitle } from '../monitor/panels';
import { titleOf } from './describe';
import { matches } from './filter';
import { headline } from './headline';
import { briefly, runItem, shortened } from './runItem';

vi.mock('vscode', () => import('../../../test/support/vscode'));

describe('a narrow row', () => {
  const later = { directory: '/w/mine' };
  const row = (more: Parameters<typeof run>[1]) => briefly(run('x', { ...later, ...more }), false).join(' · ');

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
    expect(row({ status: { ...running, state: 'stopped' }, liveness: 'ended' })).toBe('500/2500 · W₁ 0.2135');
    expect(row({ status: null, liveness: null, problem: 'x' })).toBe('damaged');
    expect(headline({ status: null, estimate: null, estimateLabel: '' })).toBe('');
  });

  it('has a name of at most 12 characters, whose middle is cut out', () => {
    expect(shortened('eight-modes')).toBe('eight-modes');
    expect(shortened('ring-of-gaussians-wgan-gp-wide')).toBe('ring-o…-wide');
    expect(shortened('ring-of-gaussians-wgan-gp-wide')).toHaveLength(12);
  });
});

describe('a fork', () => {
  const parent = { directory: '/w/.earthmover/runs/20240109-080706-ring', step: 400 };
  const fork = run('ring', { parent, directory: '/w/.earthmover/runs/20240109-080806-ring' });
  const options = { words: [], isBaseline: false, inGroup: false };

  it('says so first in its row, also for screen readers and while it starts, so that its parent is told from it', () => {
    const item = runItem(fork, options);
    expect(item.label).toBe('ring');
    expect(item.description).toMatch(/^fork at 400 · 20% · /);
    expect(item.accessibilityInformation?.label).toMatch(/^ring, fork at step 400, running, /);
    expect((item.tooltip as MarkdownString).value).toContain('ring \\(fork at 400\\)');
    expect(runItem(fork, { ...options, inGroup: true }).description).toMatch(/^fork at 400 · /);
    expect(briefly({ ...fork, status: null }, false).slice(0, 2)).toEqual(['starting', 'fork at 400']);
    expect(runItem(run('ring'), options).description).not.toContain('fork');
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
