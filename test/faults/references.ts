// Tiny experiments, and what their runs hold when nothing interrupts them.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { experiment, metrics } from '../support/tinyRuns';
import { must } from './faultKind';
import { Sandbox, tail } from './sandbox';

const steps = 120;
const often = { steps, checkpoints: { every: 20, keep: 3 }, samples: { every: 40, grid: [4, 4] } };

/** Changes to the tiny experiment. */
export const experiments = {
  points: { ...often },
  averaged: {
    ...often,
    constraint: ['spectral-norm', { kind: 'gradient-penalty', lambda: 0.1 }],
    stabilization: { ema: 0.9, instanceNoise: { sigma: 0.1 } },
    checkpoints: { every: 20, keep: 2 },
  },
  digits: {
    ...often,
    steps: 40,
    checkpoints: { every: 10, keep: 3 },
    samples: { every: 20, grid: [4, 4] },
    data: { source: 'digits', size: 16, samples: 200, validation: 0.1 },
    generator: { network: 'dcgan', filters: 4, normalization: 'none' },
    critic: { network: 'dcgan', filters: 4, normalization: 'none' },
    metrics: [],
  },
} as const;

export type ExperimentName = keyof typeof experiments;
export const experimentNames = Object.keys(experiments) as ExperimentName[];

export const writeExperiment = (sandbox: Sandbox, name: ExperimentName): string =>
  experiment(sandbox.work(), experiments[name], `${name}.gan.json`);

export interface Reference {
  /** The run directory. Copies of it may be changed, itself not. */
  readonly run: string;
  readonly rows: readonly Record<string, number>[];
}

const known = new Map<string, Promise<Reference>>();
const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-reference-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function trained(key: string, train: (sandbox: Sandbox, run: string) => Promise<unknown>): Promise<Reference> {
  const make = async (): Promise<Reference> => {
    const sandbox = new Sandbox();
    try {
      await train(sandbox, sandbox.work('run'));
      const run = path.join(folder, key);
      cpSync(sandbox.work('run'), run, { recursive: true });
      return { run, rows: untimed(run) };
    } finally {
      sandbox.remove();
    }
  };
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}

/** A run that nothing interrupted. */
export const finished = (name: ExperimentName): Promise<Reference> =>
  trained(name, async (sandbox, run) => {
    const { code } = await sandbox.cli(['train', writeExperiment(sandbox, name), '--out', run]);
    must(code === 0, `the reference run of ${name} ended with ${code}`);
  });

/** A run that was killed about half-way, without warning. */
export const killed = (name: ExperimentName): Promise<Reference> =>
  trained(`${name}-killed`, async (sandbox, run) => {
    const half = Math.round(experiments[name].steps * 0.6);
    const training = sandbox.start(['train', writeExperiment(sandbox, name), '--out', run, '--json']);
    training.child.stdout?.on('data', () => {
      if (training.stdout().includes(`"step":${half},`)) training.child.kill('SIGKILL');
    });
    await training.ended;
    must(untimed(run).length >= half, 'the run was killed too early');
  });

/** The experiment of a sweep over seeds that takes some seconds, so that it can be interrupted. */
export const sweptSteps = 1500;
export const sweptTrials = 4;
export const sweptExperiment = {
  steps: sweptSteps,
  metrics: [],
  checkpoints: { every: 100, keep: 2 },
  samples: { every: 500, grid: [4, 4] },
};

/** The runs of such a sweep that nothing interrupted, by the number of the trial. */
export async function sweptRuns(): Promise<(trial: number) => Reference> {
  const runs = await Promise.all(
    Array.from({ length: sweptTrials }, (_, k) =>
      trained(`swept-${k + 1}`, async (sandbox, run) => {
        const file = experiment(sandbox.work(), sweptExperiment);
        const { code, stderr } = await sandbox.cli(['train', file, '--set', `seed=${k + 1}`, '--out', run]);
        must(code === 0, `the reference run with seed ${k + 1} ended with ${code}: ${tail(stderr)}`);
      }),
    ),
  );
  return (trial) => runs[trial - 1];
}

/** The curve without the time of day. */
export const untimed = (run: string) => metrics(run).map(({ wallTime: _, ...row }) => row);

export const lastCheckpoint = (run: string): string => {
  const names = readdirSync(path.join(run, 'checkpoints')).filter((name) => /^step-\d+$/.test(name));
  const last = names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).at(-1);
  return path.join(run, 'checkpoints', last ?? 'none');
};

const weights = (run: string) => readFileSync(path.join(lastCheckpoint(run), 'generator', 'weights.bin'));

/** Throws unless a run has the curve, weights and sample images of the run that nothing interrupted. */
export function mustEqual(run: string, reference: Reference): void {
  const rows = untimed(run);
  must(rows.length === reference.rows.length, `the curve has ${rows.length} rows instead of ${reference.rows.length}`);
  const different = rows.findIndex((row, k) => JSON.stringify(row) !== JSON.stringify(reference.rows[k]));
  must(different < 0, `row ${different} differs: ${JSON.stringify(rows[different])}`);
  must(weights(run).equals(weights(reference.run)), 'the weights differ');
  for (const name of readdirSync(path.join(reference.run, 'samples'))) {
    const image = path.join(run, 'samples', name);
    must(existsSync(image), `samples/${name} is missing`);
    must(
      readFileSync(image).equals(readFileSync(path.join(reference.run, 'samples', name))),
      `samples/${name} differs`,
    );
  }
}
