// The status bar item is as recent as the list of runs, and no click on it is lost.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventEmitter, window } from '../../../test/support/vscode';
import type { Run } from './readRuns';
import { registerStatusBar } from './statusBar';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const run = (step: number, state = 'running', directory = '/r/a') =>
  ({
    directory,
    name: 'ring',
    experimentName: 'ring',
    parent: null,
    source: null,
    status: { state, step, steps: 1000, secondsLeft: 1000 - step, lastStepAt: Date.now() / 1000 },
    liveness: state === 'finished' ? 'ended' : 'alive',
    estimate: step / 7,
    estimateLabel: 'K·W',
    problem: null,
  }) as unknown as Run;

describe('the status bar item', () => {
  let written: [string, unknown][];
  const changed = new EventEmitter<readonly Run[]>();
  const runs = { all: [] as readonly Run[], onDidChange: changed.event };
  const poll = (...all: readonly Run[]) => {
    runs.all = all;
    changed.fire(all);
  };
  const item = () => window.statusBarItems.at(-1)!;
  const texts = () => written.filter(([key]) => key === 'text').map(([, value]) => value);

  beforeEach(() => {
    vi.useFakeTimers();
    registerStatusBar(runs as never);
    written = item().written;
  });
  afterEach(() => {
    changed.dispose();
    vi.useRealTimers();
  });

  it('is as recent as the list of runs, and touched only if what it shows has changed', () => {
    for (let percent = 0; percent < 60; percent++) {
      poll(run(10 * percent));
      expect(texts().at(-1)).toMatch(new RegExp(` ${percent}% `));
      expect(item().tooltip).toContain(`${10 * percent}/1,000`);
    }
    const before = written.length;
    poll(run(590));
    poll(run(590));
    expect(written).toHaveLength(before);
  });

  it('keeps its command while steps pass, since a click at the moment when it is set again is lost', () => {
    const commands = () => written.filter(([key]) => key === 'command').length;
    for (let step = 0; step < 600; step += 10) poll(run(step));
    expect(commands()).toBe(1);
    poll(run(600), run(0, 'running', '/r/b'));
    poll(run(610), run(10, 'running', '/r/b'));
    expect([commands(), item().command]).toMatchObject([2, { arguments: [] }]);
    poll(run(1000, 'finished'), run(20, 'running', '/r/b'));
    expect([commands(), item().command]).toMatchObject([3, { arguments: ['/r/b'] }]);
  });

  it('changes at once if a run pauses, starts or ends', () => {
    poll(run(100));
    poll(run(101, 'paused'));
    poll(run(101, 'paused'), run(0, 'starting', '/r/b'));
    poll(run(101, 'finished'), run(0, 'starting', '/r/b'));
    expect(texts()).toEqual([
      '$(pulse) ring 10% · 15 min',
      '$(debug-pause) ring 10%',
      '$(pulse) 2 runs',
      '$(pulse) ring 0%',
    ]);
    expect(item().command).toMatchObject({ arguments: ['/r/b'] });
    expect(item().visible).toBe(true);
    poll(run(101, 'finished'));
    expect(item().visible).toBe(false);
  });
});
