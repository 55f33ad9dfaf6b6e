// Exports as files: an ONNX generator compared with the trainer's sample step on the same checkpoint, and the GIF of a
// run.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { loadNativePackage } from '../../src/engine/onnx/nativePackage';
import type { Experiment } from '../../src/experiment';
import { fillNormal } from '../../src/math/random';
import { openCheckpoint } from '../../src/run/checkpoints';
import { openRun, runPaths } from '../../src/run/directory';
import { buildGan } from '../../src/trainer/buildGan';
import { readRunModels } from '../../src/trainer/userModels/runModels';
import { cli, experiment, lines, scratch } from './cliProcess';

const { InferenceSession, Tensor } = loadNativePackage().ort;

const images = {
  data: { source: 'digits', size: 16, samples: 64 },
  latent: { size: 4 },
  critic: { network: 'mlp', depth: 1, width: 8 },
  ...{ steps: 4, seed: 9, samples: { every: 4, grid: [2, 3] }, checkpoints: { every: 2, keep: 2 }, metrics: [] },
};
const points = { steps: 4, checkpoints: { every: 2, keep: 2 }, metrics: [] };
const own = (name: string) => ({ module: './models.ts', export: name });

const models = `import * as tf from '@tensorflow/tfjs';
const dense = (units: number) => tf.layers.dense({ units, activation: 'swish' });
export const plain = ({ outputShape }) =>
  tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [2], activation: 'tanh' }), dense(6), tf.layers.dense({ units: outputShape[0] })] });
class Doubled extends tf.layers.Layer {
  static className = 'Doubled';
  call(x) { return tf.mul([x].flat()[0], 2); }
}
class Counting extends tf.layers.Layer {
  static className = 'Counting';
  call(x) { const [t] = [x].flat(); return tf.mul(t, 1 / t.shape[0]); }
}
class Shaken extends tf.layers.Layer {
  static className = 'Shaken';
  call(x) { const [t] = [x].flat(); return tf.add(t, tf.randomNormal(t.shape)); }
}
const around = (layer) => ({ outputShape }) =>
  tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [2] }), layer(), tf.layers.dense({ units: outputShape[0] })] });
export const classes = around(() => new Doubled({}));
export const counting = around(() => new Counting({}));
export const shaken = around(() => new Shaken({ name: 'shaken' }));
`;

/** Trains into `folder`/run. */
async function train(folder: string, changes: object): Promise<string> {
  writeFileSync(path.join(folder, 'models.ts'), models);
  const run = path.join(folder, 'run');
  expect(await cli(['train', experiment(folder, changes), '--out', run])).toMatchObject({ code: 0 });
  return run;
}

/** z, and the samples of the trainer's sample step with the state of the newest checkpoint. */
async function generated(run: string, count: number) {
  const { manifest } = openRun(run);
  const settings = manifest.experiment as Experiment;
  const { checkpoint } = await openCheckpoint(runPaths(run).checkpoints);
  const engine = openOnnxEngine({ threads: 1 });
  const { bundles } = await readRunModels(run, settings, manifest.source);
  const shape = settings.data.source === 'digits' ? [settings.data.size, settings.data.size, 1] : [2];
  const { gan } = await buildGan(settings, shape, { source: manifest.source, bundles });
  const state = engine.state(gan.variables);
  const values = Object.entries(checkpoint!.tensors).map(([name, { data }]) => [name, data as Float32Array] as const);
  await state.write(Object.fromEntries(values));
  const step = await engine.compile({ ...gan.samplesStep(count), state });
  const z = new Float32Array(count * settings.latent.size);
  fillNormal(z, { seed: 3, stream: 'z', step: 0 });
  const { samples } = await step.run({ z }, { seed: 1, step: 0 });
  return { z, samples: samples.slice(), shape: [count, ...shape], latent: settings.latent.size };
}

