// The status bar item is changed rarely enough that clicks on it are not lost.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventEmitter, window } from '../../../test/support/vscode';
import type { Run } from './readRuns';
import { everyMs, registerStatusBar } from './statusBar';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const run = (step: number, state = 'running', directory = '/r/a') =>
  ({
    directory,
    name: 'ring',
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

  it('is written at most every five seconds while steps pass', () => {
    for (let second = 0; second < 60; second++) {
      poll(run(10 * second));
      vi.advanceTimersByTime(1000);
    }
    expect(texts().length).toBeGreaterThan(10);
    expect(texts().length).toBeLessThanOrEqual(60_000 / everyMs + 1);
    // The last change is not forgotten.
    vi.advanceTimersByTime(everyMs);
    expect(texts().at(-1)).toBe('$(pulse) ring 59% · 7 min');
  });

  it('is not touched while its text stays the same, though step and estimate change', () => {
    poll(run(100));
    const before = written.length;
    for (let step = 101; step < 110; step++) {
      vi.advanceTimersByTime(2 * everyMs);
      poll(run(step));
    }
    expect(texts()).toEqual(['$(pulse) ring 10% · 15 min']);
    expect(written).toHaveLength(before);
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
