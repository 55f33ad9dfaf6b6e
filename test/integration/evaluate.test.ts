// `earthmover evaluate` measures a checkpoint, records the numbers with their protocol, and compares equal protocols.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolution } from '../support/featureNetworks';
import { cli, cliFile, experiment, lines, root } from './cliProcess';

const images = {
  data: { source: 'digits', size: 16, samples: 120, validation: 0.25 },
  latent: { size: 4 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'mlp', depth: 1, width: 8 },
  steps: 4,
  samples: { every: 4, grid: [2, 3] },
  checkpoints: { every: 2, keep: 2 },
  metrics: [],
};

interface Result {
  readonly metric: string;
  readonly values: Readonly<Record<string, number>>;
  readonly protocol: Readonly<Record<string, unknown>>;
}
const recorded = (run: string) =>
  readFileSync(path.join(run, 'evaluations.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: number; results: Result[] });

describe('evaluate', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-evaluate-'));
  const run = path.join(folder, 'run');
  const points = path.join(folder, 'points');
  const train = (changes: object, out: string): string =>
    execFileSync(process.execPath, [cliFile, 'train', experiment(folder, changes), '--out', out], { encoding: 'utf8' });
  beforeAll(() => {
    train(images, run);
    train({ steps: 2, checkpoints: { every: 1 }, samples: { every: 2 }, metrics: [] }, points);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints the metrics that apply and adds them to the run, the same each time', async () => {
    const ended = await cli(['evaluate', points, '--samples', '200']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/points, step 2: real samples from the distribution, seed 0/);
    expect(ended.stdout).toMatch(/modes +\d+ +200 samples\n/);
    expect(ended.stdout).toMatch(/W₁ +[\d.]+ +200 generated, 200 real\nW₁ floor +[\d.]+/);
    appendFileSync(path.join(points, 'evaluations.jsonl'), '{"step": 2, "res'); // cut off by a crash
    const again = await cli(['evaluate', points, '--samples', '200', '--json']);
    const [first, , second] = readFileSync(path.join(points, 'evaluations.jsonl'), 'utf8').split('\n');
    const { wallTime: at, ...values } = JSON.parse(first) as { wallTime: number };
    expect({ ...(JSON.parse(second) as object), wallTime: at }).toEqual({ ...values, wallTime: at });
    expect(lines(again)).toMatchObject([
      { event: 'evaluation', step: 2, results: [{ metric: 'modes' }, { metric: 'w1' }] },
    ]);
  });

  it('measures features of any ONNX file, with its protocol', async () => {
    const features = convolution(folder, 'features.onnx', [16, 16, 1]);
    const ended = await cli(['evaluate', run, '--step', '3', '--samples', '40', '--features', features, '--json']);
    expect(ended.code).toBe(0);
    const [{ step, results, notes }] = lines(ended) as unknown as [
      { step: number; results: Result[]; notes: string[] },
    ];
    expect(step).toBe(2);
    expect(notes).toEqual(['The held-out split has only 30 samples; 40 were generated.']);
    expect(results.map(({ metric }) => metric)).toEqual([
      'swd',
      'classes',
      'fid',
      'kid',
      'precision-recall',
      'density-coverage',
    ]);
    const sha256 = createHash('sha256').update(readFileSync(features)).digest('hex');
    const [, classes, fid, , precisionRecall] = results;
    expect(classes.values.classes).toBeGreaterThanOrEqual(1);
    expect(classes.values.accuracy * 20).toBeCloseTo(Math.round(classes.values.accuracy * 20), 9); // a sixth of 120
    expect(classes.protocol.classifier).toMatch(/^perceptron of .*, 100 images$/);
    expect(fid.protocol).toEqual({
      ...{
        generated: 40,
        real: 30,
        split: 'held-out',
        shape: [16, 16, 1],
        seed: 0,
        version: expect.any(String) as string,
      },
      data: expect.stringMatching(/^digits [0-9a-f]{12}$/) as string,
      features: { sha256, layer: 'features', dimensions: 6, input: 'not resized, 16 x 16, -1..1' },
    });
    expect(fid.values.fid).toBeGreaterThan(0);
    // 40 generated and 30 real samples: shares of these numbers.
    expect(precisionRecall.values.precision * 40).toBeCloseTo(Math.round(precisionRecall.values.precision * 40), 9);
    expect(precisionRecall.values.recall * 30).toBeCloseTo(Math.round(precisionRecall.values.recall * 30), 9);
    expect(recorded(run).at(-1)?.results).toEqual(results);
  });

  it('resizes images, and repeats gray ones, for a network of another size', async () => {
    const features = convolution(folder, 'large.onnx', [24, 20, 3]);
    const options = ['--samples', '20', '--features', features, '--range', 'imagenet', '--metrics', 'fid', '--json'];
    const ended = await cli(['evaluate', run, ...options]);
    expect(lines(ended)).toMatchObject([
      { results: [{ protocol: { features: { input: 'bilinear to 24 x 20, imagenet', dimensions: 6 } } }] },
    ]);
  });

  it('compares runs of one protocol only', async () => {
    const features = convolution(folder, 'one.onnx', [16, 16, 1]);
    const other = path.join(folder, 'other');
    train({ ...images, seed: 6 }, other);
    const options = ['--samples', '20', '--features', features, '--metrics', 'fid'];
    const early = await cli(['evaluate', run, ...options, '--compare', other]);
    expect(early.code).toBe(2);
    expect(early.stderr).toMatch(/other was not evaluated by fid\. Evaluate it first, with the same options/);
    expect(await cli(['evaluate', other, ...options, '--seed', '1'])).toMatchObject({ code: 0 });
    const same = await cli(['evaluate', run, ...options, '--compare', other]);
    expect(same.stdout).toMatch(/metric +value +other +samples\nFID +[\d.]+ +[\d.]+ +20 generated, 20 real\n/);
    const scaled = convolution(folder, 'scaled.onnx', [16, 16, 1], 2);
    const changed = ['--samples', '25', '--features', scaled, '--metrics', 'fid', '--split', 'training'];
    const refused = await cli(['evaluate', run, ...changed, '--compare', other]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /The fid of .*other cannot be compared: .*generated samples: 25 and 20; real samples: 25 and 20; split: training and held-out; feature file: \w{64} and \w{64}/,
    );
  });

  it.each([
    [
      ['--metrics', 'fid'],
      /The metric fid needs a feature network: --features FILE\.onnx .*With this run: --metrics swd/,
    ],
    [['--metrics', 'w1'], /The metric w1 needs points, and the data is images/],
    [['--metrics', 'fld'], /--metrics must be modes, .* got "fld"/],
    [['--features', 'none.onnx'], /Cannot read the feature network none\.onnx: it does not exist/],
    [['--features', 'package.json'], /The feature network package\.json cannot be used: .*docs\/metrics\.md/],
    [['--layer', 'x'], /--layer is only for --features/],
    [['--samples', '0'], /--samples must be a whole number of at least 1/],
    [['--step', '1'], /No generator to use in .*run\. It has no checkpoint up to step 1/],
  ])('refuses %j with what to do', async (options, message) => {
    const ended = await cli(['evaluate', run, ...options], root);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses networks that do not fit the images', async () => {
    const color = convolution(folder, 'two.onnx', [16, 16, 3]);
    const wrong = await cli(['evaluate', run, '--features', color, '--layer', 'pool']);
    expect(wrong.stderr).toMatch(/has no output "pool"\. It has the output "features" \(float32 \[any, 6\]\)/);
    const maps = path.join(folder, 'model.onnx');
    expect(await cli(['export', run, '--format', 'onnx', '--out', maps])).toMatchObject({ code: 0 });
    const generator = await cli(['evaluate', run, '--features', maps]);
    expect(generator.stderr).toMatch(/has the input "z" \(float32 \[any, 4\]\)\. It needs one float32 input of images/);
  });
});
