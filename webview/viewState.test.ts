// Saving and restoring the view state.
import { describe, expect, it } from 'vitest';
import {
  defaultCompareViewState,
  defaultRunViewState,
  restoreCompareViewState,
  restoreRunViewState,
} from './viewState';

describe('the view state', () => {
  const charts = { zoom: [10, 20], hidden: ['w1'], window: 11, log: true, axis: 'wall', toolsOpen: true };
  const saved = {
    id: 'a',
    sampleStep: 400,
    real: true,
    histogramsOpen: true,
    settingsOpen: true,
    logOpen: true,
    ...charts,
  };

  it('is restored for the same run and reset for another', () => {
    expect(restoreRunViewState(saved, 'a')).toEqual(saved);
    expect(restoreRunViewState(saved, 'b')).toEqual(defaultRunViewState('b'));
  });

  it.each([
    undefined,
    null,
    5,
    [[]],
    { id: 'a', sampleStep: -1, zoom: [20, 10], hidden: 'w1', settingsOpen: 1, window: 12, log: 'yes', axis: 'year' },
    { id: 'a', zoom: [1, NaN], hidden: null },
  ])('replaces the invalid value %j by its default', (value) =>
    expect(restoreRunViewState(value, 'a')).toEqual(defaultRunViewState('a')),
  );

  it('is restored for a comparison of the same runs in any order', () => {
    const factors = { a: 2.5 };
    const compared = {
      runs: ['a', 'b'],
      column: 'w1',
      band: 'quartiles',
      allSettings: true,
      sampleStep: 60,
      factors,
      ...charts,
    };
    expect(restoreCompareViewState(compared, ['b', 'a'])).toEqual({ ...compared, runs: ['b', 'a'] });
    expect(restoreCompareViewState(compared, ['a', 'c'])).toEqual(defaultCompareViewState(['a', 'c']));
    expect(restoreCompareViewState(saved, ['a'])).toEqual(defaultCompareViewState(['a']));
    const wrong = { runs: ['a'], column: 5, band: 'toString', factors: { a: 0, b: 2 } };
    expect(restoreCompareViewState(wrong, ['a'])).toEqual(defaultCompareViewState(['a']));
  });
});
