// The parts of the distances page that need no page: its saved state, and its sentences.
import { describe, expect, it } from 'vitest';
import { distancesApart, type LineShape, massesOf } from '../../src/math/lineDistributions';
import { bounds, defaultDistancesState, restoreDistancesState, snapped } from './distancesState';
import { distanceText, insightOf } from './insight';

describe('the state of the distances page', () => {
  it('is restored, in whole cells and within the bounds', () => {
    const saved = { p: { kind: 'gaussian', position: 9, width: 0.333 }, q: { kind: 'uniform' }, noise: -1 };
    expect(restoreDistancesState(saved)).toEqual({
      p: { kind: 'gaussian', position: 4, width: 0.35 },
      q: defaultDistancesState.q,
      noise: 0,
    });
  });

  it.each([
    undefined,
    null,
    5,
    {},
    { p: 3, q: [] },
    { p: { kind: 'toString', position: NaN, width: '1' }, noise: Infinity },
  ])('has defaults for %j', (saved) => expect(restoreDistancesState(saved)).toEqual(defaultDistancesState));

  it('has no −0', () => expect(Object.is(snapped(-0.01, bounds.position), 0)).toBe(true));
});

describe('the sentence below the densities', () => {
  const shape = (kind: LineShape['kind'], width: number, noise = 0) => massesOf({ kind, width, noise });
  it.each([
    ['equal', shape('uniform', 1), shape('uniform', 1), 0, 'p and q are equal'],
    ['disjoint', shape('uniform', 1), shape('uniform', 1), 3, 'The supports are disjoint'],
    ['far apart, with tails', shape('gaussian', 0.2), shape('gaussian', 0.2), 6, 'p and q hardly overlap'],
    ['partly on each other', shape('uniform', 1), shape('uniform', 1), 1, 'Each has mass where the other has none'],
    ['p around q', shape('uniform', 1), shape('uniform', 0.5), 0, 'p has mass where q has none'],
    ['q around p', shape('uniform', 0.5), shape('gaussian', 0.5), 0, 'q has mass where p has none'],
    ['p much wider', shape('gaussian', 1.5), shape('gaussian', 1), 0, 'p and q overlap: only χ²'],
    ['overlapping', shape('gaussian', 1), shape('gaussian', 1), 1, 'p and q overlap everywhere'],
  ])('fits if they are %s', (_, p, q, apart, text) =>
    expect(insightOf(distancesApart(p, q, apart)).startsWith(text)).toBe(true),
  );

  it('comes with values of a readable length', () => {
    expect([0, 1e-12, 0.693147, 1.5, Infinity, 3e170].map(distanceText)).toEqual([
      '0',
      '0',
      '0.6931',
      '1.500',
      '∞',
      'over 1 billion',
    ]);
  });
});
