// The same experiment on every available device: equal losses, and clear errors for unavailable devices.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/buildProgram';
import { canCompile, cLibrary } from '../support/cLibrary';
import { environment } from '../support/environment';
import { softwareVulkan } from '../support/softwareVulkan';
import { cli, experiment, lines, metrics, scratch, start, status, type Line } from './cliProcess';

const vulkan = softwareVulkan();

/** A small convolutional WGAN-GP: second derivatives through convolutions, transposed ones, and Adam. */
const convolutional = {
  data: { source: 'digits', size: 16 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'dcgan', filters: 4 },
  latent: { size: 8 },
  samples: { every: 100, grid: [2, 2] },
  // As many channels of the filter gradients, in threes (passes/webgpuWorkarounds.ts).
  batchSize: 30,
  steps: 3,
  criticSteps: 2,
};

/** More small variables, whose updates are split from one, than a GPU has storage buffers. */
const residual = {
  data: { source: 'digits', size: 32 },
  generator: { network: 'resnet', filters: 4, normalization: 'none' },
  critic: { network: 'resnet', filters: 4 },
  latent: { size: 8 },
  samples: { every: 100, grid: [2, 2] },
  batchSize: 2,
  steps: 1,
  criticSteps: 1,
};

const perceptron = { steps: 6, samples: { every: 3 }, checkpoints: { every: 3 } };

interface Trained {
  readonly rows: Record<string, number>[];
  readonly events: Line[];
  readonly run: string;
  readonly stderr: string;
}

/** Trains on a device; returns the curve without times, and the events. */
async function trained(file: string, folder: string, device: string): Promise<Trained> {
  const run = path.join(folder, device);
  const ended = await cli(['train', file, '--device', device, '--out', run, '--json']);
  expect(ended.code, ended.stderr).toBe(0);
  return {
    rows: metrics(run).map((row) => ({ ...row, wallTime: 0 })),
    events: lines(ended),
    run,
    stderr: ended.stderr,
  };
}

const sizes = { perceptron, convolutional, residual };
type Size = keyof typeof sizes;

const shared = mkdtempSync(path.join(tmpdir(), 'earthmover-devices-'));
afterAll(() => rmSync(shared, { recursive: true, maxRetries: 5 }));

/** The experiment of a size, in the folder that the tests share. */
function sourceOf(size: Size): string {
  if (size === 'perceptron') return experiment(shared, perceptron);
  const file = path.join(shared, `${size}.gan.json`);
  writeFileSync(file, JSON.stringify({ name: 'devices', ...sizes[size] }));
  return file;
}

const runs = new Map<string, Promise<Trained>>();

/** One run per size and device, shared by all tests, because sessions start slowly, especially on a software GPU. */
function trainedOnce(size: Size, device: string): Promise<Trained> {
  const key = `${size} ${device}`;
  if (!runs.has(key)) runs.set(key, trained(sourceOf(size), path.join(shared, size), device));
  return runs.get(key)!;
}

