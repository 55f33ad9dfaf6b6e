// What a killed, replaced or damaged run keeps: the trainer as a real process on real files.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpoints, cli, experiment, lines, metrics, scratch, start, status, type Ended } from './cliProcess';

const notices = (ended: Ended): string =>
  lines(ended)
    .filter(({ event }) => event === 'notice')
    .map(({ message }) => String(message))
    .join('\n');
const steps = (run: string): number[] => metrics(run).map(({ step }) => step);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

let original: string | undefined;
afterAll(() => original && rmSync(original, { recursive: true, maxRetries: 5 }));
/** A copy of a run that was killed after step 12, with a checkpoint at step 10. */
async function killed(): Promise<string> {
  if (original === undefined) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'earthmover-killed-'));
    const file = experiment(folder, { steps: 40, metrics: [] });
    const training = start(['train', file, '--out', path.join(folder, 'run'), '--json']);
    await training.saw(({ event, step }) => event === 'step' && step === 12);
    training.child.kill('SIGKILL');
    await training.ended;
    original = folder;
  }
  const run = path.join(scratch(), 'run');
  cpSync(path.join(original, 'run'), run, { recursive: true });
  return run;
}

/** Makes the files of a run look as if they were written by another machine, `seconds` ago. */
function moveElsewhere(run: string, seconds: number): void {
  for (const name of ['status.json', 'attempts/1.json']) {
    const file = path.join(run, name);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), host: 'another-machine' }));
    const at = Date.now() / 1000 - seconds;
    utimesSync(file, at, at);
  }
}

describe('a killed run keeps its whole curve', () => {
  it.each<[string, (run: string) => void, RegExp]>([
    ['after attempts/ was lost', (run) => rmSync(path.join(run, 'attempts'), { recursive: true }), /^$/],
    [
      'after attempts/ and status.json were lost',
      (run) => ['attempts', 'status.json'].forEach((name) => rmSync(path.join(run, name), { recursive: true })),
      /^$/,
    ],
    [
      'with an empty status.json',
      (run) => writeFileSync(path.join(run, 'status.json'), ''),
      /The status of the run was lost and is written again: .*status\.json is damaged/,
    ],
    [
      'with a status.json of zeros',
      (run) => writeFileSync(path.join(run, 'status.json'), Buffer.alloc(700)),
      /The status of the run was lost and is written again: .*status\.json is damaged/,
    ],
    [
      'with an attempt of a high number',
      (run) => writeFileSync(path.join(run, 'attempts/999999999.json'), '{"pid":1'),
      /^Waiting/,
    ],
  ])('%s', async (_, lose, notice) => {
    const run = await killed();
    lose(run);
    const file = path.join(run, 'attempts/999999999.json');
    if (existsSync(file)) utimesSync(file, 1, 1);
    if (existsSync(file)) utimesSync(path.join(run, 'status.json'), 1, 1);
    const resumed = await cli(['resume', run, '--json']);
    expect(resumed.stderr).toBe('');
    expect(resumed.code).toBe(0);
    if (!existsSync(file)) expect(notices(resumed)).toMatch(notice);
    expect(steps(run)).toEqual(upTo(40));
    expect((await cli(['resume', run, '--steps', '45', '--json'])).code).toBe(0);
    expect(steps(run)).toEqual(upTo(45));
    expect(readdirSync(path.join(run, 'attempts')).every((name) => /^\d+\.json$/.test(name))).toBe(true);
  });
});

describe('a damaged row', () => {
  it('is the only one that a resume loses, and its step is named', async () => {
    const run = await killed();
    const file = path.join(run, 'metrics.bin');
    const bytes = readFileSync(file);
    const header = bytes.indexOf(10) + 1;
    const rowBytes = (bytes.length - header) / steps(run).length;
    bytes.fill(0, header + 2 * rowBytes, header + 3 * rowBytes);
    bytes[header + 6 * rowBytes + 20] ^= 4;
    writeFileSync(file, bytes);
    const resumed = await cli(['resume', run, '--json']);
    expect(resumed.code).toBe(0);
    expect(lines(resumed).find(({ event }) => event === 'start')).toMatchObject({ from: 10 });
    expect(notices(resumed)).toMatch(/metrics\.bin is damaged: the rows of these steps are lost.*: 3, 7\.$/);
    expect(steps(run)).toEqual(upTo(40).filter((step) => step !== 3 && step !== 7));
  });
});

