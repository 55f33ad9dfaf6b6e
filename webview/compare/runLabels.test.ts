// The labels of compared runs.
import { expect, it } from 'vitest';
import { run } from '../../test/support/comparedRuns';
import { status as running } from '../../test/support/runStatus';
import { differingSettings } from './loadedRun';
import { runLabels } from './runLabels';

const labels = (all: readonly Record<string, string>[], withSeeds = false) =>
  runLabels(
    all.map((settings, i) => run(`20240109-0807${10 + i}-ring`, Number(settings.seed ?? 1), settings, 5, () => 1)),
    withSeeds,
  );

it('name all differences of two runs, not the first that tells them apart', () => {
  expect(
    labels([
      { 'generator.depth': '3', objective: 'wgan', 'constraint.0.kind': 'clip' },
      { 'generator.depth': '4', objective: 'wgan', 'constraint.0.kind': 'gradient-penalty' },
    ]),
  ).toEqual(['clip, depth 3', 'gradient-penalty, depth 4']);
});

it('name what says most first, and mark that there are more', () => {
  expect(
    labels([
      { criticSteps: '1', batchSize: '32', 'critic.width': '8', 'optimizer.critic.learningRate': '0.1' },
      { criticSteps: '5', batchSize: '64', 'critic.width': '16', 'optimizer.critic.learningRate': '0.2' },
    ]),
  ).toEqual(['learningRate 0.1, criticSteps 1, batchSize 32, …', 'learningRate 0.2, criticSteps 5, batchSize 64, …']);
});

it('name the network if both have the setting', () => {
  const depths = (generator: string, critic: string) => ({ 'generator.depth': generator, 'critic.depth': critic });
  expect(labels([depths('3', '3'), depths('4', '3'), depths('4', '4')])).toEqual([
    'generator depth 3, critic depth 3',
    'generator depth 4, critic depth 3',
    'generator depth 4, critic depth 4',
  ]);
});

it('merge a setting of both networks if they have the same value, and leave out steps unless nothing else differs', () => {
  const rates = (value: string, steps: string) => ({
    'optimizer.generator.learningRate': value,
    'optimizer.critic.learningRate': value,
    steps,
  });
  expect(labels([rates('0.0005', '2500'), rates('0.0001', '3600')])).toEqual([
    'learningRate 0.0005',
    'learningRate 0.0001',
  ]);
  expect(labels([rates('0.1', '2500'), rates('0.1', '3600')])).toEqual(['steps 2500', 'steps 3600']);
});

it('have the steps that a run was extended to', () => {
  const [short, extended] = [1, 2].map((i) => run(`2024010${i}-080700-ring`, 1, { steps: '2500' }, 5, () => 1));
  const status = { ...running, state: 'finished' as const, step: 3000, steps: 3000 };
  expect(runLabels([short, { ...extended, status }], false)).toEqual(['steps 2500', 'steps 3000']);
  const same = run('20240103-080700-ring', 1, { steps: '3000' }, 5, () => 1);
  expect(differingSettings([{ ...extended, status }, same])).toEqual([]);
});

it('name a setting that a run does not have, and fall back to when it began', () => {
  expect(labels([{}, { 'stabilization.ema': '0.999' }])).toEqual(['no ema', 'ema 0.999']);
  expect(labels([{}, {}])).toEqual(['08:07:10', '08:07:11']);
  const seeds = [{ seed: '1' }, { seed: '2' }, { seed: '2' }];
  expect(labels(seeds, true)).toEqual(['seed 1', 'seed 2, 08:07:11', 'seed 2, 08:07:12']);
});

it('tell a fork from its parent, also if no setting differs', () => {
  const forked = (step: number | null, settings: Record<string, string>, second: number) => {
    const loaded = run(`20240109-0807${second}-ring`, 1, settings, 5, () => 1);
    return { ...loaded, state: { ...loaded.state, parent: step === null ? null : { directory: '/runs/a', step } } };
  };
  expect(runLabels([forked(null, {}, 10), forked(400, {}, 11)], false)).toEqual(['08:07:10', 'fork at 400']);
  const rate = (value: string) => ({ 'optimizer.critic.learningRate': value });
  const [parent, ...forks] = [
    forked(null, rate('0.1'), 10),
    forked(400, rate('0.1'), 11),
    forked(400, rate('0.2'), 12),
  ];
  expect(runLabels([parent, ...forks], false)).toEqual([
    'learningRate 0.1',
    'learningRate 0.1, fork at 400',
    'learningRate 0.2, fork at 400',
  ]);
  // All have it.
  expect(runLabels(forks, false)).toEqual(['learningRate 0.1', 'learningRate 0.2']);
});

it('contain the names of experiments if these differ', () => {
  const named = (id: string, name: string, seed: number) => {
    const { state, ...rest } = run(id, seed, {}, 5, () => 1);
    return { ...rest, state: { ...state, name } };
  };
  expect(runLabels([named('a', 'ring', 1), named('b', 'ring', 2), named('c', 'grid', 1)], true)).toEqual([
    'seed 1 · ring',
    'seed 2 · ring',
    'grid',
  ]);
});
