// An exported generator is loaded by TensorFlow.js alone and gives the run's samples.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../src/math/random';
import { renderSampleGrid } from '../../src/run/images/sampleGrid';
import { cli, experiment, lines, root, scratch } from './cliProcess';

const images = {
  data: { source: 'digits', size: 16, samples: 64 },
  latent: { size: 4 },
  steps: 4,
  seed: 9,
  stabilization: { ema: 0.5 },
  samples: { every: 4, grid: [2, 3] },
  checkpoints: { every: 2, keep: 2 },
  metrics: [],
};
const networks: Readonly<Record<string, { network: string; normalization: string; [key: string]: unknown }>> = {
  plain: { network: 'dcgan', filters: 4, normalization: 'batch', initializer: 'he' },
  'batch statistics': { network: 'dcgan', filters: 4, normalization: 'batch', initializer: 'he' },
  custom: { network: 'dcgan', filters: 4, normalization: 'layer', activation: 'smooth-elu' },
};

/** Runs the code of the README on z, in a process with TensorFlow.js and only the exported files. */
async function predict(folder: string, z: Float32Array, latent: number): Promise<Float32Array> {
  const main = path.join(folder, 'predict.mjs');
  const [, code] = /```js\n([^]*?)```/.exec(readFileSync(path.join(folder, 'README.md'), 'utf8'))!;
  const drawn = /tf\.random\w+\([^)]*\)/;
  const onZ = code!
    .replace("tf.loadLayersModel('model.json')", 'tf.loadLayersModel(tf.io.fromMemory(artifacts))')
    .replace(drawn, `tf.tensor(${JSON.stringify([...z])}, [${z.length / latent}, ${latent}])`);
  const imports = (wanted: boolean) => onZ.split('\n').filter((line) => line.startsWith('import') === wanted);
  writeFileSync(
    main,
    `import { readFileSync } from 'node:fs';
    ${imports(true).join('\n')}
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync('model.json', 'utf8'));
    const weightData = new Uint8Array(readFileSync('weights.bin')).buffer;
    const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
    async function main() {
      await tf.setBackend('cpu');
      ${imports(false).join('\n')}
      console.log(JSON.stringify([...(await samples.data())]));
    }
    main();`,
  );
  const bundle = path.join(folder, 'predict.cjs');
  await esbuild.build({
    ...{ entryPoints: [main], outfile: bundle, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
    nodePaths: [path.join(root, 'node_modules')],
  });
  const output = execFileSync(process.execPath, [bundle], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  return new Float32Array(JSON.parse(output.trim().split('\n').at(-1) ?? '') as number[]);
}

describe('an exported generator', () => {
  it.each(Object.entries(networks))(
    '(%s) gives the samples of the run by the code of its README',
    async (kind, generator) => {
      const folder = scratch();
      const run = path.join(folder, 'run');
      const critic = { network: 'mlp', depth: 1, width: 8 };
      const batchNormStatistics = kind === 'batch statistics' ? 'batch' : 'moving';
      const samples = { ...images.samples, batchNormStatistics };
      const file = experiment(folder, { ...images, samples, generator, critic });
      expect(await cli(['train', file, '--out', run])).toMatchObject({ code: 0 });
      const ended = await cli(['export', 'run', '--out', 'out', '--json'], folder);
      const layers = kind === 'custom' ? ['EarthmoverLayerNorm', 'EarthmoverSmoothElu'] : [];
      expect(lines(ended)).toMatchObject([{ event: 'export', step: 4, layers }]);
      const { notes } = lines(ended)[0] as unknown as { notes: string[] };
      if (batchNormStatistics === 'batch') expect(notes[0]).toContain('call generator.apply(z, { training: true })');
      else expect(notes).toEqual([]);
      const out = path.join(folder, 'out');
      const files = ['README.md', ...(kind === 'custom' ? ['layers.js'] : []), 'model.json', 'weights.bin'];
      expect(readdirSync(out).sort()).toEqual(files.sort());
      const readme = readFileSync(path.join(out, 'README.md'), 'utf8');
      expect(readme).toMatch(/tf\.randomNormal\(\[\d+, 4\]\)/);
      expect(readme).toContain('Its input is a batch of latent vectors of 4 random numbers each');

      const z = new Float32Array(6 * 4);
      fillNormal(z, { seed: 9, stream: 'samples', step: 0 });
      const { png } = await renderSampleGrid(await predict(out, z, 4), [16, 16, 1], 2, 3);
      const pixels = async (image: Uint8Array | string) => (await sharp(image).raw().toBuffer()) as Uint8Array;
      const [drawn, own] = [await pixels(png), await pixels(path.join(run, 'samples', 'step-4.png'))];
      expect(drawn.length).toBe(own.length);
      expect(drawn.every((v, i) => Math.abs(v - own[i]) <= 1)).toBe(true);
      expect(new Set(own).size).toBeGreaterThan(20);
    },
  );

  it('is taken from the requested checkpoint, and overwrites nothing', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    await cli(['train', experiment(folder), '--out', run]);
    expect((await cli(['export', run, '--step', '25', '--out', 'a'], folder)).stdout).toContain(
      'Exported the generator of step 20 to a;',
    );
    mkdirSync(path.join(folder, 'full'));
    writeFileSync(path.join(folder, 'full', 'mine.txt'), '');
    const refused = await cli(['export', run, '--out', 'full'], folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('already exists and is not empty. Choose a new folder with --out.');
    const early = await cli(['export', run, '--step', '3'], folder);
    expect(early.stderr).toContain('It has no checkpoint up to step 3.');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp') || name.endsWith('-generator'))).toEqual([]);
  });
});

it('earthmover runs lists runs with their state', async () => {
  const folder = scratch();
  expect((await cli(['runs'], folder)).stderr).toContain('No runs in this folder yet');
  const file = experiment(folder);
  await cli(['train', file], folder);
  mkdirSync(path.join(folder, '.earthmover/runs/20200101-000000-broken/checkpoints'), { recursive: true });
  mkdirSync(path.join(folder, '.earthmover/runs/20200101-000000-empty'));
  const { stdout } = await cli(['runs'], folder);
  expect(stdout).toMatch(
    /^\S+-tiny +finished +30\/30 +0:\d\d +checkpoint 30\n20200101-000000-broken +damaged +\S.*\n$/,
  );
  const [newest, broken] = lines(await cli(['runs', '--json'], folder));
  expect(newest).toMatchObject({ event: 'run', state: 'finished', liveness: 'ended', step: 30, checkpoint: 30 });
  expect(broken).toMatchObject({ state: null, checkpoint: null });
});
