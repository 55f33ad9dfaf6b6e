// The trainer as a real process on real files: user models, damaged files, commands and reproducible runs.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/run/checkpoints';
import { sendCommand, waitForAcknowledgment } from '../../src/run/control';
import { checkpoints, cli, experiment, lines, metrics, root, scratch, start, status, type Ended } from './cliProcess';

const train = (file: string, run: string): Promise<Ended> => cli(['train', file, '--out', run, '--json']);
const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
const notices = (ended: Ended): string[] =>
  lines(ended)
    .filter(({ event }) => event === 'notice')
    .map(({ message }) => String(message));

/** Flips one bit in the middle of a file. */
function flip(file: string, at = 0.5): void {
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length * at)] ^= 1;
  writeFileSync(file, bytes);
}

describe('runs with equal settings', () => {
  it('have bit-identical rows, sample images and checkpoints; another seed gives different ones', async () => {
    const folder = scratch();
    const file = experiment(folder, { stabilization: { ema: 0.9, instanceNoise: { sigma: 0.1 } }, threads: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => path.join(folder, name));
    for (const run of [a, b]) expect((await train(file, run)).code).toBe(0);
    expect((await cli(['train', file, '--out', c, '--seed', '6', '--json'])).code).toBe(0);
    expect(untimed(a)).toEqual(untimed(b));
    expect(untimed(a)).not.toEqual(untimed(c));
    for (const name of [
      'checkpoints/step-30/state.safetensors',
      'checkpoints/step-30/generator/weights.bin',
      'samples/step-20.png',
    ]) {
      expect(readFileSync(path.join(a, name)).equals(readFileSync(path.join(b, name))), name).toBe(true);
    }
  });
});

describe('a resumed run', () => {
  const rules = {
    'spectral norm, DRAGAN, schedules, weight decay, EMA and critic updates until optimal': {
      objective: 'hinge',
      constraint: ['spectral-norm', 'dragan'],
      criticSteps: { untilOptimal: { window: 2, tolerance: 0.2, max: 12 } },
      optimizer: { kind: 'adam', beta1: 0.5, schedule: 'cosine' },
      stabilization: { ema: 0.9, weightDecay: {}, instanceNoise: {} },
    },
    'the schedule of the authors, SGD with momentum and label smoothing': {
      objective: { kind: 'lsgan' },
      constraint: ['r1', 'r2'],
      criticSteps: 'authors',
      optimizer: { kind: 'sgd', momentum: 0.9, schedule: 'linear' },
      stabilization: { labelSmoothing: 0.1 },
    },
  };

  it.each(Object.entries(rules))('equals an uninterrupted one bit for bit with %s', async (_, settings) => {
    const folder = scratch();
    const [whole, resumed] = ['whole', 'resumed'].map((name) => path.join(folder, name));
    expect((await train(experiment(folder, { ...settings, metrics: [] }), whole)).stderr).toBe('');
    cpSync(whole, resumed, { recursive: true });
    for (const step of [20, 30]) rmSync(path.join(resumed, `checkpoints/step-${step}`), { recursive: true });
    const ended = await cli(['resume', resumed, '--json']);
    expect(lines(ended)[0]).toMatchObject({ event: 'start', from: 10 });
    expect(untimed(resumed)).toEqual(untimed(whole));
    const state = 'checkpoints/step-30/state.safetensors';
    expect(readFileSync(path.join(resumed, state)).equals(readFileSync(path.join(whole, state)))).toBe(true);
    const updates = untimed(whole).map((row) => (row as Record<string, number>).criticUpdates);
    expect(new Set(updates).size).toBeGreaterThan(1);
  });

  it('may come from an older version with fewer settings', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    expect((await train(experiment(folder, { metrics: [] }), run)).code).toBe(0);
    const file = path.join(run, 'experiment.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    for (const of of Object.values<Record<string, unknown>>(manifest.experiment.optimizer)) delete of.schedule;
    delete manifest.experiment.stabilization.weightDecay;
    delete manifest.checksum;
    writeFileSync(file, JSON.stringify(manifest));
    const ended = await cli(['resume', run, '--steps', '35', '--json']);
    expect(ended.stderr).toBe('');
    expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: 35 });
  });
});

/** A critic with a custom layer that computes `expression` of x. */
const customLayer = (name: string, expression: string) => `import * as tf from '@tensorflow/tfjs';
  class Custom extends tf.layers.Layer {
    static className = 'Custom';
    call(inputs) { const [x] = [inputs].flat(); return ${expression}; }
    computeOutputShape([batch, width]) { return [batch, width]; }
  }
  export const critic = ({ inputShape }) => tf.sequential({ layers: [
    tf.layers.dense({ units: 4, inputShape }), new Custom({ name: '${name}' }), tf.layers.dense({ units: 1 })] });`;