it('histograms of more than 512 MiB, the longest string, do not keep a run from being resumed', async () => {
  const run = await killed();
  const file = path.join(run, 'histograms.jsonl');
  const before = readFileSync(file, 'utf8');
  // A hole takes no space on the disk.
  truncateSync(file, 2 ** 29 + 2 ** 20);
  appendFileSync(file, '\n');
  const resumed = await cli(['resume', run, '--json']);
  expect(resumed.stderr).toBe('');
  expect(resumed.code).toBe(0);
  const kept = readFileSync(file, 'utf8');
  expect(kept.slice(0, before.length)).toBe(before);
  expect(
    kept
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { step: number }).step),
  ).toEqual([10, 20, 30, 40]);
});

describe('a run that another machine trains', () => {
  it('is resumed after a wait, which Ctrl-C ends', async () => {
    const run = await killed();
    moveElsewhere(run, 5);
    const waiting = start(['resume', run, '--json']);
    await waiting.saw(({ message }) =>
      /^Waiting up to \d+ s: process \d+ on another-machine wrote to this run \d+ s ago/.test(String(message)),
    );
    waiting.child.kill('SIGINT');
    expect((await waiting.ended).code).toBe(130);
    expect(readdirSync(path.join(run, 'attempts'))).toEqual(['1.json']);
    moveElsewhere(run, 45);
    const resumed = await cli(['resume', run, '--json']);
    expect(resumed.code).toBe(0);
    expect(notices(resumed)).toMatch(/Waiting up to \d+ s/);
    expect(steps(run)).toEqual(upTo(40));
  });

  it.runIf(process.platform === 'linux')('is left alone by its old process when that wakes up', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { steps: 1_000_000, metrics: [], checkpoints: { every: 10, keep: 3 } });
    const zombie = start(['train', file, '--out', run, '--json']);
    await zombie.saw(({ event, step }) => event === 'step' && step > 30);
    zombie.child.kill('SIGSTOP');
    moveElsewhere(run, 100);
    const resumed = await cli(['resume', run, '--steps', String(status(run).step + 500), '--json']);
    expect(resumed.code).toBe(0);
    const files = ['metrics.bin', 'status.json', 'histograms.jsonl', 'notices.jsonl', 'attempts/2.json'];
    const content = () =>
      [...files.map((name) => path.join(run, name)).filter(existsSync)].map((name) =>
        readFileSync(name).toString('base64'),
      );
    const before = [content(), checkpoints(run), readdirSync(path.join(run, 'samples'))];
    zombie.child.kill('SIGCONT');
    const ended = await zombie.ended;
    expect([content(), checkpoints(run), readdirSync(path.join(run, 'samples'))]).toEqual(before);
    expect(ended.code).toBe(3);
    const message = `Process ${(JSON.parse(readFileSync(path.join(run, 'attempts/2.json'), 'utf8')) as { pid: number }).pid} on ${os.hostname()} has taken over this run (attempt 2)`;
    expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'replaced' });
    expect(String(lines(ended).at(-1)?.message)).toContain(message);
    expect(readFileSync(path.join(run, 'log.txt'), 'utf8')).toContain(message);
  });
});

describe('a resume that cannot start', () => {
  it('leaves the run as it was, and the lock free', async () => {
    const run = await killed();
    const spare = path.join(path.dirname(run), 'spare');
    cpSync(run, spare, { recursive: true });
    for (const name of checkpoints(run)) writeFileSync(path.join(run, 'checkpoints', name, 'state.safetensors'), '');
    const refused = await cli(['resume', run, '--json']);
    expect(refused.code).toBe(2);
    for (const name of ['status.json', 'metrics.bin', 'attempts/1.json'])
      expect(readFileSync(path.join(run, name)).equals(readFileSync(path.join(spare, name))), name).toBe(true);
    expect(readdirSync(path.join(run, 'attempts'))).toEqual(['1.json']);
    rmSync(path.join(run, 'checkpoints'), { recursive: true });
    const lost = await cli(['resume', run]);
    expect(lost.code).toBe(2);
    expect(lost.stderr).toMatch(
      /The checkpoints of this run are lost: its curve reaches step \d+, and .*checkpoints has none\./,
    );
    expect(lost.stderr).toContain('Start a new run from its experiment file');
    expect(readFileSync(path.join(run, 'metrics.bin')).equals(readFileSync(path.join(spare, 'metrics.bin')))).toBe(
      true,
    );
  });
});