/** Relative, plus 0.1 for the scale of the critic scores: losses are small differences of their means. */
function expectClose(actual: Record<string, number>[], expected: Record<string, number>[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((row, i) => {
    for (const [name, value] of Object.entries(row)) {
      if (Number.isNaN(value)) expect(actual[i][name]).toBeNaN();
      else
        expect(Math.abs(actual[i][name] - value), `${name} of row ${i}`).toBeLessThanOrEqual(
          tolerance * (0.1 + Math.abs(value)),
        );
    }
  });
}

describe('layers of many kinds', () => {
  let onCpu: Promise<number[]> | undefined;
  it.each(['wasm', ...(vulkan ? ['webgpu'] : [])])('give the same losses on cpu and %s', async (device) => {
    const script = await buildProgram('test/support/layersOnDevice.ts');
    const losses = async (on: string): Promise<number[]> => {
      const ended = await start([on], { script }).ended;
      expect(ended.code, ended.stderr).toBe(0);
      return JSON.parse(ended.stdout.trim().split('\n').at(-1)!) as number[];
    };
    const expected = await (onCpu ??= losses('cpu'));
    if (device === 'webgpu') environment(vulkan!);
    const found = await losses(device);
    found.forEach((loss, i) => expect(Math.abs(loss - expected[i])).toBeLessThan(1e-4));
  });
});

describe.skipIf(!vulkan)(
  `webgpu${vulkan ? '' : ' (skipped: no Chromium with its SwiftShader driver is installed)'}`,
  () => {
    it.each(Object.keys(sizes) as Size[])('gives the same losses as cpu: %s', async (size) => {
      const cpu = await trainedOnce(size, 'cpu');
      environment(vulkan!);
      const webgpu = await trainedOnce(size, 'webgpu');
      expectClose(webgpu.rows, cpu.rows, 1e-3);
      const start = webgpu.events.find(({ event }) => event === 'start')!;
      expect(start).toMatchObject({ engine: 'onnx', device: 'webgpu', adapter: 'a software adapter' });
      expect(
        webgpu.events.some(
          ({ event, message }) =>
            event === 'notice' && /No GPU was found\. WebGPU runs on the CPU/.test(String(message)),
        ),
      ).toBe(true);
      expect(status(webgpu.run)).toMatchObject({ device: 'webgpu', adapter: 'a software adapter' });
    });

    it.each(['perceptron', 'convolutional'] as const)(
      'replays recorded commands with the same losses: %s',
      async (size) => {
        const cpu = await trainedOnce(size, 'cpu');
        environment({ ...vulkan!, EARTHMOVER_ONNX_BINDING: 'c-api' });
        const folder = scratch();
        const replayed = await trained(sourceOf(size), folder, 'webgpu');
        expectClose(replayed.rows, cpu.rows, 1e-3);
        expect(readFileSync(path.join(replayed.run, 'log.txt'), 'utf8')).toContain('C API');
        expect(replayed.stderr).not.toContain('replays recorded commands wrongly');
      },
    );

    it('resumes from a checkpoint with the same result', async () => {
      const folder = scratch();
      const source = sourceOf('perceptron');
      environment(vulkan!);
      const whole = await trainedOnce('perceptron', 'webgpu');
      const half = path.join(folder, 'half');
      expect((await cli(['train', source, '--device', 'webgpu', '--steps', '3', '--out', half, '--json'])).code).toBe(
        0,
      );
      expect((await cli(['resume', half, '--steps', '6', '--json'])).code).toBe(0);
      expectClose(
        metrics(half).map((row) => ({ ...row, wallTime: 0 })),
        whole.rows,
        1e-5,
      );
    });

    it('keeps memory and handles constant, and copies the state to the host before its session is disposed', async () => {
      environment(vulkan!);
      const script = await buildProgram('test/support/constantMemory.ts');
      const ended = await start(['webgpu'], { script }).ended;
      expect(ended.code, ended.stderr).toBe(0);
      const { samples, last, afterStep } = JSON.parse(ended.stdout) as {
        samples: { rss: number; handles: number }[];
        last: number;
        afterStep: number;
      };
      expect([last, afterStep]).toEqual([1000, 1000]);
      // 200 steps write 800 MiB; explicitly disposed tensors do not wait for the garbage collector.
      expect(samples.at(-1)!.rss - samples[0].rss).toBeLessThan(100 * 2 ** 20);
      expect(samples.at(-1)!.handles - samples[0].handles).toBeLessThanOrEqual(2);
    });

    it('is not chosen by auto if the GPU is a software adapter', async () => {
      const folder = scratch();
      environment(vulkan!);
      const { events } = await trained(experiment(folder, { ...perceptron, steps: 1 }), folder, 'auto');
      expect(events.find(({ event }) => event === 'start')).toMatchObject({ device: 'cpu' });
    });
  },
);

describe('wasm', () => {
  it.each(Object.keys(sizes) as Size[])('gives the same losses as cpu: %s', async (size) => {
    const [cpu, wasm] = [await trainedOnce(size, 'cpu'), await trainedOnce(size, 'wasm')];
    expectClose(wasm.rows, cpu.rows, 1e-4);
    expect(wasm.events.find(({ event }) => event === 'start')).toMatchObject({ device: 'wasm', adapter: null });
  });
});

describe.skipIf(!canCompile())('cuda with a driver and without its libraries', () => {
  it('names the command that installs them, in train and doctor', async () => {
    const folder = scratch();
    const driver = cLibrary(
      'libcuda.so.1',
      `int cuInit(unsigned flags) { return 0; }
       int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
       int cuDeviceGet(int *device, int index) { *device = index; return 0; }
       int cuDeviceGetName(char *name, int length, int device) { __builtin_strcpy(name, "Test GPU"); return 0; }`,
    );
    const none = { CUDA_HOME: '', CUDA_PATH: '', VIRTUAL_ENV: '', CONDA_PREFIX: '' };
    environment({ ...none, LD_LIBRARY_PATH: path.dirname(driver), EARTHMOVER_CUDA: path.join(folder, 'none') });
    const missing = 'Test GPU was found, but not the libraries that CUDA needs (onnxruntime-gpu,';
    const cuda = await cli(['train', experiment(folder, perceptron), '--device', 'cuda', '--out', `${folder}/run`]);
    expect(cuda.code).toBe(2);
    expect(cuda.stderr).toContain(`The device "cuda" is not available: ${missing}`);
    expect(cuda.stderr).toContain('Run "earthmover install cuda".');
    const doctor = lines(await cli(['doctor', '--json'], folder));
    expect(doctor.find(({ check }) => check === 'GPU (cuda)')).toMatchObject({
      text: expect.stringContaining(missing) as string,
      todo: 'Not required for training. Run "earthmover install cuda".',
    });
  });
});

describe('an unavailable device', () => {
  it('is reported at its setting, with advice', async () => {
    const folder = scratch();
    const file = path.join(folder, 'e.gan.json');
    writeFileSync(file, '{\n  "name": "x",\n  "data": { "source": "gaussians-ring" },\n  "device": "cuda"\n}\n');
    environment({ VK_ICD_FILENAMES: '/nonexistent', VK_DRIVER_FILES: '/nonexistent' });
    const cuda = await cli(['train', file, '--out', path.join(folder, 'run')]);
    expect(cuda.code).toBe(2);
    expect(cuda.stderr).toMatch(
      /e\.gan\.json:4:13: error: The device "cuda" is not available: .*Set "device" to "cpu" or "auto"/,
    );
    const tensorflow = await cli([
      'train',
      file,
      '--set',
      'engine=tensorflow',
      '--device',
      'wasm',
      '--out',
      path.join(folder, 'run'),
    ]);
    expect(tensorflow.code).toBe(2);
    expect(tensorflow.stderr).toContain('The engine "tensorflow" supports the devices "cuda" and "cpu", not "wasm"');
  });
});
