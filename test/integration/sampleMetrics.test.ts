// Metrics of a classifier and of a feature network during training: the same after a kill, and the best checkpoint by
// one of them, which is kept.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { convolution } from '../support/featureNetworks';
import { checkpoints, cli, experiment, lines, metrics, scratch, start, status, type Ended } from './cliProcess';

const images = {
  data: { source: 'digits', size: 16, samples: 240, validation: 0.25 },
  latent: { size: 4 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'mlp', depth: 1, width: 8 },
  batchSize: 8,
  steps: 24,
  samples: { every: 4, grid: [2, 3] },
  checkpoints: { every: 6, keep: 1, best: 'kid' },
  metrics: ['swd', 'classes', 'fid', 'kid', 'precision-recall', 'density-coverage'],
  evaluation: { samples: 70, features: './features.onnx' },
};

/** A folder with the experiment and its feature network, and the path of a run in it. */
/** A network that takes large images, so that metrics take longer than the steps between them. */
const slow = { samples: 20, features: './slow.onnx' };

function prepared(changes: object = {}): { readonly folder: string; readonly file: string; readonly run: string } {
  const folder = scratch();
  convolution(folder, 'features.onnx', [16, 16, 1]);
  convolution(folder, 'slow.onnx', [512, 512, 1]);
  return { folder, file: experiment(folder, { ...images, ...changes }), run: path.join(folder, 'run') };
}

const sampleMetrics = (run: string): Record<string, number>[] =>
  metrics(run, 'sampleMetrics.bin').map(({ wallTime: _, ...values }) => values);
const notices = (ended: Ended): string =>
  lines(ended)
    .filter(({ event }) => event === 'notice')
    .map(({ message }) => String(message))
    .join('\n');
const bestOf = (run: string) =>
  (status(run) as unknown as { best: { metric: string; step: number; value: number } }).best;

/** The step of the first of the lowest values. */
function lowest(run: string, name: string): number {
  const rows = sampleMetrics(run);
  return rows.reduce((best, row) => (row[name] < best[name] ? row : best)).step;
}

interface Header {
  readonly columns: { name: string; label: string; protocol: Readonly<Record<string, unknown>> }[];
}
const headerOf = (run: string): Header =>
  JSON.parse(readFileSync(path.join(run, 'sampleMetrics.bin'), 'utf8').split('\n', 1)[0]) as Header;

describe('metrics during training', () => {
  it('are columns at sample steps with their protocol', async () => {
    const { file, run } = prepared();
    const ended = await cli(['train', file, '--out', run, '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(metrics(run).map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    const rows = sampleMetrics(run);
    expect(rows.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24]);
    for (const row of rows) expect(Object.values(row).every(Number.isFinite)).toBe(true);
    const { columns } = headerOf(run);
    expect(columns.map(({ name }) => name)).toEqual([
      ...['classes', 'classDivergence', 'accuracy', 'fid', 'kid', 'kidDeviation'],
      ...['precision', 'recall', 'density', 'coverage'],
    ]);
    expect(columns[3]).toMatchObject({ label: 'FID, n = 70' });
    expect(columns[3].protocol).toMatchObject({
      ...{ generated: 70, real: 60, split: 'held-out', shape: [16, 16, 1] },
      features: { sha256: expect.stringMatching(/^\w{64}$/) as string, layer: 'features', dimensions: 6 },
    });
    expect(columns[0].protocol).toMatchObject({ generated: 70, real: 0, classifier: expect.any(String) as string });
    const later = lines(ended).filter(({ event }) => event === 'metrics');
    expect(later.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24]);
  });

  it('and the best checkpoint are the same after kills, and no row waits', async () => {
    const changes = { steps: 16, evaluation: slow };
    const whole = prepared(changes);
    const uninterrupted = await cli(['train', whole.file, '--out', whole.run, '--json']);
    const place = (event: string, step: number) =>
      lines(uninterrupted).findIndex((each) => each.event === event && each.step === step);
    expect(place('step', 5)).toBeLessThan(place('metrics', 4));
    const { file, run } = prepared(changes);
    const first = start(['train', file, '--out', run, '--json']);
    await first.saw(({ event, step }) => event === 'checkpoint' && step === 4);
    first.child.kill('SIGKILL');
    await first.ended;
    // The metrics of step 4 were still being computed: the checkpoint has its images.
    const [latest] = checkpoints(run).sort();
    expect(readdirSync(path.join(run, 'checkpoints', latest, 'pending'))).toContain('step-4.bin');
    const second = start(['resume', run, '--json']);
    await second.saw(({ event, step }) => event === 'metrics' && step >= 12);
    second.child.kill('SIGKILL');
    await second.ended;
    expect(await cli(['resume', run, '--json'])).toMatchObject({ code: 0, stderr: '' });
    expect(sampleMetrics(run)).toEqual(sampleMetrics(whole.run));
    expect(bestOf(run)).toEqual(bestOf(whole.run));
    expect(checkpoints(run).sort()).toEqual(checkpoints(whole.run).sort());
  });

  it('do not hold up a run that is interrupted: a resume computes them', async () => {
    const { file, run } = prepared({ steps: 4000, evaluation: slow });
    const training = start(['train', file, '--out', run, '--json']);
    await training.saw(({ event, step }) => event === 'sample' && step === 4);
    training.child.kill('SIGINT');
    expect(await training.ended).toMatchObject({ code: 130 });
    const { step } = status(run);
    const done = sampleMetrics(run).length;
    expect(done).toBeLessThan(Math.floor(step / 4));
    expect(await cli(['resume', run, '--steps', String(step + 1), '--json'])).toMatchObject({ code: 0 });
    expect(
      sampleMetrics(run)
        .map((row) => row.step)
        .slice(0, Math.floor(step / 4)),
    ).toEqual(Array.from({ length: Math.floor(step / 4) }, (_, i) => 4 * (i + 1)));
  });

  it('end with their process, the training does not', async () => {
    // Slow metrics, so that they are not all computed before the process is killed.
    const { file, run } = prepared({ steps: 40, evaluation: slow });
    const training = start(['train', file, '--out', run, '--json']);
    await training.saw(({ event, step }) => event === 'step' && step === 1);
    const children = readFileSync(`/proc/${training.child.pid}/task/${training.child.pid}/children`, 'utf8');
    const processes = children.split(' ').filter(Boolean).map(Number);
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) process.kill(pid, 'SIGKILL');
    const ended = await training.ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(notices(ended)).toMatch(/Metrics cannot be computed .*exited unexpectedly \(SIGKILL\)/);
    expect(metrics(run)).toHaveLength(40);
  });
});