describe('model files', () => {
  const critic = `export const critic = ({ inputShape }) => tf.sequential({ layers: [
    tf.layers.dense({ units: 8, activation: 'tanh', inputShape }), tf.layers.dense({ units: 1 })] });`;
  const withModel = async (text: string, network: object = { module: './model.ts', export: 'critic' }) => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'model.ts'), text);
    const run = path.join(folder, 'run');
    const ended = await train(experiment(folder, { critic: network }), run);
    return { ended, run, model: path.join(folder, 'model.ts') };
  };

  it('are trained, with TypeScript types and imports', async () => {
    const { ended, run } = await withModel(
      `import * as tf from '@tensorflow/tfjs';\nimport type { Missing } from './missing';\nconst x: Missing | number = 1;\n${critic}`,
    );
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(0);
    const { modelTopology, weightsManifest } = JSON.parse(
      readFileSync(path.join(run, 'checkpoints/step-30/critic/model.json'), 'utf8'),
    );
    expect(JSON.stringify(modelTopology)).toContain('"units":8');
    expect(weightsManifest[0].weights).toHaveLength(4);
  });

  it('may export a model object, with the same weights in every run of a seed', async () => {
    const constant = `import * as tf from '@tensorflow/tfjs';
      export const critic = tf.sequential({ layers: [tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }), tf.layers.dense({ units: 1 })] });`;
    const [a, b] = [await withModel(constant), await withModel(constant)];
    expect(a.ended.stderr).toBe('');
    expect(a.ended.code).toBe(0);
    expect(untimed(a.run)).toEqual(untimed(b.run));
  });

  it.each([
    ['a syntax error', `import * as tf from '@tensorflow/tfjs';\nexport const critic = ( => 1;\n`, 'model.ts:2:'],
    ['a missing import', `import { x } from './nowhere';\nexport const critic = () => x;\n`, 'model.ts:1:'],
    [
      'an exception while loading',
      `const nothing = undefined as unknown as { a: number };\n\nexport const critic = nothing.a;\n`,
      'model.ts:3:',
    ],
    [
      'an exception when called',
      `export function critic(): never {\n  const wrong = 1;\n  throw new Error('broken ' + wrong);\n}\n`,
      'model.ts:3:',
    ],
    [
      'no model',
      `export const critic = () => 7;\n`,
      'model.ts:1:14: error: "critic" is a number; a TensorFlow.js model (tf.sequential or tf.model) or a function that returns one is needed.',
    ],
    ['no such export', `export const other = () => 7;\n`, 'exports no function or model "critic": it exports other'],
    [
      'the wrong output',
      `import * as tf from '@tensorflow/tfjs';\nexport const critic = ({ inputShape }) => tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape })] });`,
      'The critic returns [3] per sample; it must return [1], one raw number (no sigmoid)',
    ],
    [
      'the wrong input',
      `import * as tf from '@tensorflow/tfjs';\nexport const critic = () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [5] })] });`,
      'The critic takes [5] per sample; it must take [2], the shape of one sample of the data',
    ],
    ['randomness', customLayer('forgetful', 'tf.mul(x, Math.random())'), 'in layer "forgetful"'],
    ['an operation without lowering', customLayer('waves', 'tf.abs(tf.spectral.rfft(x))'), 'is not supported'],
  ])('with %s are rejected at their location, before a run is created', async (_, text, message) => {
    const { ended, run } = await withModel(text);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.code).toBe(2);
    expect(() => status(run)).toThrow(/ENOENT/);
  });

  it('that import others are rejected at the line of the faulty file', async () => {
    const folder = scratch();
    mkdirSync(path.join(folder, 'parts'));
    mkdirSync(path.join(folder, 'entry'));
    writeFileSync(
      path.join(folder, 'parts', 'blocks.ts'),
      `export function block(): never {\n  throw new Error('broken');\n}\n`,
    );
    writeFileSync(
      path.join(folder, 'entry', 'model.ts'),
      `import { block } from '../parts/blocks';\nexport const critic = () => block();\n`,
    );
    const file = experiment(folder, { critic: { module: './entry/model.ts', export: 'critic' } });
    const ended = await train(file, path.join(folder, 'run'));
    expect(ended.stderr).toContain('blocks.ts:2:');
    expect(ended.code).toBe(2);
  });

  it('that are missing are rejected at the line of the experiment', async () => {
    const { ended } = await withModel('', { module: './elsewhere.ts', export: 'critic' });
    expect(ended.stderr).toMatch(
      /tiny\.gan\.json:\d+:\d+: error: The model file ".\/elsewhere.ts" cannot be read: the file does not exist/,
    );
    expect(ended.code).toBe(2);
  });
});

