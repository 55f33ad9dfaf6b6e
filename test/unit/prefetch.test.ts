// Inputs prefetched by the thread equal those drawn without it, for every kind of data; failures of the thread and the
// data.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DataSource } from '../../src/data';
import { parseExperiment } from '../../src/experiment';
import { fillNormal, fillUniform } from '../../src/math/random';
import { openPrefetcher, type PrefetchJob } from '../../src/trainer/prefetch/prefetcher';
import { createRandomInputs, type InputArrays } from '../../src/trainer/prefetch/randomInputs';
import { createRingBuffer, createConsumer } from '../../src/trainer/prefetch/ringBuffer';
import type { Session } from '../../src/trainer/session';
import { failure, fixtures, open } from '../support/dataFixtures';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'prefetch-'));
  file = path.join(folder, 'prefetch-worker.cjs');
  const entryPoints = [path.resolve(__dirname, '../../src/trainer/prefetch/worker.ts')];
  await build({ entryPoints, outfile: file, bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' });
});
afterAll(() => rmSync(folder, { recursive: true }));

let cache: string;
beforeEach(() => void (cache = mkdtempSync(path.join(os.tmpdir(), 'prefetch-cache-'))));
afterEach(() => rmSync(cache, { recursive: true }));

/** CIFAR's fixture 400 times over: 1,200 images, more than a MiB. */
function inFile(): Promise<DataSource> {
  const batch = readFileSync(path.join(fixtures, 'cifar/ten/data_batch_1.bin'));
  const many = path.join(cache, 'data_batch_1.bin');
  if (!existsSync(many)) writeFileSync(many, Buffer.concat(Array.from({ length: 400 }, () => batch)));
  return open('cifar', { path: cache, memoryMiB: 1, flip: true, validation: 0.1 }, { cacheFolder: cache });
}
const kept = () => path.join(cache, 'samples', readdirSync(path.join(cache, 'samples'))[0]);

const kinds: Readonly<Record<string, () => Promise<DataSource>>> = {
  'Gaussians, drawn for each batch': () => open('gaussians-ring', {}),
  'a Swiss roll, drawn for each batch': () => open('swiss-roll', {}),
  'points drawn once': () => open('gaussians-grid', { samples: 1000, validation: 0.2 }),
  'points of a file': () => open('points', { path: 'numpy/points.txt', validation: 0.3 }),
  'images in memory, flipped': () => open('shapes', { samples: 100, size: 16, flip: true, validation: 0.1 }),
  'images in a cache file, flipped': inFile,
};

/** Hashes of inputs: comparing the numbers one by one takes seconds. */
const hashesOf = (inputs: InputArrays) =>
  Object.entries(inputs).map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    createHash('sha1')
      .update(Buffer.from(buffer, byteOffset, byteLength))
      .digest('hex'),
  ]);

const SEED = 7;
const BATCH = 6;

/** All inputs an experiment can have: gradient penalty, DRAGAN and instance noise, with schedules. */
function inputsOf({ shape }: DataSource) {
  const samples = [BATCH, ...shape];
  const noise = { fakeNoise: samples, sigma: [] };
  const scalars = { learningRate: [], stepSize: [], floor: [] };
  const one = [BATCH, ...shape.map(() => 1)];
  return {
    critic: {
      ...{ real: samples, z: [BATCH, 5], epsilon: one, u: one, alpha: one, realNoise: samples },
      ...noise,
      ...scalars,
    },
    generator: { z: [BATCH, 5], ...noise, ...scalars },
    validation: { real: samples, z: [BATCH, 5] },
  };
}

const latent = { size: 5, distribution: 'uniform' } as const;
const planOf = (data: DataSource) => ({ seed: SEED, latent, inputs: inputsOf(data) });

/** The thread with its ring buffer, as in a run; `failure` resolves to its error. */
function thread(data: DataSource, first: { critic: number; generator: number }) {
  const plan = planOf(data);
  const ring = createRingBuffer(createRandomInputs(plan, data), first);
  const workerData: PrefetchJob = { plan, samples: data.sampleSet, ring };
  const worker = new Worker(file, { workerData });
  const failure = new Promise<Error>((resolve) => worker.on('error', resolve));
  return { ring, failure, ...createConsumer(ring), end: () => worker.terminate() };
}