describe('the best checkpoint', () => {
  it('is kept beside the latest, and commands name it', async () => {
    const { folder, file, run } = prepared();
    const trained = await cli(['train', file, '--out', run]);
    const best = lowest(run, 'kid');
    expect(bestOf(run)).toMatchObject({ metric: 'kid', step: best });
    expect(trained.stdout).toMatch(new RegExp(`best +kid -?[\\d.]+ at step ${best} `));
    expect(checkpoints(run).sort()).toEqual([...new Set([`step-${best}`, 'step-24'])].sort());
    const evaluated = await cli(['evaluate', run, '--checkpoint', 'best', '--samples', '20', '--json']);
    expect(lines(evaluated)).toMatchObject([{ step: best }]);
    const exported = await cli(['export', run, '--checkpoint', 'best', '--out', path.join(folder, 'model'), '--json']);
    expect(lines(exported)).toMatchObject([{ step: best }]);
    const next = experiment(
      folder,
      { ...images, steps: 4, initialWeights: { generator: './run/checkpoints/best' } },
      'next.gan.json',
    );
    expect(await cli(['train', next, '--out', path.join(folder, 'next')])).toMatchObject({ code: 0 });
    const both = await cli(['export', run, '--checkpoint', 'best', '--step', '4']);
    expect(both.stderr).toMatch(/--step and --checkpoint choose different checkpoints/);
  });

  it('by a metric of the row is kept as well, the highest if that is better', async () => {
    const folder = scratch();
    const checkpointSettings = { every: 1000, keep: 1, best: 'highQuality' };
    const file = experiment(folder, { checkpoints: checkpointSettings, samples: { every: 2, grid: [2, 2] } });
    const run = path.join(folder, 'run');
    expect(await cli(['train', file, '--out', run])).toMatchObject({ code: 0 });
    const rows = metrics(run).filter(({ highQuality }) => !Number.isNaN(highQuality));
    const { step } = rows.reduce((best, row) => (row.highQuality > best.highQuality ? row : best));
    expect(bestOf(run)).toMatchObject({ metric: 'highQuality', step });
    expect(checkpoints(run).sort()).toEqual([...new Set([`step-${step}`, 'step-30'])].sort());
  });

  it('is refused for a run that keeps none', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    await cli(['train', experiment(folder, { steps: 2, metrics: [] }), '--out', run]);
    const ended = await cli(['export', run, '--checkpoint', 'best']);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toMatch(/keeps no best checkpoint: "checkpoints.best" in its experiment is null/);
  });
});

describe('a feature network', () => {
  it('that is not of use is an error at its setting, and no run is created', async () => {
    const { folder, file, run } = prepared({ evaluation: { features: './features.onnx', layer: 'pool' } });
    const ended = await cli(['train', file, '--out', run]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/tiny\.gan\.json:\d+:\d+: error: .*has no output "pool"/);
    writeFileSync(path.join(folder, 'features.onnx'), 'not a network');
    const damaged = await cli(['train', file, '--out', run]);
    expect(damaged.stderr).toMatch(/tiny\.gan\.json:\d+:\d+: error: .*features\.onnx cannot be used/);
    expect(readdirSync(folder)).not.toContain('run');
  });

  it('that changed since the run began is refused by a resume, and by a comparison', async () => {
    const { folder, file, run } = prepared();
    await cli(['train', file, '--out', run]);
    convolution(folder, 'features.onnx', [16, 16, 1], 2);
    const resumed = await cli(['resume', run, '--steps', '30']);
    expect(resumed).toMatchObject({ code: 2 });
    expect(resumed.stderr).toMatch(/was measured in another way until now: feature file: \w{64} and \w{64}\. Restore/);
    expect(status(run)).toMatchObject({ state: 'finished', step: 24 });
  });
});
