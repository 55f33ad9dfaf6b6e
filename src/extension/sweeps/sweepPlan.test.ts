// The plan of a sweep for its page.
import { expect, it } from 'vitest';
import { plannedSweep } from '../../../test/support/plannedSweep';
import { checkToPage } from '../../protocol/monitorChecks';
import { openSweep, openSweepAsync } from '../../sweep/sweepDirectory';
import { sweepPlan } from './sweepPlan';

it('is that of the disk, with the settings that differ, and objects by their parts', async () => {
  const constraint = [
    { kind: 'clip', c: 0.1 },
    { kind: 'gradient-penalty', lambda: 1 },
  ];
  const { directory } = plannedSweep({ over: { constraint, batchSize: [8] }, set: { objective: 'wgan' }, seeds: 2 });
  expect(await openSweepAsync(directory)).toEqual(openSweep(directory));
  const plan = sweepPlan(await openSweepAsync(directory));
  expect(checkToPage({ type: 'sweep', plan })).toHaveProperty('value');
  expect(plan).toMatchObject({
    name: 'widths',
    settings: ['constraint.kind', 'constraint.c', 'constraint.lambda'],
    grid: ['constraint.kind', 'constraint.c', 'constraint.lambda'],
    comparison: { metric: 'w1', maximize: false, thresholds: [] },
  });
  expect(plan.trials.map(({ values, seed }) => [...values, seed])).toEqual([
    ['clip', 0.1, null, 1],
    ['gradient-penalty', null, 1, 1],
    ['clip', 0.1, null, 2],
    ['gradient-penalty', null, 1, 2],
  ]);
});
