// The Runs view: order, groups, what a narrow row shows, and the actions on a run that has ended.
// cspell:ignore gaussi
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { status } from '../../../test/support/runStatus';
import { configured, type MarkdownString, window, workspace } from '../../../test/support/vscode';
import type { RunStatus } from '../../protocol/status';
import { createRun } from '../../run/directory';
import { arrange, isGroup } from './arrangement';
import { registerEndNotifications } from './endNotifications';
import { headline } from './headline';
import { experimentText, runAgain } from './runAgain';
import { type Run, withPrevious } from './readRuns';
import { briefly, runItem, shortened } from './runItem';
import { runTitle } from '../monitor/panels';
import { titleOf } from './describe';
import { matches } from './filter';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const run = (name: string, more: Partial<Run> & { readonly metrics?: RunStatus['metrics'] } = {}): Run => ({
  directory: `/w/.earthmover/runs/20240109-080706-${name}`,
  name,
  experimentName: 'ring',
  experiment: {},
  parent: null,
  tags: [],
  notes: '',
  source: '/w/ring.gan.json',
  status: { ...status, metrics: more.metrics ?? {} },
  liveness: 'alive',
  estimate: null,
  estimateLabel: 'K·W',
  problem: null,
  ...more,
});
const names = (nodes: readonly object[]): string =>
  nodes.map((node) => (isGroup(node) ? `${node.experiment}(${names(node.runs)})` : (node as Run).name)).join(' ');

describe('the arrangement', () => {
  const runs = [
    run('a', { metrics: { w1: 0.5, modes: 7 } }),
    run('b', { metrics: { w1: null }, experimentName: 'digits' }),
    run('c', { metrics: { w1: 0.25, modes: 8 }, estimate: 2 }),
    run('d', { status: null }),
  ];
  const by = (grouped: boolean, metric?: string) =>
    names(arrange(runs, { grouped, order: metric === undefined ? 'newest' : { metric } }));

  it('is newest first, or best first by a metric, with missing values last', () => {
    expect(by(false)).toBe('a b c d');
    expect(by(false, 'w1')).toBe('c a b d');
    expect(by(false, 'modes')).toBe('c a b d');
    expect(by(false, 'estimate')).toBe('c a b d');
  });

  it('has a group for each experiment, in the order of the runs', () => {
    expect(by(true)).toBe('ring(a c d) digits(b)');
    expect(by(true, 'w1')).toBe('ring(c a d) digits(b)');
  });
});

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

describe('a run that has ended', () => {
  const folder = scratch();
  afterEach(() => {
    window.shown.length = 0;
  });

  it('is compared with the one of its experiment before it', () => {
    const all = [run('new'), run('other', { experimentName: 'x', source: '/w/x.gan.json' }), run('old')];
    expect(withPrevious(all[0].directory, all)?.map(({ name }) => name)).toEqual(['old', 'new']);
    expect(withPrevious(all[2].directory, all)).toBeUndefined();
    expect(withPrevious('/gone', all)).toBeUndefined();
  });

  it('runs again from a new file: with its comments, or with all settings if the run had others', async () => {
    const text = '{\n  // mine\n  "data": { "source": "gaussians-ring" },\n  "objective": "wgan"\n}\n';
    const source = { path: path.join(folder(), 'ring.gan.json'), text };
    const { parseExperiment } = await import('../../experiment');
    const { experiment } = parseExperiment(text, source.path);
    expect(experimentText(experiment, source)).toBe(text);
    const changed = { ...experiment!, steps: 7 };
    expect(parseExperiment(experimentText(changed, source), source.path).experiment).toEqual(changed);

    const directory = path.join(folder(), 'run');
    createRun(directory, { experiment, source, versions: {}, seed: 1, device: 'cpu' }, 10);
    fs.writeFileSync(source.path, 'edited since');
    fs.writeFileSync(path.join(folder(), 'ring-2.gan.json'), 'taken');
    await runAgain(directory);
    expect(fs.readFileSync(path.join(folder(), 'ring-3.gan.json'), 'utf8')).toBe(text);
    expect(fs.readFileSync(source.path, 'utf8')).toBe('edited since');
    expect(workspace).toBeDefined();
  });
});

describe('the notification of a long run', () => {
  const running = run('long', { status: { ...status, updatedAt: status.startedAt + 600 } });
  const finished: Run = {
    ...running,
    status: { ...running.status!, state: 'finished' },
    liveness: 'ended',
    estimate: 0.5,
  };
  let fire: (runs: readonly Run[]) => void = () => {};
  const watch = () =>
    registerEndNotifications(
      {
        onDidChange: (listener) => {
          fire = listener;
          return { dispose: () => {} };
        },
      },
      { openMonitor: () => {} },
    );
  const shownAfter = (before: Run, after: Run) => {
    window.shown.length = 0;
    watch();
    fire([before]);
    fire([after]);
    return window.shown;
  };
  afterEach(() => {
    window.state.focused = true;
    delete configured['earthmover.notifyWhenFinished'];
  });

  it('appears if the window is not focused, and the run took long enough', () => {
    window.state.focused = false;
    expect(shownAfter(running, finished)).toEqual(['long finished after 500 steps. Last value: K·W 0.5.']);
    configured['earthmover.notifyWhenFinished'] = 11;
    expect(shownAfter(running, finished)).toEqual([]);
  });

  it('does not appear in a focused window, if it is turned off, or for a run that was stopped', () => {
    expect(shownAfter(running, finished)).toEqual([]);
    window.state.focused = false;
    expect(shownAfter(running, { ...finished, status: { ...finished.status!, state: 'stopped' } })).toEqual([]);
    configured['earthmover.notifyWhenFinished'] = 0;
    expect(shownAfter(running, finished)).toEqual([]);
  });
});
