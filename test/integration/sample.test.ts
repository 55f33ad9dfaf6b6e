// Samples and interpolations of a run's generator, from the command line.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readNpyMembers } from '../support/npz';
import { renderSampleGrid } from '../../src/run/images/sampleGrid';
import { cli as run, experiment, scratch } from './cliProcess';

const images = {
  data: { source: 'digits', size: 16, samples: 64 },
  latent: { size: 4 },
  generator: { network: 'dcgan', filters: 4, normalization: 'batch' },
  critic: { network: 'dcgan', filters: 4, normalization: 'layer' },
  batchSize: 4,
  steps: 4,
  samples: { every: 4, grid: [2, 2] },
  checkpoints: { every: 2, keep: 2 },
  metrics: [],
};
const cli = (...args: readonly string[]) => run(args);
const pixels = async (file: string) => sharp(file).raw().toBuffer({ resolveWithObject: true });

describe('samples of a run', () => {
  it('are the same for a seed in every format, and at the ends of an interpolation', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    expect((await cli('train', experiment(folder, images), '--out', run)).code).toBe(0);
    const at = (name: string) => path.join(folder, name);
    // More than a batch of the experiment.
    const wrote = await cli('sample', run, '--count', '6', '--seed', '3', '--out', at('each'));
    expect([wrote.code, wrote.stdout, wrote.stderr]).toEqual([
      0,
      expect.stringMatching(/^Wrote 6 samples of step 4 to /),
      '',
    ]);
    expect(readdirSync(at('each'))).toEqual([3, 4, 5, 6, 7, 8].map((seed) => `seed-00000${seed}.png`));
    expect(
      (await cli('sample', run, '--count', '2', '--seed', '7', '--format', 'npz', '--out', at('two.npz'))).code,
    ).toBe(0);
    const { samples, latents, seeds } = readNpyMembers(at('two.npz'));
    expect([samples.shape, latents.shape, [...seeds.data]]).toEqual([
      [2, 16, 16, 1],
      [2, 4],
      [7, 8],
    ]);
    const { data, info } = await pixels(at('each/seed-000008.png'));
    expect([info.width, info.height]).toEqual([16, 16]);
    const second = samples.data.subarray(256);
    const gray = Array.from({ length: 256 }, (_, i) => data[i * info.channels]);
    gray.forEach((value, i) => expect(Math.abs(value - (second[i] + 1) * 127.5)).toBeLessThan(0.51));

    const strip = await cli('interpolate', run, '--from', '7', '--to', '8', '--steps', '2', '--out', at('strip.png'));
    expect(strip.code).toBe(0);
    const expected = await renderSampleGrid(samples.data as Float32Array, [16, 16, 1], 1, 2, 6);
    expect((await pixels(at('strip.png'))).data).toEqual(await sharp(expected.png).raw().toBuffer());

    const gif = await cli(
      'interpolate',
      run,
      '--steps',
      '5',
      '--format',
      'gif',
      '--truncation',
      '0.5',
      '--out',
      at('a.gif'),
    );
    expect(gif.code).toBe(0);
    const { pages, delay, width } = await sharp(at('a.gif'), { animated: true }).metadata();
    // There and back again.
    expect([pages, new Set(delay), width]).toEqual([8, new Set([80]), 256]);
  });

  it('may come from an earlier checkpoint, with truncated latent vectors, near another or in a grid', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const points = { steps: 4, checkpoints: { every: 2, keep: 2 } };
    expect((await cli('train', experiment(folder, points), '--out', run)).code).toBe(0);
    const npz = async (name: string, ...args: string[]) => {
      const out = path.join(folder, `${name}.npz`);
      const { code, stdout } = await cli(
        'sample',
        run,
        '--count',
        '40',
        '--format',
        'npz',
        '--json',
        '--out',
        out,
        ...args,
      );
      expect(code).toBe(0);
      const { samples, latents } = readNpyMembers(out);
      return { samples, latents, step: (JSON.parse(stdout) as { step: number }).step };
    };
    const [last, early, cut, near] = [
      await npz('last'),
      await npz('early', '--checkpoint', '3'),
      await npz('cut', '--truncation', '0.5'),
      await npz('near', '--near', '0.1'),
    ];
    expect([last.step, early.step]).toEqual([4, 2]);
    // A seed is the same latent vector at every checkpoint.
    expect(early.latents).toEqual(last.latents);
    expect(early.samples).not.toEqual(last.samples);
    expect(Math.max(...cut.latents.data.map(Math.abs))).toBeLessThanOrEqual(0.5);
    const [size] = last.latents.shape.slice(1);
    const distances = (all: typeof last) =>
      Array.from({ length: 39 }, (_, k) =>
        Math.hypot(
          ...Array.from({ length: size }, (_, i) => all.latents.data[(k + 1) * size + i] - all.latents.data[i]),
        ),
      );
    const far = distances(last);
    distances(near).forEach((distance, k) => expect(distance).toBeLessThan(far[k]));

    const plot = path.join(folder, 'plot.png');
    expect((await cli('sample', run, '--out', plot)).code).toBe(0);
    expect((await sharp(readFileSync(plot)).metadata()).width).toBe(640);
    const again = await cli('sample', run, '--out', plot);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('already exists')]);
    const path2d = path.join(folder, 'path.png');
    expect((await cli('interpolate', run, '--out', path2d)).code).toBe(0);
    expect((await sharp(path2d).metadata()).width).toBe(640);
    const loop = path.join(folder, 'path.gif');
    expect((await cli('interpolate', run, '--steps', '4', '--format', 'gif', '--out', loop)).code).toBe(0);
    const { pages, width } = await sharp(loop, { animated: true }).metadata();
    expect([pages, width]).toEqual([6, 480]);
  });

  it('are refused with options out of range', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    expect((await cli('train', experiment(folder, { steps: 1 }), '--out', run)).code).toBe(0);
    const cases: [string[], string][] = [
      [['--count', '0'], '--count must be a whole number from 1 to 1,000,000, got "0"'],
      [['--count', '9007199254740991'], '--count must be a whole number from 1 to 1,000,000'],
      [['--seed', '9007199254740991'], '--seed must be a whole number from 0 to 9,007,199,253,740,991'],
      [['--truncation', 'x'], '--truncation must be a number of at least 0.01, got "x"'],
      [['--near', '2'], '--near must be at most 1, got "2"'],
      [['--format', 'jpg'], '--format must be png, grid or npz, got "jpg"'],
      [['--checkpoint', 'first'], '--checkpoint must be "best" or a step, got "first"'],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await cli('sample', run, ...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
