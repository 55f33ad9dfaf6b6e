// The saved view state of a sweep: restored, with defaults for what is invalid.
import { expect, it } from 'vitest';
import { restoreSweepViewState } from './sweepViewState';

const state = {
  sweep: '/w/s',
  everyTrial: true,
  groupBy: 'case',
  sorting: { column: 'median', descending: true },
  brushes: { width: { from: 32, to: null } },
  failuresOpen: false,
};

it('is restored as it was saved', () => expect(restoreSweepViewState(state, '/w/s')).toEqual(state));

it('is not that of another sweep', () =>
  expect(restoreSweepViewState(state, '/w/t')).toMatchObject({ sweep: '/w/t', brushes: {} }));

it.each([
  [null],
  [{ sweep: '/w/s', everyTrial: 'yes', groupBy: 3, sorting: { column: 1 }, brushes: { width: { from: {} } } }],
  [{ sweep: '/w/s', sorting: [], brushes: [1] }],
])('has defaults for invalid parts: %j', (saved) =>
  expect(restoreSweepViewState(saved, '/w/s')).toEqual({
    sweep: '/w/s',
    everyTrial: false,
    groupBy: null,
    sorting: null,
    brushes: {},
    failuresOpen: true,
  }),
);
