import { expect, it } from 'vitest';
import type { Sweep } from '../../sweep/sweepDirectory';
import type { TrialStatus } from '../../sweep/trialState';
import { secondsLeftOf } from './describeSweep';

const sweep = { trials: Array.from({ length: 4 }, () => ({ resolved: { steps: 100 } })) } as unknown as Sweep;
/** A trial whose steps took this long with all that was due between them; a burst of them was much faster. */
const trial = (state: string, step?: number, secondsPerStep = 0): TrialStatus => {
  const status = { step, startedAt: 1000, updatedAt: 1000 + (step ?? 0) * secondsPerStep, medianStepSeconds: 1e-3 };
  return { state, status: step === undefined ? null : status, message: null } as unknown as TrialStatus;
};

it('the time left is that of the missing steps, shared by the trials that run', () => {
  const running = [trial('finished', 100, 2), trial('running', 40, 2), trial('running', 60, 4), trial('waiting')];
  expect(secondsLeftOf(sweep, running)).toBe(((60 + 40 + 100) * 2) / 2);
});

it('is not known if nothing runs, or no step was timed', () => {
  expect(secondsLeftOf(sweep, [trial('finished', 100, 2), trial('waiting')])).toBeNull();
  expect(secondsLeftOf(sweep, [trial('running', 0), trial('waiting')])).toBeNull();
});