describe('a run that is killed at once', () => {
  it('gets the image of real samples and the notices of its data when it is resumed', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const images = {
      data: { source: 'digits', size: 16 },
      generator: { network: 'dcgan', filters: 4 },
      critic: { network: 'dcgan', filters: 4 },
      metrics: [],
      steps: 2,
    };
    const file = experiment(folder, images);
    expect((await cli(['train', file, '--out', run, '--json'])).code).toBe(0);
    const real = readFileSync(path.join(run, 'samples/real.png'));
    // As a kill before the first step leaves it.
    for (const name of ['samples', 'checkpoints', 'metrics.bin', 'notices.jsonl'])
      rmSync(path.join(run, name), { recursive: true, force: true });
    const resumed = await cli(['resume', run, '--json']);
    expect(resumed.stderr).toBe('');
    expect(readFileSync(path.join(run, 'samples/real.png')).equals(real)).toBe(true);
    expect(steps(run)).toEqual([1, 2]);
  });
});

describe('weights of whole numbers', () => {
  it('are saved, and a resumed run equals an uninterrupted one bit for bit', async () => {
    const folder = scratch();
    writeFileSync(
      path.join(folder, 'model.ts'),
      `import * as tf from '@tensorflow/tfjs';
      class Scale extends tf.layers.Layer {
        static className = 'Scale';
        factor: tf.LayerVariable;
        build() {
          this.factor = this.addWeight('factor', [1], 'int32', tf.initializers.constant({ value: 3 }), undefined, false);
          this.built = true;
        }
        call(inputs) { return tf.mul([inputs].flat()[0], tf.cast(this.factor.read(), 'float32')); }
      }
      export const critic = ({ inputShape }) => tf.sequential({ layers: [
        tf.layers.dense({ units: 4, inputShape }), new Scale({}), tf.layers.dense({ units: 1 })] });`,
    );
    const file = experiment(folder, { critic: { module: './model.ts', export: 'critic' }, metrics: [] });
    const [whole, resumed] = ['whole', 'resumed'].map((name) => path.join(folder, name));
    const trained = await cli(['train', file, '--out', whole, '--json']);
    expect(trained.stderr).toBe('');
    cpSync(whole, resumed, { recursive: true });
    for (const step of [20, 30]) rmSync(path.join(resumed, `checkpoints/step-${step}`), { recursive: true });
    expect((await cli(['resume', resumed, '--json'])).code).toBe(0);
    const state = 'checkpoints/step-30/state.safetensors';
    expect(readFileSync(path.join(whole, state), 'latin1')).toContain('"dtype":"I32"');
    expect(readFileSync(path.join(resumed, state)).equals(readFileSync(path.join(whole, state)))).toBe(true);
  });
});

it('on another kind of processor says that the last bits may differ', async () => {
  const folder = scratch();
  const run = path.join(folder, 'run');
  expect((await cli(['train', experiment(folder, { metrics: [] }), '--out', run])).code).toBe(0);
  const same = await cli(['resume', run, '--steps', '31', '--json']);
  expect(notices(same)).not.toContain('processor');
  const file = path.join(run, 'experiment.json');
  const { checksum: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...manifest, processor: 'Abacus 3000' }));
  // A machine that does not tell its processor says nothing.
  const isKnown = !['', 'unknown'].includes(os.cpus()[0]?.model.trim() ?? '');
  const other = await cli(['resume', run, '--steps', '32', '--json']);
  expect(notices(other).includes('another kind of processor (Abacus 3000; here')).toBe(isKnown);
});