async function predicted(file: string, z: Float32Array, latent: number, part = z.length / latent) {
  const session = await InferenceSession.create(file);
  const parts: Float32Array[] = [];
  let dims: readonly number[] = [];
  for (let at = 0; at < z.length; at += part * latent) {
    const given = z.slice(at, at + part * latent);
    const { samples } = await session.run({ z: new Tensor('float32', given, [given.length / latent, latent]) });
    parts.push(samples.data as Float32Array);
    dims = samples.dims;
  }
  return { values: parts.flatMap((values) => [...values]), dims };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i])), a.length === b.length ? 0 : Infinity);

describe('a generator as an ONNX file', () => {
  it.each(
    Object.entries({
      mlp: points,
      'dcgan, batch norm, averaged': {
        ...images,
        generator: { network: 'dcgan', filters: 4, normalization: 'batch', initializer: 'he' },
        stabilization: { ema: 0.5 },
      },
      'dcgan, layer norm': {
        ...images,
        generator: { network: 'dcgan', filters: 4, normalization: 'layer', activation: 'smooth-elu' },
      },
      resnet: { ...images, generator: { network: 'resnet', filters: 4 }, data: { ...images.data, size: 32 } },
      'a user model': { ...points, generator: own('plain') },
      'user layers': { ...points, generator: own('classes'), stabilization: { ema: 0.9 } },
    }),
  )('with %s gives the samples of the trainer for any batch size', async (_, changes) => {
    const folder = scratch();
    const run = await train(folder, changes);
    const [event] = lines(await cli(['export', 'run', '--format', 'onnx', '--out', 'new/g.onnx', '--json'], folder));
    const { z, samples, shape, latent } = await generated(run, 6);
    const file = path.join(folder, 'new', 'g.onnx');
    expect(event).toMatchObject({
      event: 'export',
      format: 'onnx',
      file,
      step: 4,
      batch: null,
      latent,
      shape: shape.slice(1),
      notes: [],
    });
    expect(Math.max(...samples) - Math.min(...samples)).toBeGreaterThan(1e-3);
    const whole = await predicted(file, z, latent);
    expect(whole.dims).toEqual(shape);
    expect(farthest(whole.values, samples)).toBeLessThan(1e-5);
    expect(farthest((await predicted(file, z, latent, 1)).values, samples)).toBeLessThan(1e-5);
  });

  it('has a fixed batch size, with a warning, if the network depends on it; --batch sets the size', async () => {
    const folder = scratch();
    const run = await train(folder, { ...points, generator: own('counting') });
    const ended = await cli(['export', 'run', '--format', 'onnx'], folder);
    expect(ended.stdout).toBe(
      'Exported the generator of step 4 to run-generator.onnx: z [16, 2] to samples [16, 2].\n',
    );
    expect(ended.stderr).toMatch(/^warning: The network depends on the batch size, so .* only batches of 16\./);
    expect((await cli(['export', 'run', '--format', 'onnx', '--batch', '6', '--out', 'six.onnx'], folder)).stderr).toBe(
      '',
    );
    const { z, samples, latent } = await generated(run, 6);
    expect(farthest((await predicted(path.join(folder, 'six.onnx'), z, latent)).values, samples)).toBeLessThan(1e-6);
  });

  it('is rejected if the network draws random numbers or the file exists', async () => {
    const folder = scratch();
    await train(folder, { ...points, generator: own('shaken') });
    const refused = await cli(['export', 'run', '--format', 'onnx'], folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('cannot be exported as ONNX: It draws random numbers (in layer "shaken").');
    expect(refused.stderr).toContain('--format tfjs');
    expect(readdirSync(folder).filter((name) => name.includes('onnx'))).toEqual([]);
    writeFileSync(path.join(folder, 'there.onnx'), 'mine');
    const existing = await cli(['export', 'run', '--format', 'onnx', '--out', 'there.onnx'], folder);
    expect(existing.stderr).toContain('there.onnx already exists. Choose a new file with --out.');
  });
});

describe('a run as a GIF', () => {
  it('has its sample images in order, holds the last frame longer, and loops', async () => {
    const folder = scratch();
    const run = await train(folder, {
      ...images,
      generator: { network: 'mlp', depth: 1, width: 8 },
      samples: { every: 1, grid: [2, 3] },
    });
    const ended = await cli(['export', 'run', '--format', 'gif'], folder);
    expect(ended.stdout).toMatch(/^Exported 4 sample grids \(steps 1 to 4, 4\.0 s\) to run-training\.gif\.\n$/);
    const gif = path.join(folder, 'run-training.gif');
    const about = await sharp(gif, { animated: true }).metadata();
    expect(about).toMatchObject({ format: 'gif', pages: 4, loop: 0, delay: [500, 500, 500, 2500] });
    for (const [page, step] of [1, 2, 3, 4].entries()) {
      const image = sharp(path.join(run, 'samples', `step-${step}.png`));
      const { width, height } = await image.metadata();
      expect([about.width, about.pageHeight]).toEqual([width, height + 26]);
      const frame = sharp(gif, { page }).extract({ left: 0, top: 0, width, height }).grayscale().raw();
      const [shown, real] = [await frame.toBuffer(), await image.grayscale().raw().toBuffer()];
      const difference = shown.reduce((sum, v, i) => sum + Math.abs(v - real[i]), 0) / real.length;
      expect(difference).toBeLessThan(4);
    }
  });

  it("GIF export rejects a single image and other formats' options", async () => {
    const folder = scratch();
    await train(folder, { ...images, generator: { network: 'mlp', depth: 1, width: 8 } });
    const ended = await cli(['export', 'run', '--format', 'gif'], folder);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('has only one sample image')]);
    expect((await cli(['export', 'run', '--format', 'gif', '--batch', '2'], folder)).stderr).toContain(
      '--batch cannot be used with --format gif.',
    );
    expect((await cli(['export', 'run', '--format', 'onnx', '--batch', '0'], folder)).stderr).toContain(
      '--batch must be a whole number of at least 1, got "0"',
    );
    expect((await cli(['export', 'run', '--format', 'png'], folder)).stderr).toContain(
      '--format must be tfjs, onnx or gif, got "png"',
    );
    expect(existsSync(path.join(folder, 'run-training.gif'))).toBe(false);
  });
});

