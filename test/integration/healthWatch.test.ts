// The health watch in real trainings: each kind of trouble raises its event, which a resumed run does not repeat.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, experiment, lines, metrics, scratch } from './cliProcess';

interface Notice {
  readonly step: number;
  readonly level: string;
  readonly kind: string;
  readonly message: string;
}

/** The warnings and errors of a run, by notices.jsonl. */
const warnings = (run: string): Notice[] =>
  readFileSync(path.join(run, 'notices.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Notice)
    .filter(({ level }) => level !== 'info');

const kinds = (run: string): string[] => warnings(run).map(({ kind }) => kind);

async function train(settings: object, files: Readonly<Record<string, string>> = {}) {
  const folder = scratch();
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  const run = path.join(folder, 'run');
  const long = { steps: 200, samples: { every: 20 }, checkpoints: { every: 50, keep: 10 }, metrics: [] };
  const ended = await cli(['train', experiment(folder, { ...long, ...settings }), '--out', run, '--json']);
  return { run, ended };
}

/** A table of numbers that look random, [rows, columns], with mean 0 and standard deviation 1. */
const table = (rows: number, columns: number, scale = 1): string =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, k) => {
      const u = Math.sin(12.9898 * (i * columns + k + 1)) * 43758.5453;
      return (scale * Math.sqrt(12) * (u - Math.floor(u) - 0.5)).toFixed(4);
    }).join(','),
  ).join('\n');

/** Two distributions on parallel lines, and a generator that hardly moves. */
const saturating = {
  data: { source: 'vertical-line', theta: 0 },
  latent: { size: 1, distribution: 'uniform01' },
  generator: { network: 'shift', theta: 1 },
  objective: 'minimax',
  constraint: null,
  criticSteps: 5,
  optimizer: {
    generator: { kind: 'sgd', learningRate: 1e-9 },
    critic: { kind: 'adam', learningRate: 0.02, beta1: 0.5, beta2: 0.999 },
  },
};

describe('a run', () => {
  it('whose weights are clipped so much that the critic is dead says so', async () => {
    const clipped = { critic: { network: 'mlp', depth: 3, width: 16 }, constraint: { kind: 'clip', c: 1e-6 } };
    const { run } = await train({ ...clipped, metrics: ['w1'] });
    expect(kinds(run)).toEqual(['dead-critic']);
    expect(warnings(run)[0].message).toMatch(/the estimate 0, although the exact Wasserstein distance is [\d.]+\./);
  });

  it('with a saturated discriminator says so once, also if it is resumed before or after', async () => {
    const { run } = await train(saturating);
    const all = warnings(run);
    expect(all.map(({ kind }) => kind)).toEqual(['saturated-discriminator']);
    expect(all[0].message).toMatch(/^The discriminator is saturated: JS is 0\.6\d+ on average/);
    const log = readFileSync(path.join(run, 'log.txt'), 'utf8');
    expect(log).toContain(`step ${all[0].step} warning: The discriminator is saturated`);
    for (const at of [50, 150]) {
      const resumed = `${run}-${at}`;
      cpSync(run, resumed, { recursive: true });
      for (let step = at + 50; step <= 200; step += 50)
        rmSync(path.join(resumed, `checkpoints/step-${step}`), { recursive: true });
      expect((await cli(['resume', resumed, '--json'])).code).toBe(0);
      const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
      expect(untimed(resumed)).toEqual(untimed(run));
      expect(warnings(resumed).map((notice) => ({ ...notice, wallTime: 0 }))).toEqual(
        all.map((notice) => ({ ...notice, wallTime: 0 })),
      );
    }
  });

  it('on data far from unit scale says so at the start', async () => {
    const { run, ended } = await train(
      { data: { source: 'points', path: 'big.csv' }, steps: 10 },
      { 'big.csv': table(200, 2, 1e6) },
    );
    expect(warnings(run)[0]).toMatchObject({ step: 0, kind: 'unscaled-data' });
    expect(lines(ended).find(({ kind }) => kind === 'unscaled-data')?.message).toMatch(
      /its root mean square is 9\d+ .* Set "data\.standardize" to true\.$/,
    );
  });

  it('whose critic learns the training samples by heart says so', async () => {
    const memorizing = {
      data: { source: 'points', path: 'few.csv', validation: 0.5 },
      latent: { size: 48 },
      critic: { network: 'mlp', depth: 2, width: 64 },
      criticSteps: 5,
      optimizer: { kind: 'adam', learningRate: 0.002, beta1: 0, beta2: 0.9 },
    };
    const { run } = await train({ ...memorizing, steps: 100, samples: { every: 10 } }, { 'few.csv': table(40, 48) });
    expect(kinds(run)).toEqual(['memorizing-critic']);
  });

  it('is healthy, and with a thousand times its learning rate ends with the first number that is not finite', async () => {
    const sgd = (learningRate: number) => ({ optimizer: { kind: 'sgd', learningRate } });
    const [healthy, diverged] = await Promise.all([train(sgd(0.005)), train(sgd(5))]);
    expect(kinds(healthy.run)).toEqual([]);
    expect(kinds(diverged.run)).toEqual(['diverged']);
    expect(diverged.ended.code).not.toBe(0);
  });

  it('raises nothing where the thresholds are null', async () => {
    const health = { saturatedDiscriminator: null };
    expect(kinds((await train({ ...saturating, health })).run)).toEqual([]);
  });
});