describe('a resume that has nothing to do', () => {
  it('says so and changes nothing', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const trained = await cli(['train', experiment(folder, { metrics: ['modes'] }), '--out', run, '--json']);
    expect(trained.code).toBe(0);
    expect(JSON.parse(readFileSync(path.join(run, 'experiment.json'), 'utf8'))).toMatchObject({
      cores: os.availableParallelism(),
    });
    const before = [status(run), readdirSync(run).sort(), readFileSync(path.join(run, 'metrics.bin')).length];
    for (const more of [[], ['--steps', '30'], ['--steps', '7']]) {
      const resumed = await cli(['resume', run, ...more, '--json']);
      expect(resumed.code).toBe(0);
      expect(notices(resumed)).toMatch(
        /^Nothing to do: the run is at step 30, and \d+ steps are wanted\. To train it longer/,
      );
      expect(lines(resumed).map(({ event }) => event)).toEqual(['notice', 'end']);
      const { metrics: last } = lines(resumed).at(-1) as unknown as { metrics: object };
      expect(last).toMatchObject({ modes: expect.any(Number) });
    }
    expect([status(run), readdirSync(run).sort(), readFileSync(path.join(run, 'metrics.bin')).length]).toEqual(before);
    expect(readdirSync(path.join(run, 'attempts'))).toEqual(['1.json']);
    // A trainer that was killed after its last checkpoint.
    const file = path.join(run, 'status.json');
    const dead = {
      ...JSON.parse(readFileSync(file, 'utf8')),
      state: 'running',
      pid: 2 ** 30,
      startedAt: 1000,
      updatedAt: 1500,
    };
    writeFileSync(file, JSON.stringify(dead));
    expect((await cli(['resume', run, '--json'])).code).toBe(0);
    expect(status(run)).toMatchObject({ state: 'finished', step: 30, attempt: 2, earlierSeconds: 500 });
  });
});

describe('a run whose status can no longer be written', () => {
  it('still reports the original error, its end and exit code 3, and keeps its rows', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { steps: 1_000_000, metrics: [], samples: { every: 1_000_000, grid: [2, 2] } });
    const training = start(['train', file, '--out', run, '--json']);
    await training.saw(({ event, step }) => event === 'step' && step > 20);
    // As a full disk: the status cannot be replaced, neither during the run nor at its end.
    rmSync(path.join(run, 'status.json'));
    mkdirSync(path.join(run, 'status.json', 'in the way'), { recursive: true });
    const ended = await training.ended;
    expect(ended.code).toBe(3);
    const { step, ...end } = lines(ended).at(-1)!;
    expect(end).toMatchObject({
      event: 'end',
      reason: 'failed',
      message: expect.stringMatching(/^Cannot write .*status\.json/),
    });
    expect(readFileSync(path.join(run, 'log.txt'), 'utf8')).toMatch(/failed: .*Cannot write .*status\.json/);
    expect(steps(run)).toEqual(upTo(steps(run).length));
    expect(steps(run).length).toBeGreaterThanOrEqual(step);
  });
});

describe('a file of the run that cannot be opened when training starts', () => {
  it.each(['log.txt', 'metrics.bin', 'notices.jsonl'])('%s: the status says so', async (name) => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const inTheWay = path.join(run, name);
    // The disk changes between the check of the run directory and the start.
    const model = `import * as tf from '@tensorflow/tfjs';
      import { existsSync, rmSync, mkdirSync } from 'node:fs';
      if (existsSync(${JSON.stringify(inTheWay)})) {
        rmSync(${JSON.stringify(inTheWay)});
        mkdirSync(${JSON.stringify(inTheWay)});
      }
      export const build = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });`;
    writeFileSync(path.join(folder, 'model.ts'), model);
    const file = experiment(folder, { generator: { module: './model.ts', export: 'build' }, metrics: [] });
    expect(await cli(['train', file, '--out', run])).toMatchObject({ code: 0, stderr: '' });
    const resumed = await cli(['resume', run, '--steps', '40']);
    expect(resumed.code).not.toBe(0);
    expect(resumed.stderr).toContain(inTheWay);
    expect(status(run)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(inTheWay) as string,
    });
  });
});

it('a finished run whose metrics.bin lost its header: a resume restores every row', async () => {
  const folder = scratch();
  const run = path.join(folder, 'run');
  expect(await cli(['train', experiment(folder, { metrics: [] }), '--out', run])).toMatchObject({ code: 0 });
  const file = path.join(run, 'metrics.bin');
  const before = readFileSync(file);
  writeFileSync(file, Buffer.from(before).fill(0, 0, 64));
  const resumed = await cli(['resume', run, '--json']);
  expect(resumed.code).toBe(0);
  expect(notices(resumed)).toContain(`The header of ${file} was damaged: it was written again, and 30 rows were kept.`);
  expect(readFileSync(file).subarray(before.indexOf(10))).toEqual(before.subarray(before.indexOf(10)));
  expect(status(run)).toMatchObject({ state: 'finished', step: 30 });
});