describe('the examples', () => {
  const names = ['.', 'custom-model'].flatMap((folder) =>
    readdirSync(path.join(root, 'examples', folder))
      .filter((file) => file.endsWith('.gan.json'))
      .map((file) => path.posix.join(folder, file)),
  );

  it.each(names)('%s trains with finite values', async (name) => {
    const run = path.join(scratch(), 'run');
    // The linter warns about EMA over only two steps.
    const short = ['--steps', '2', '--set', 'stabilization.ema=null', '--out', run, '--json'];
    const ended = await cli(['train', `examples/${name}`, ...short], root);
    expect(ended.stderr).toBe('');
    const steps = lines(ended).filter(({ event }) => event === 'step');
    // The time left is not known before two steps.
    const numbers = steps
      .flatMap((step) => Object.entries(step))
      .filter(([key, value]) => key !== 'event' && !(key === 'secondsLeft' && value === null));
    expect(numbers.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: 2 });
    // Plots of points show real ones; for images there is a separate grid.
    const hasImages = /digits|dcgan|resnet|^wgan-gp\./.test(name);
    expect(readdirSync(path.join(run, 'samples')).sort()).toEqual([...(hasImages ? ['real.png'] : []), 'step-2.png']);
  });
});

describe('a checkpoint', () => {
  it('contains the generator as a TensorFlow.js model with the averaged weights', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    expect((await train(experiment(folder, { stabilization: { ema: 0.5 } }), run)).code).toBe(0);
    const at = path.join(run, 'checkpoints/step-30');
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(path.join(at, 'generator/model.json'), 'utf8'));
    const weightData = new Uint8Array(readFileSync(path.join(at, 'generator/weights.bin'))).buffer;
    const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
    await tf.setBackend('cpu');
    const model = await loadLayersModel(tf.io.fromMemory(artifacts));
    const z = tf.tensor2d([0.3, -0.7, 1.2, 0.1], [2, 2]);
    const [x] = [model.predict(z)].flat();
    // The same two dense layers, computed from the averaged weights in the state.
    const { tensors } = await readCheckpoint(at);
    const w = (name: string): tf.Tensor => {
      const { data, shape } = tensors[`average/${name}`];
      return tf.tensor(data, [...shape]);
    };
    const hidden = tf.relu(tf.add(tf.matMul(z, w('00.hidden1.kernel') as tf.Tensor2D), w('01.hidden1.bias')));
    const expected = tf.add(tf.matMul(hidden as tf.Tensor2D, w('02.end.kernel') as tf.Tensor2D), w('03.end.bias'));
    expect(x.shape).toEqual([2, 2]);
    expect([...x.dataSync()]).toEqual([...expected.dataSync()]);
  });
});

