import { expect, it } from 'vitest';
import type { Sweep } from '../../sweep/sweepDirectory';
import type { TrialStatus } from '../../sweep/trialState';
import { secondsLeftOf } from './describeSweep';

const sweep = { trials: Array.from({ length: 4 }, () => ({ resolved: { steps: 100 } })) } as unknown as Sweep;
const trial = (state: string, step?: number, medianStepSeconds?: number): TrialStatus =>
  ({ state, status: step === undefined ? null : { step, medianStepSeconds }, message: null }) as unknown as TrialStatus;

it('the time left is that of the missing steps, shared by the trials that run', () => {
  const running = [trial('finished', 100, 2), trial('running', 40, 2), trial('running', 60, 4), trial('waiting')];
  expect(secondsLeftOf(sweep, running)).toBe(((60 + 40 + 100) * 2) / 2);
});

it('is not known if nothing runs, or no step was timed', () => {
  expect(secondsLeftOf(sweep, [trial('finished', 100, 2), trial('waiting')])).toBeNull();
  expect(secondsLeftOf(sweep, [trial('running', 0), trial('waiting')])).toBeNull();
});
