// The time that a sweep still takes, against numbers computed without a program.
import { expect, it } from 'vitest';
import { sweepSecondsLeft, type TrialPace, type TrialState } from './sweep';

const trial = (state: TrialState, step = 0, seconds = 0, steps = step > 0 ? 100 : 0): TrialPace => ({
  ...{ state, step, steps, seconds },
});

it('is the time of the missing steps, shared by the trials that run', () => {
  // 0.5 s a step; 50 + 100 + 100 steps are left, for two at a time.
  const running = [trial('finished', 100, 50), trial('running', 50, 25), trial('running', 100, 50)];
  expect(sweepSecondsLeft([...running, trial('waiting'), trial('waiting')])).toBe((250 * 0.5) / 2);
  // The steps of a trial that has not begun may be known.
  expect(sweepSecondsLeft([...running, trial('waiting', 0, 0, 400)])).toBe((450 * 0.5) / 2);
});

it('counts interrupted trials, and none that has ended or is canceled', () => {
  const others = (['failed', 'diverged', 'stopped', 'canceled'] as const).map((state) => trial(state, 10, 5));
  expect(sweepSecondsLeft([trial('running', 50, 25), ...others])).toBe(25);
  expect(sweepSecondsLeft([trial('running', 50, 25), trial('interrupted', 20, 10)])).toBe(65);
});

it('is not known if nothing runs, or no step was made', () => {
  expect(sweepSecondsLeft([trial('finished', 100, 50), trial('waiting')])).toBeNull();
  expect(sweepSecondsLeft([trial('running')])).toBeNull();
});
