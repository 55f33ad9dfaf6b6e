// What settings mean.
import { expect, it } from 'vitest';
import { settingText } from './settingText';

const experiment = {
  steps: 10,
  objective: { kind: 'wgan' },
  constraint: { kind: 'clip', c: 0.1 },
  optimizer: { kind: 'adam', learningRate: 1e-4 },
  stabilization: { ema: null },
  stepCosine: false,
};
const of = (path: string) => settingText(path.split('.'), experiment);

it('have the texts of the catalog', () => {
  expect(of('steps').text).toMatch(/^Length of training\./);
  expect(of('optimizer.learningRate').text).toMatch(/^Learning rate/);
  expect(of('constraint.c').text).not.toBe('');
  expect(of('stabilization.ema').text).toMatch(/^Decay of the exponential moving average/);
  expect(settingText(['constraint', 0, 'c'], { constraint: [{ kind: 'clip', c: 1 }] }).text).not.toBe('');
  // Of another kind of constraint.
  expect(of('constraint.lambda').text).toBe('');
  expect(of('nothing.here')).toEqual({ text: '' });
});

it('have the values that can be chosen', () => {
  expect(of('stepCosine').options).toEqual([true, false]);
  expect(of('device').options).toContain('cpu');
  expect(of('steps').options).toBeUndefined();
  expect(of('stabilization.ema').options).toBeUndefined();
});
