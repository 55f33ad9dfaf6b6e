// A run that is stepped by hand and in slow motion, as a real process: it shows where it is, and trains what it would have trained.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sendCommand, waitForAcknowledgement } from '../../src/run/control';
import { livePreviewImage, readLivePreview } from '../../src/run/livePreview';
import { readStatus } from '../../src/run/status';
import { cli, experiment, lines, metrics, scratch, start } from './cliProcess';

type Asked = Parameters<typeof sendCommand>[1];

const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));

const rules = {
  'five critic updates a step, noise and an average': {
    criticSteps: 5,
    stabilization: { ema: 0.9, instanceNoise: {} },
  },
  'critic updates until it is optimal': { criticSteps: { untilOptimal: { window: 2, tolerance: 0.2, max: 9 } } },
};

test.each(Object.entries(rules))('trains by hand what it trains by itself, bit for bit, with %s', async (_, rule) => {
  const folder = scratch();
  const [whole, stepped] = ['whole', 'stepped'].map((name) => path.join(folder, name));
  const file = experiment(folder, {
    ...rule,
    metrics: [],
    steps: 2000,
    samples: { every: 1000, grid: [4, 4] },
    checkpoints: { every: 1000, keep: 3 },
  });
  expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);

  const training = start(['train', file, '--out', stepped, '--json']);
  const ask = async (asked: Asked) => {
    expect(await waitForAcknowledgement(stepped, sendCommand(stepped, asked), 30_000)).toBe('acknowledged');
    return { live: readLivePreview(stepped), state: readStatus(stepped)?.state, rows: metrics(stepped).length };
  };
  // Before its first step: it is paused as soon as it is there.
  await training.saw(({ event }) => event === 'start');
  const paused = await ask('pause');
  expect(paused.state).toBe('paused');
  const at = paused.rows;
  expect(at).toBeLessThan(1990);

  const one = await ask('critic-step');
  expect(one.live).toMatchObject({ step: at + 1, network: 'critic', made: 1 });
  expect(Object.keys(one.live?.values ?? {})).toEqual(
    expect.arrayContaining(['criticLoss', 'estimate', 'penalty', 'gradientNorm']),
  );
  expect(one.rows).toBe(at);
  const first = readFileSync(livePreviewImage(stepped));
  expect((await sharp(first).metadata()).format).toBe('png');
  expect((await ask('critic-step')).live).toMatchObject({ step: at + 1, made: 2 });
  expect(readFileSync(livePreviewImage(stepped)).equals(first)).toBe(false);

  const next = await ask('generator-step');
  expect(next.live).toMatchObject({ step: at + 2, network: 'critic', made: 0 });
  expect(next.live?.values).toHaveProperty('generatorLoss');
  expect([next.state, next.rows]).toEqual(['paused', at + 1]);
  // In the middle of a step: a whole one from here, then a checkpoint, for which the one that is begun is made whole.
  await ask('critic-step');
  expect((await ask('step')).live).toMatchObject({ step: at + 3, made: 1 });
  await ask('checkpoint');
  const saved = `step-${at + 3}`;
  expect(readdirSync(path.join(stepped, 'checkpoints'))).toContain(saved);
  expect(metrics(stepped)).toHaveLength(at + 3);
  expect(readStatus(stepped)?.state).toBe('paused');

  expect((await ask({ kind: 'slow-motion', rate: 10 })).state).toBe('running');
  expect(readStatus(stepped)?.slowMotionRate).toBe(10);
  for (const limit = Date.now() + 20_000; metrics(stepped).length < at + 4; ) {
    if (Date.now() > limit) throw new Error('slow motion does not go on');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((await ask({ kind: 'slow-motion', rate: null })).state).toBe('paused');
  // One picture, overwritten: nothing else is left of the updates.
  expect(readdirSync(path.join(stepped, 'live')).sort()).toEqual(['live.json', 'live.png']);
  await ask('critic-step');
  sendCommand(stepped, 'resume');
  expect((await training.ended).code).toBe(0);
  expect(existsSync(path.join(stepped, 'live'))).toBe(false);

  expect(untimed(stepped)).toEqual(untimed(whole));
  for (const name of [
    'checkpoints/step-2000/state.safetensors',
    'checkpoints/step-2000/generator/weights.bin',
    'samples/step-1000.png',
    'samples/step-2000.png',
  ])
    expect(readFileSync(path.join(stepped, name)).equals(readFileSync(path.join(whole, name))), name).toBe(true);
  // A step that was looked at for seconds is no slower than another to whoever reckons the rate.
  const told = lines(await training.ended).filter(({ event }) => event === 'step');
  expect(Number(told.at(-1)?.wallTime)).toBeLessThan(metrics(stepped)[1999].wallTime - metrics(stepped)[0].wallTime);
});

test('a stop in the middle of a step is carried out behind it, and the run can be gone on with', async () => {
  const folder = scratch();
  const [whole, stepped] = ['whole', 'stepped'].map((name) => path.join(folder, name));
  const file = experiment(folder, { criticSteps: 5, metrics: [], steps: 1000, samples: { every: 500, grid: [4, 4] } });
  expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);
  const training = start(['train', file, '--out', stepped, '--json']);
  await training.saw(({ event }) => event === 'start');
  const id = sendCommand(stepped, 'critic-step');
  expect(await waitForAcknowledgement(stepped, id, 30_000)).toBe('acknowledged');
  const before = metrics(stepped).length;
  sendCommand(stepped, 'stop');
  expect((await training.ended).code).toBe(0);
  expect(readStatus(stepped)).toMatchObject({ state: 'stopped', step: before + 1 });
  expect((await cli(['resume', stepped, '--json'])).code).toBe(0);
  expect(untimed(stepped)).toEqual(untimed(whole));
});