describe.each(Object.entries(kinds))('%s', (_, source) => {
  test('the thread draws the same inputs as the trainer, bit for bit', async () => {
    const data = await source();
    const randomInputs = createRandomInputs(planOf(data), data);
    const { take, counts, end } = thread(data, { critic: 41, generator: 9 });
    // The thread skips obsolete updates and catches up while this one sleeps.
    for (let k = 0; counts().ready < 40; k++) {
      for (const [role, update] of [
        ['critic', 41 + k],
        ['generator', 9 + k],
      ] as const) {
        const { length, views, fill } = randomInputs[role];
        const [whole, expected] = [new Float32Array(length), new Float32Array(length)];
        if (!take(role, update, whole)) continue;
        fill(views(expected), update);
        expect(Buffer.from(whole.buffer).equals(Buffer.from(expected.buffer)), `${role} ${update}`).toBe(true);
        expect(new Set(whole).size).toBeGreaterThan(BATCH);
      }
      await sleep(1);
    }
    await end();
    data.close?.();
  });

  test('samples are shared with the thread, not copied', async () => {
    const { sampleSet, close } = await source();
    const shared = (of: Uint8Array | Float32Array) => of.buffer instanceof SharedArrayBuffer;
    if (sampleSet.kind === 'points') expect(shared(sampleSet.points)).toBe(true);
    if (sampleSet.kind === 'images' && 'bytes' in sampleSet.storage) expect(shared(sampleSet.storage.bytes)).toBe(true);
    expect(() => structuredClone(sampleSet)).not.toThrow();
    close?.();
  });
});

test('the thread waits when the buffer is full, and continues when half of it is taken', async () => {
  const data = await open('gaussians-ring', {});
  const { ring, take, counts, end } = thread(data, { critic: 0, generator: 1 });
  const out = new Float32Array(ring.lanes.critic.slots[0].length);
  for (let round = 0, update = 0; round < 5; round++) {
    await vi.waitUntil(() => Atomics.load(ring.words, 0) === 1, { timeout: 20_000, interval: 1 });
    for (let k = 0; k < 8; k++) expect(take('critic', update++, out)).toBe(true);
  }
  expect(counts()).toEqual({ requested: 40, ready: 40 });
  await end();
});

