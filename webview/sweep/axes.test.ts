// Axes: the order of values, where they are, and their labels.
import { describe, expect, it } from 'vitest';
import { resultAxis, settingAxis } from './axes';

describe('the axis of a setting', () => {
  it('has the same distance between few numbers, in their order', () => {
    const { values, at, ticks, missing } = settingAxis('x', [128, 32, 64, 32]);
    expect(values).toEqual([32, 64, 128]);
    expect(values.map(at)).toEqual([0, 0.5, 1]);
    expect(ticks.map(({ text }) => text)).toEqual(['32', '64', '128']);
    expect(missing).toBeNull();
  });

  it('has names in the order of the plan, also if some values are numbers', () => {
    const { values, at } = settingAxis('x', ['relu', 3, 'elu', 'relu']);
    expect(values).toEqual(['relu', 3, 'elu']);
    expect([at('elu'), at('none'), at(null)]).toEqual([1, null, null]);
  });

  it('is logarithmic for many numbers over a large factor, with round labels', () => {
    const numbers = Array.from({ length: 9 }, (_, i) => 10 ** (-5 + i / 2));
    const { at, ticks } = settingAxis('x', numbers);
    expect(at(1e-3)).toBeCloseTo(0.5);
    expect(ticks.map(({ text }) => text)).toEqual(['1e−5', '1e−4', '0.001', '0.01', '0.1']);
  });

  it('is linear for many numbers that are close', () => {
    const { at } = settingAxis('x', [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(at(3)).toBeCloseTo(0.25);
  });

  it('names the place of trials without the setting', () => {
    expect(settingAxis('x', [1, null]).missing).toBe('–');
  });

  it('has labels that do not overlap for many names', () => {
    const names = Array.from({ length: 100 }, (_, i) => `name ${i}`);
    expect(settingAxis('x', names).ticks.length).toBeLessThanOrEqual(24);
  });
});

describe('the axis of results', () => {
  it('puts a single result in the middle, with its label', () => {
    const { at, ticks } = resultAxis('w1', [0.5, 0.5], null);
    expect([at(0.5), ticks]).toEqual([0.5, [{ at: 0.5, text: '0.5' }]]);
  });

  it('has no ticks before there is a result', () => {
    expect(resultAxis('w1', [], 'none')).toMatchObject({ values: [], ticks: [], missing: 'none' });
  });

  it('is linear for negative results', () => {
    expect(resultAxis('x', [-100, 0, 100], null).at(0)).toBe(0.5);
  });
});