describe('a damaged model in a checkpoint', () => {
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    empty: () => Buffer.alloc(0),
    flipped: (bytes) => Buffer.from(bytes.map((byte, i) => (i === 40 ? byte ^ 16 : byte))),
    zeroed: (bytes) => Buffer.alloc(bytes.length),
  };
  it.each(['tfjs', 'onnx'])(
    'is never exported as %s: the previous one is used, and the damage reported',
    async (format) => {
      const folder = scratch();
      const run = await train(folder, points);
      const fileOf = (step: number, name: string) => path.join(run, 'checkpoints', `step-${step}`, 'generator', name);
      for (const name of ['weights.bin', 'model.json'])
        for (const [how, damage] of Object.entries(damages)) {
          const bytes = readFileSync(fileOf(4, name));
          writeFileSync(fileOf(4, name), damage(bytes));
          const out = path.join(folder, `${name}-${how}`);
          const exported = await cli(['export', run, '--format', format, '--out', out, '--json']);
          expect(exported.code, `${name} ${how}`).toBe(0);
          expect(lines(exported)[0]).toMatchObject({ event: 'export', step: 2 });
          expect(JSON.stringify(lines(exported)[0].notes)).toMatch(
            /step-4.+is damaged: .*use an earlier checkpoint: step-2/,
          );
          writeFileSync(fileOf(4, name), bytes);
        }
      for (const step of [2, 4]) writeFileSync(fileOf(step, 'weights.bin'), '');
      const out = path.join(folder, 'none');
      const refused = await cli(['export', run, '--format', format, '--out', out, '--json']);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/No generator to use in .*weights\.bin is damaged: it has 0 bytes instead of \d+/);
      expect(existsSync(out)).toBe(false);
    },
  );
});
