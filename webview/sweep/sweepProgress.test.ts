// How far a sweep is, against numbers computed without a program.
import { expect, it } from 'vitest';
import type { TrialProgress } from '../../src/protocol/sweep';
import { countStates, endedCount, failuresOf, resumableCount, shareDone } from './sweepProgress';

const trial = (
  state: TrialProgress['state'],
  step = 0,
  seconds = 0,
  more: Partial<TrialProgress> = {},
): TrialProgress => ({
  ...{ trial: 1, state, step, steps: step > 0 ? 100 : 0, seconds, value: null, message: null },
  ...more,
});

it('counts states, those that ended, and those to resume', () => {
  const counts = countStates(
    ['finished', 'failed', 'running', 'waiting', 'canceled', 'exited', 'stopped'].map((state) => ({
      state: state as 'failed',
    })),
  );
  expect([endedCount(counts), resumableCount(counts), counts.diverged]).toEqual([3, 4, 0]);
});

it('counts the steps of running trials in the share', () => {
  expect(shareDone([trial('finished', 100), trial('running', 50), trial('waiting'), trial('failed', 3)])).toBe(0.625);
  expect(shareDone([])).toBe(0);
});

it('gathers failures of one reason, whatever their numbers', () => {
  const failures = failuresOf([
    trial('diverged', 5, 1, { trial: 1, message: 'The loss is not finite at step 12.' }),
    trial('failed', 5, 1, { trial: 2, message: 'The disk is full.' }),
    trial('diverged', 5, 1, { trial: 3, message: 'The loss is not finite at step 1,400.' }),
    trial('finished', 5, 1, { trial: 4 }),
  ]);
  expect(failures.map(({ state, trials }) => [state, trials])).toEqual([
    ['diverged', [1, 3]],
    ['failed', [2]],
  ]);
});
