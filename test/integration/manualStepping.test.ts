// Manual stepping and slow motion of a real process: the live preview, and the same training result bit for bit.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sendCommand, waitForAcknowledgment } from '../../src/run/control';
import { livePreviewImage, readLivePreview } from '../../src/run/livePreview';
import { readStatus } from '../../src/run/status';
import { cli, experiment, lines, metrics, scratch, start } from './cliProcess';

type Request = Parameters<typeof sendCommand>[1];

const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));

const rules = {
  'five critic updates per step, noise and EMA': {
    criticSteps: 5,
    stabilization: { ema: 0.9, instanceNoise: {} },
  },
  'critic updates until optimal': { criticSteps: { untilOptimal: { window: 2, tolerance: 0.2, max: 9 } } },
};

test.each(Object.entries(rules))(
  'manual stepping gives the same result as training, bit for bit, with %s',
  async (_, rule) => {
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
    const send = async (request: Request) => {
      expect(await waitForAcknowledgment(stepped, await sendCommand(stepped, request), 30_000)).toBe('acknowledged');
      return { live: await readLivePreview(stepped), state: readStatus(stepped)?.state, rows: metrics(stepped).length };
    };
    // Pause as early as possible.
    await training.saw(({ event }) => event === 'start');
    const paused = await send('pause');
    expect(paused.state).toBe('paused');
    const at = paused.rows;
    expect(at).toBeLessThan(1990);

    const one = await send('critic-step');
    expect(one.live).toMatchObject({ step: at + 1, network: 'critic', criticUpdatesDone: 1 });
    expect(Object.keys(one.live?.values ?? {})).toEqual(
      expect.arrayContaining(['criticLoss', 'estimate', 'penalty', 'gradientNorm']),
    );
    expect(one.rows).toBe(at);
    const first = readFileSync(livePreviewImage(stepped));
    expect((await sharp(first).metadata()).format).toBe('png');
    expect((await send('critic-step')).live).toMatchObject({ step: at + 1, criticUpdatesDone: 2 });
    expect(readFileSync(livePreviewImage(stepped)).equals(first)).toBe(false);

    const next = await send('generator-step');
    expect(next.live).toMatchObject({ step: at + 2, network: 'critic', criticUpdatesDone: 0 });
    expect(next.live?.values).toHaveProperty('generatorLoss');
    expect([next.state, next.rows]).toEqual(['paused', at + 1]);
    // Within a step: a whole step from here, then a checkpoint, which completes the started step.
    await send('critic-step');
    expect((await send('step')).live).toMatchObject({ step: at + 3, criticUpdatesDone: 1 });
    await send('checkpoint');
    const saved = `step-${at + 3}`;
    expect(readdirSync(path.join(stepped, 'checkpoints'))).toContain(saved);
    expect(metrics(stepped)).toHaveLength(at + 3);
    expect(readStatus(stepped)?.state).toBe('paused');

    expect((await send({ kind: 'slow-motion', rate: 10 })).state).toBe('running');
    expect(readStatus(stepped)?.slowMotionRate).toBe(10);
    for (const limit = Date.now() + 20_000; metrics(stepped).length < at + 4; ) {
      if (Date.now() > limit) throw new Error('slow motion makes no progress');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await send({ kind: 'slow-motion', rate: null })).state).toBe('paused');
    // A single image, overwritten.
    expect(readdirSync(path.join(stepped, 'live')).sort()).toEqual(['live.json', 'live.png']);
    await send('critic-step');
    await sendCommand(stepped, 'resume');
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
    // Waiting does not count as training time.
    const steps = lines(await training.ended).filter(({ event }) => event === 'step');
    expect(Number(steps.at(-1)?.wallTime)).toBeLessThan(metrics(stepped)[1999].wallTime - metrics(stepped)[0].wallTime);
  },
);

test('a stop mid-step completes the step first, and the run can be resumed', async () => {
  const folder = scratch();
  const [whole, stepped] = ['whole', 'stepped'].map((name) => path.join(folder, name));
  const file = experiment(folder, { criticSteps: 5, metrics: [], steps: 1000, samples: { every: 500, grid: [4, 4] } });
  expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);
  const training = start(['train', file, '--out', stepped, '--json']);
  await training.saw(({ event }) => event === 'start');
  const id = await sendCommand(stepped, 'critic-step');
  expect(await waitForAcknowledgment(stepped, id, 30_000)).toBe('acknowledged');
  const before = metrics(stepped).length;
  await sendCommand(stepped, 'stop');
  expect((await training.ended).code).toBe(0);
  expect(readStatus(stepped)).toMatchObject({ state: 'stopped', step: before + 1 });
  expect((await cli(['resume', stepped, '--json'])).code).toBe(0);
  expect(untimed(stepped)).toEqual(untimed(whole));
});
