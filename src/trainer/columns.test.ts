// The columns of a run's curve, by the experiment's constraints.
import { expect, test } from 'vitest';
import { parseExperiment } from '../experiment';
import { hasNormalizedEstimate, metricColumns } from './columns';

const of = (settings: object) =>
  parseExperiment(JSON.stringify({ data: { source: 'gaussians-ring' }, ...settings }), 'a').experiment!;

test.each([
  ['gradient-penalty', 'wgan', true],
  [['clip', 'gradient-penalty'], 'wgan', true],
  [['r1', 'gradient-penalty'], 'wgan', false],
  ['r1', 'wgan', false],
  ['dragan', 'wgan', false],
  ['clip', 'wgan', false],
  ['gradient-penalty', 'lsgan', false],
])('with %j on "%s", the estimate divided by the gradient norm is recorded: %j', (constraint, objective, recorded) => {
  const experiment = of({ constraint, objective });
  expect(hasNormalizedEstimate(experiment)).toBe(recorded);
  for (const column of ['normalizedEstimate', 'lowerBound'])
    expect(metricColumns(experiment).some(({ name }) => name === column)).toBe(recorded);
});
