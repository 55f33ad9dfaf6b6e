// The facts in the header of a run.
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/protocol/status';
import { status } from '../../test/support/runStatus';
import { factsOf } from './header';

describe('the facts in the header', () => {
  const facts = (
    change: Partial<RunStatus>,
    liveness: 'alive' | 'ended' = 'alive',
    recentSecondsPerStep: number | null = null,
  ) => factsOf({ status: { ...status, ...change }, liveness }, 1100, recentSecondsPerStep).map(([, text]) => text);

  it('show progress, remaining time and speed', () => {
    expect(facts({}, 'alive', 0.05)).toEqual([
      'step 500 of 2,500',
      '20%',
      '50 s left',
      '20.0 it/s',
      '1 min 40 s elapsed',
      'CPU, onnx, 1 thread',
    ]);
    expect(facts({ secondsLeft: 90, lastStepAt: 1090 })).toContain('1 min 20 s left');
  });

  it('omit the remaining time of a paused, finished or new run, and no longer change after a run ends', () => {
    for (const change of [{ state: 'paused' }, { step: 2500 }, { secondsLeft: null }] as const)
      expect(facts(change).join()).not.toContain('left');
    expect(facts({ state: 'paused' }).join()).not.toContain('it/s');
    // No remaining time in slow motion.
    expect(facts({ slowMotionRate: 2 }, 'alive', 1.5)).toEqual([
      'step 500 of 2,500',
      '20%',
      'slow motion',
      '1 min 40 s elapsed',
      'CPU, onnx, 1 thread',
    ]);
    expect(facts({ state: 'stopped', attempt: 2, threads: null }, 'ended')).toEqual([
      'step 500 of 2,500',
      '20%',
      '1 min 00 s total',
      'CPU, onnx',
      'attempt 2',
    ]);
    expect(facts({ state: 'stopped', attempt: 2, earlierSeconds: 100 }, 'ended')).toContain('2 min 40 s total');
    expect(facts({ attempt: 2, earlierSeconds: 100 })).toContain('3 min 20 s elapsed');
    expect(factsOf({ status: null, liveness: null }, 0, null).map(([, text]) => text)).toEqual([
      'Waiting for the trainer',
    ]);
  });
});