describe('resuming with damaged files', () => {
  let original: string | undefined;
  afterAll(() => original && rmSync(original, { recursive: true, maxRetries: 5 }));
  /** A copy of a run that is trained once for all of these tests. */
  const trained = async () => {
    if (original === undefined) {
      const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-trained-'));
      expect((await train(experiment(folder), path.join(folder, 'run'))).code).toBe(0);
      original = folder;
    }
    const run = path.join(scratch(), 'run');
    cpSync(path.join(original, 'run'), run, { recursive: true });
    return run;
  };
  const resume = (run: string): Promise<Ended> => cli(['resume', run, '--steps', '40', '--json']);

  it('uses the previous checkpoint if the last is damaged, and reports the damage', async () => {
    const run = await trained();
    flip(path.join(run, 'checkpoints/step-30/state.safetensors'), 0.9);
    const resumed = await resume(run);
    expect(resumed.code).toBe(0);
    expect(lines(resumed)[0]).toMatchObject({ event: 'start', from: 20 });
    expect(notices(resumed).join()).toMatch(/step-30.state\.safetensors is damaged/);
    expect(metrics(run).map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, k) => k + 1));
  });

  it('deletes nothing if all checkpoints are damaged', async () => {
    const run = await trained();
    for (const name of checkpoints(run)) truncateSync(path.join(run, 'checkpoints', name, 'state.safetensors'), 100);
    const resumed = await resume(run);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toMatch(
      /No checkpoint of this run is intact\. Start a new run from its experiment file: .*tiny\.gan\.json/,
    );
    expect(metrics(run)).toHaveLength(30);
  });

  it('reports a damaged TensorBoard file, and training continues', async () => {
    const run = await trained();
    const events = readdirSync(run).find((name) => name.startsWith('events.out'))!;
    flip(path.join(run, events));
    const resumed = await resume(run);
    expect(resumed.code).toBe(0);
    expect(notices(resumed).join()).toMatch(/events\.out\.tfevents\S+ is damaged: in the record at byte \d+/);
  });

  it('repeats the step of an incomplete last row', async () => {
    const run = await trained();
    const { length } = readFileSync(path.join(run, 'metrics.bin'));
    truncateSync(path.join(run, 'metrics.bin'), length - 5);
    expect((await resume(run)).code).toBe(0);
    // Row 30 was lost although step 30 has a checkpoint: the previous one is used, so that the row is written again.
    expect(metrics(run).map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, k) => k + 1));
  });

  it('sets a curve without a readable row aside, and starts another at the checkpoint', async () => {
    const run = await trained();
    writeFileSync(path.join(run, 'metrics.bin'), 'not a curve');
    expect((await resume(run)).code).toBe(0);
    expect(metrics(run).map(({ step }) => step)).toEqual(Array.from({ length: 10 }, (_, k) => k + 31));
    const [aside] = readdirSync(run).filter((name) => name.startsWith('metrics.damaged-'));
    expect(readFileSync(path.join(run, aside), 'utf8')).toBe('not a curve');
    expect(readFileSync(path.join(run, 'notices.jsonl'), 'utf8')).toContain(`it is now ${aside}`);
  });

  it('reports and skips a damaged image, or ends the run, by option', async () => {
    const folder = scratch();
    mkdirSync(path.join(folder, 'photos'));
    const pixels = { create: { width: 20, height: 20, channels: 3, background: '#5a3' } } as const;
    for (let i = 0; i < 20; i++)
      await sharp(pixels)
        .png()
        .toFile(path.join(folder, 'photos', `${i}.png`));
    writeFileSync(path.join(folder, 'photos', 'broken.png'), 'not an image');
    const images = (onError: string) => ({
      data: { source: 'images', path: './photos', size: 16, onError },
      generator: { network: 'dcgan', filters: 4 },
      critic: { network: 'dcgan', filters: 4 },
      metrics: [],
      steps: 2,
    });
    const skipped = await train(experiment(folder, images('skip')), path.join(folder, 'skip'));
    expect(skipped.stderr).toBe('');
    expect(skipped.code).toBe(0);
    expect(notices(skipped).join()).toContain('broken.png');
    const failed = await train(experiment(folder, images('fail')), path.join(folder, 'fail'));
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/tiny\.gan\.json:\d+:\d+: error: The image .*broken\.png could not be decoded/);
  });
});

describe('commands to a running trainer', () => {
  it('are executed between steps and acknowledged: pause, resume, checkpoint, sample and stop', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const changes = {
      steps: 1_000_000,
      metrics: [],
      samples: { every: 1_000_000, grid: [2, 2] },
      checkpoints: { every: 1_000_000, keep: 3 },
    };
    const training = start(['train', experiment(folder, changes), '--out', run, '--json']);
    await training.saw(({ event, step }) => event === 'step' && step >= 5);
    const execute = async (kind: Parameters<typeof sendCommand>[1]) => {
      expect(await waitForAcknowledgment(run, await sendCommand(run, kind), 20_000)).toBe('acknowledged');
      return status(run);
    };
    const paused = await execute('pause');
    const pausedAt = Date.now();
    expect(paused.state).toBe('paused');
    expect((await execute('checkpoint')).step).toBe(paused.step);
    expect(checkpoints(run)).toHaveLength(1);
    await execute('sample');
    expect(readdirSync(path.join(run, 'samples'))).toHaveLength(1);
    await sleep(100);
    const pause = (Date.now() - pausedAt) / 1000;
    expect((await execute('resume')).state).toBe('running');
    await training.saw(({ event, step }) => event === 'step' && step > paused.step + 5);
    await execute('stop');
    const ended = await training.ended;
    expect(ended.code).toBe(0);
    expect(status(run).state).toBe('stopped');
    // The curve has the time of day; the training time in events excludes the pause.
    const steps = lines(ended).filter(({ event }) => event === 'step');
    const [before, after] = [paused.step, paused.step + 1];
    const onDisk = metrics(run)[after - 1].wallTime - metrics(run)[before - 1].wallTime;
    const trained = Number(steps[after - 1].wallTime) - Number(steps[before - 1].wallTime);
    expect(onDisk - trained).toBeGreaterThan(0.9 * pause);
    const control = ['Paused. Resume it from the monitor.', 'Training resumed.'];
    expect(notices(ended).filter((notice) => control.includes(notice))).toEqual(control);
  });
});