describe('the prefetcher', () => {
  const experiment = () => {
    const stabilization = { instanceNoise: { sigma: 0.5, schedule: 'linear' } };
    const settings = {
      data: { source: 'gaussians-ring' },
      latent,
      steps: 10,
      seed: SEED,
      stabilization,
      optimizer: { kind: 'adam', schedule: 'linear', learningRate: 0.1, beta1: 0.5, beta2: 0.9 },
    };
    return parseExperiment(JSON.stringify(settings), 'a').experiment!;
  };
  const from = { step: 0, criticUpdates: 0 };
  const prefetcher = (data: DataSource, prefetchWorker: string | null, log: string[] = [], start = from) => {
    const { critic, generator, validation } = inputsOf(data);
    const session = {
      experiment: experiment(),
      data,
      critic: { inputs: critic },
      generator: { inputs: generator },
      validation: { inputs: validation },
    };
    return openPrefetcher(session as unknown as Session, {
      prefetchWorker,
      from: start,
      log: (line) => log.push(line),
    });
  };
  const filled = (length: number, fill: (out: Float32Array) => void) => {
    const out = new Float32Array(length);
    fill(out);
    return out;
  };

  test('draws each input from its own random stream, which must not change between versions', async () => {
    const data = await open('gaussians-ring', {});
    const { critic, generator, validation } = prefetcher(data, null);
    const key = (stream: string, step: number) => ({ seed: SEED, stream, step });
    const uniform = (out: Float32Array, stream: string, step: number) => {
      fillUniform(out, key(stream, step));
      out.forEach((u, i) => (out[i] = 2 * u - 1));
    };
    const pairs = 2 * BATCH;
    // Adam's α √(1−β₂ᵗ)/(1−β₁ᵗ) and ε √(1−β₂ᵗ) of update t, the rate of step 3 being 0.08.
    const scalars = (t: number) => ({
      learningRate: Float32Array.of(0.08),
      stepSize: Float32Array.of((0.08 * Math.sqrt(1 - 0.9 ** t)) / (1 - 0.5 ** t)),
      floor: Float32Array.of(1e-8 * Math.sqrt(1 - 0.9 ** t)),
    });
    expect(critic(13, 3)).toEqual({
      real: filled(pairs, (out) => data.batch(key('data', 13), out)),
      z: filled(5 * BATCH, (out) => uniform(out, 'z/critic', 13)),
      epsilon: filled(BATCH, (out) => fillUniform(out, key('epsilon', 13))),
      u: filled(BATCH, (out) => fillUniform(out, key('u', 13))),
      alpha: filled(BATCH, (out) => fillUniform(out, key('alpha', 13))),
      realNoise: filled(pairs, (out) => fillNormal(out, key('realNoise/critic', 13))),
      fakeNoise: filled(pairs, (out) => fillNormal(out, key('fakeNoise/critic', 13))),
      sigma: Float32Array.of(0.4),
      ...scalars(14),
    });
    expect(generator(3)).toEqual({
      z: filled(5 * BATCH, (out) => uniform(out, 'z/generator', 3)),
      fakeNoise: filled(pairs, (out) => fillNormal(out, key('fakeNoise/generator', 3))),
      sigma: Float32Array.of(0.4),
      ...scalars(3),
    });
    expect(validation(3)).toEqual({
      real: filled(pairs, (out) => data.validationBatch(key('validation', 3), out)),
      z: filled(5 * BATCH, (out) => uniform(out, 'z/validation', 3)),
    });
  });

  test('gives the same inputs with and without the thread, for any number of critic updates and any start', async () => {
    const data = await kinds['images in memory, flipped']();
    for (const start of [from, { step: 4, criticUpdates: 17 }]) {
      const log: string[] = [];
      const [prefetched, direct] = [prefetcher(data, file, log, start), prefetcher(data, null, [], start)];
      let { criticUpdates } = start;
      for (let step = start.step + 1; step <= start.step + 12; step++) {
        for (let k = 0; k <= (5 * step) % 13; k++, criticUpdates++) {
          expect(hashesOf(prefetched.critic(criticUpdates, step))).toEqual(
            hashesOf(direct.critic(criticUpdates, step)),
          );
          if (k % 4 === 0) await sleep(2);
        }
        expect(hashesOf(prefetched.generator(step))).toEqual(hashesOf(direct.generator(step)));
      }
      await prefetched.close();
      expect(log).toEqual([
        `prefetch: the inputs of ${/\d+/.exec(log[0])![0]} of ${12 + criticUpdates - start.criticUpdates} updates were ready`,
      ]);
    }
  });

  test('throws the same error with and without the thread for a damaged cache file', async () => {
    const errors: string[] = [];
    for (const prefetchWorker of [file, null]) {
      const data = await inFile();
      const bytes = readFileSync(kept());
      for (let slot = 0; slot < 1200; slot++) bytes[64 + slot * 3072 + 100] ^= 1;
      writeFileSync(kept(), bytes);
      const { critic, close } = prefetcher(data, prefetchWorker);
      await sleep(prefetchWorker ? 200 : 0);
      const { code, message } = await failure(Promise.resolve().then(() => critic(0, 1)));
      errors.push(`${code}: ${message}`);
      await close();
      data.close?.();
    }
    expect(errors[0]).toMatch(/^cache-damaged: /);
    expect(errors[0]).toBe(errors[1]);
    expect(readdirSync(path.join(cache, 'samples'))).toEqual([]);
  });

  test('logs a thread that fails once, and inputs are then drawn without it', async () => {
    const data = await open('gaussians-ring', {});
    const log: string[] = [];
    const [prefetched, direct] = [prefetcher(data, path.join(folder, 'none.cjs'), log), prefetcher(data, null)];
    await vi.waitUntil(() => log.length > 0, { timeout: 20_000 });
    for (let update = 0; update < 20; update++) expect(prefetched.critic(update, 1)).toEqual(direct.critic(update, 1));
    await prefetched.close();
    expect(log).toEqual([
      expect.stringMatching(/^prefetch: disabled after an error: .*none\.cjs/s),
      'prefetch: the inputs of 0 of 20 updates were ready',
    ]);
  });

  test('starts no thread on a machine with one core', async () => {
    const cores = vi.spyOn(os, 'availableParallelism').mockReturnValue(1);
    const log: string[] = [];
    const { critic, close } = prefetcher(await open('gaussians-ring', {}), file, log);
    critic(0, 1);
    await close();
    expect(log).toEqual([]);
    cores.mockRestore();
  });
});
