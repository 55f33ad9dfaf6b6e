// What the page shows of the state of a study.
import { describe, expect, it } from 'vitest';
import type { Reproduction } from '../../src/protocol/reproductions';
import { displayOf, progressText, shareDone, timeText } from './studyState';

const training: Reproduction = {
  study: 'noise',
  state: 'training',
  message: null,
  done: 1,
  trainings: [1, 2].map((seed) => ({ name: 'W at 0.5', seed, run: `W-at-0.5-seed-${seed}` })),
  step: 30,
  steps: 120,
  result: null,
};
const verdict = { verdict: 'W is 1.', figure: null };

describe('a study', () => {
  it('shows its training and step, and its share of all trainings', () => {
    expect(progressText(training)).toBe('Training 2 of 2: W at 0.5, seed 2 · step 30 of 120');
    expect(shareDone(training)).toBeCloseTo((1 + 0.25) / 2);
    expect(progressText({ ...training, state: 'interrupted' })).toBe('1 of 2 trainings are done.');
    expect(progressText({ ...training, state: 'drawing', trainings: [] })).toBe('');
    expect(shareDone({ ...training, trainings: [] })).toBe(0);
    expect(shareDone({ ...training, done: 2 })).toBe(1);
  });

  it.each([
    ['new', null, 'Not run', 'run'],
    ['training', null, 'Running', 'stop'],
    ['interrupted', null, 'Interrupted', 'continue'],
    ['crashed', null, 'Crashed', 'continue'],
    ['failed', null, 'Failed', 'continue'],
    ['finished', { ...verdict, holds: true }, 'Holds here', 'again'],
    ['finished', { ...verdict, holds: false }, 'Does not hold here', 'again'],
    ['finished', null, 'No result', 'run'],
  ] as const)('that is %s with result %j offers what is possible', (state, result, label, action) =>
    expect(displayOf({ state, result })).toMatchObject({ label, action }),
  );

  it('says how long it takes', () =>
    expect([0.1, 4].map(timeText)).toEqual(['a few seconds on two cores', 'about 4 min on two cores']));
});
