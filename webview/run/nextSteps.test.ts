// The next steps that a run offers in each state.
import { expect, it } from 'vitest';
import { status } from '../../test/support/runStatus';
import { nextStepsOf } from './nextSteps';

const ended = ['copyExperiment', 'fork', 'exportGenerator', 'exportSamples'];
const comparable = ['copyExperiment', 'fork', 'comparePrevious', 'exportGenerator', 'exportSamples'];

it.each([
  ['a running one none', { status, liveness: 'alive' }, []],
  ['one on another machine none', { status, liveness: 'elsewhere' }, []],
  ['a paused one none', { status: { ...status, state: 'paused' }, liveness: 'alive' }, []],
  ['a finished one all', { status: { ...status, state: 'finished' }, liveness: 'ended' }, ['trainLonger', ...ended]],
  ['a stopped one all but training longer', { status: { ...status, state: 'stopped' }, liveness: 'ended' }, ended],
  ['a crashed one the same', { status, liveness: 'dead' }, ended],
  ['one with an earlier run a comparison', { status, liveness: 'dead', hasPrevious: true }, comparable],
  [
    'one that failed at once its experiment',
    { status: { ...status, state: 'failed', step: 0 }, liveness: 'ended' },
    ['copyExperiment'],
  ],
] as const)('%s', (_, shown, steps) => expect(nextStepsOf(shown)).toEqual(steps));
