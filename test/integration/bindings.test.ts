// The native library called through its C API and through its Node binding: the same numbers, and memory that sessions
// share.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../support/buildProgram';
import { environment } from '../support/environment';
import { cli, experiment, metrics, scratch, start } from './cliProcess';

type Binding = 'c-api' | 'node';

const images = { data: { source: 'digits', size: 16 }, latent: { size: 8 }, metrics: [], batchSize: 8, steps: 4 };
const dcgan = (normalization: string) => ({ network: 'dcgan', filters: 8, normalization });

const systems = {
  'WGAN-GP of perceptrons on two threads': { threads: 2 },
  'WGAN-GP of convolutions': { ...images, generator: dcgan('none'), critic: dcgan('none') },
  'GAN of convolutions with batch norm': {
    ...images,
    generator: dcgan('batch'),
    critic: dcgan('batch'),
    objective: 'non-saturating',
    constraint: [],
  },
  'GAN with spectral norm, instance noise and an average': {
    ...images,
    generator: dcgan('batch'),
    critic: dcgan('none'),
    objective: 'hinge',
    constraint: 'spectral-norm',
    stabilization: { ema: 0.9, instanceNoise: { sigma: 0.1 } },
  },
};

/** Trains with a binding; returns the rows without times, and the bytes of the last checkpoint and sample. */
async function trained(system: keyof typeof systems, binding: Binding) {
  environment({ EARTHMOVER_ONNX_BINDING: binding });
  const folder = scratch();
  const steps = 4;
  const changes = { steps, samples: { every: steps, grid: [2, 2] }, checkpoints: { every: steps }, ...systems[system] };
  const run = path.join(folder, 'run');
  const ended = await cli(['train', experiment(folder, changes), '--device', 'cpu', '--out', run, '--json']);
  expect(ended.code, ended.stderr).toBe(0);
  const files = [`checkpoints/step-${steps}/state.safetensors`, `samples/step-${steps}.png`];
  return {
    log: readFileSync(path.join(run, 'log.txt'), 'utf8'),
    rows: metrics(run).map((row) => ({ ...row, wallTime: 0 })),
    files: files.map((file) => readFileSync(path.join(run, file)).toString('hex')),
  };
}

describe('the C API and the Node binding', () => {
  it.each(Object.keys(systems) as (keyof typeof systems)[])('train alike, bit for bit: %s', async (system) => {
    const [c, node] = [await trained(system, 'c-api'), await trained(system, 'node')];
    expect([c, node].map(({ log }) => log.includes('C API'))).toEqual([true, false]);
    expect(c.rows).toEqual(node.rows);
    expect(c.files.map((file, i) => file === node.files[i])).toEqual([true, true]);
  });
});

describe('sessions of the C API', () => {
  it('share the memory of their temporary values, and keep it constant', async () => {
    const script = await buildProgram('test/support/sessionMemory.ts');
    const measured = async (binding: Binding) => {
      environment({ EARTHMOVER_ONNX_BINDING: binding });
      const ended = await start([], { script }).ended;
      expect(ended.code, ended.stderr).toBe(0);
      return JSON.parse(ended.stdout) as { before: number; peak: number; growth: number };
    };
    const [c, node] = [await measured('c-api'), await measured('node')];
    const MiB = 2 ** 20;
    // Each of three sessions has temporary values of 64 MiB.
    expect(c.peak - c.before).toBeLessThan(130 * MiB);
    expect(node.peak - node.before).toBeGreaterThan(180 * MiB);
    expect(c.growth).toBeLessThan(16 * MiB);
  });
});
