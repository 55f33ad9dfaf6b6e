// Folding of trials into rows, against numbers counted without a program.
import { expect, it } from 'vitest';
import type { TrialProgress } from './sweep';
import { bestOf, bestSettings, foldTrials, settingKeys, type Trial } from './foldTrials';

const trialOf = (
  trial: number,
  name: string,
  seed: number,
  value: number | null,
  state: TrialProgress['state'],
): Trial => ({
  trial,
  values: [name, trial],
  sample: null,
  seed,
  progress: { trial, state, step: 1, steps: 2, seconds: 1, value, message: null },
});

const trials = [
  trialOf(1, 'A', 1, 2, 'finished'),
  trialOf(2, 'B', 1, 0.9, 'finished'),
  trialOf(3, 'A', 2, 0.4, 'finished'),
  trialOf(4, 'A', 3, null, 'diverged'),
  trialOf(5, 'A', 4, null, 'exited'),
  trialOf(6, 'A', 5, null, 'running'),
  trialOf(7, 'B', 2, null, 'waiting'),
];
const comparison = { metric: 'w1', maximize: false, thresholds: [1, 0.4] };

it('gives median, range, failures, and the share of those that ended within each threshold', () => {
  const [a, b] = foldTrials(trials, [0], comparison);
  expect(a).toMatchObject({ values: ['A'], count: 2, median: 1.2, least: 0.4, most: 2 });
  expect(a).toMatchObject({ diverged: 1, failed: 0, within: [1 / 3, 1 / 3] });
  expect(a.states).toEqual({ finished: 2, diverged: 1, exited: 1, running: 1 });
  expect(b).toMatchObject({
    values: ['B'],
    count: 1,
    median: 0.9,
    states: { finished: 1, waiting: 1 },
    within: [1, 0],
  });
});

it('counts values above a threshold if more is better, and has no share before a trial has ended', () => {
  const [a] = foldTrials(trials, [0], { ...comparison, maximize: true });
  expect(a.within).toEqual([1 / 3, 2 / 3]);
  expect(foldTrials([trials[6]], [0], comparison)[0]).toMatchObject({
    median: null,
    least: null,
    within: [null, null],
  });
});

it('groups by seed, and all trials without keys', () => {
  expect(foldTrials(trials, ['seed'], comparison).map(({ trials: { length } }) => length)).toEqual([2, 2, 1, 1, 1]);
  expect(foldTrials(trials, [], comparison)).toHaveLength(1);
});

it('knows the best of several results, which may be the highest', () => {
  const groups = foldTrials(trials, [0], comparison);
  const medianOf = ({ median }: (typeof groups)[number]) => median;
  expect(bestOf(groups, medianOf, comparison)?.values).toEqual(['B']);
  expect(bestOf(groups, medianOf, { ...comparison, maximize: true })?.values).toEqual(['A']);
  expect(bestOf(groups.slice(1), medianOf, comparison)).toBeUndefined();
  expect(bestOf(groups, medianOf, null)).toBeUndefined();
});

it('finds the best trial of the best settings', () => {
  const best = (keys: Parameters<typeof foldTrials>[1], maximize = false) =>
    bestSettings(foldTrials(trials, keys, comparison), { ...comparison, maximize })?.trial.trial;
  // A has the best trial, but B the best median.
  expect([best([0]), best([0], true)]).toEqual([2, 1]);
  expect(best(settingKeys(['name', 'trial']))).toBe(3);
  expect(bestSettings(foldTrials(trials.slice(0, 1), [0], comparison), comparison)).toBeUndefined();
});
