import { afterAll, describe, expect, it } from 'vitest';
import { type EndReason, type Listener } from '../trainer/trainerEvents';
import { type Context } from './command';
import { inputError } from './errors';
import { type Output, createStyle } from './output';
import { leaveEndSignals } from './interrupts';
import { type End, runTraining } from './runTraining';
// The test runner ends its workers by SIGTERM.
afterAll(leaveEndSignals);

const start = {
  event: 'start',
  run: '/r',
  name: 'n',
  steps: 3,
  from: 0,
  seed: 1,
  engine: 'onnx',
  device: 'cpu',
  threads: 1,
} as const;

function setup() {
  const lines = { out: [] as string[], err: [] as string[] };
  const output = (to: string[]): Output => ({
    terminal: false,
    rows: () => 24,
    screen: () => {},
    columns: () => 80,
    style: createStyle(false),
    redraw: (text = '') => to.push(text),
    line: (text = '') => to.push(text),
  });
  let lose = (): void => {};
  const lost = new Promise<void>((resolve) => (lose = resolve));
  const context: Context = { out: output(lines.out), err: output(lines.err), lost };
  return { context, lines, lose };
}

const end = (reason: EndReason): End => ({ event: 'end', reason, run: '/r', step: 3, metrics: {} });

/** A training that runs until it is aborted. */
const untilAborted = (listener: Listener, signal: AbortSignal): Promise<End> =>
  new Promise((resolve) => {
    listener(start);
    signal.addEventListener('abort', () => {
      listener(end('interrupted'));
      resolve(end('interrupted'));
    });
  });

describe('runSession', () => {
  it.each([
    ['finished', 0],
    ['stopped', 0],
    ['interrupted', 130],
    ['diverged', 3],
    ['failed', 3],
  ] as const)('maps %s to exit code %d', async (reason, code) => {
    const { context } = setup();
    expect(await runTraining(context, {}, async () => end(reason))).toEqual({ code, end: end(reason) });
  });

  it('turns the first Ctrl-C into an abort', async () => {
    const { context, lines } = setup();
    const running = runTraining(context, {}, untilAborted);
    process.emit('SIGINT', 'SIGINT');
    expect(await running).toMatchObject({ code: 130 });
    expect(lines.err.join()).toContain('Saving a checkpoint');
  });

  it('reports interrupted, not failed, if the first Ctrl-C comes before the first step', async () => {
    const { context, lines } = setup();
    const preparing = (_: Listener, signal: AbortSignal): Promise<End> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const running = runTraining(context, {}, preparing);
    process.emit('SIGINT', 'SIGINT');
    expect(await running).toEqual({ code: 130 });
    expect(lines.err.join()).toContain('Canceling…');
    await expect(runTraining(context, {}, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  });

  it('ends when stdout is closed', async () => {
    const { context, lose } = setup();
    const running = runTraining(context, {}, untilAborted);
    lose();
    expect(await running).toMatchObject({ code: 130 });
  });

  it('writes JSON lines with --json', async () => {
    const { context, lines } = setup();
    await runTraining(context, { json: true }, async (listener) => {
      listener(start);
      listener({ event: 'step', step: 1, wallTime: 0.1, values: { estimate: NaN } });
      listener(end('diverged'));
      return end('diverged');
    });
    expect(lines.out.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['start', 'step', 'end']);
    expect(lines.out[1]).toContain('"estimate":"NaN"');
  });

  it('throws an error in the input, but ends a run that fails outside of its loop', async () => {
    const { context, lines } = setup();
    const refuse = () => Promise.reject(inputError('no such folder'));
    await expect(runTraining(context, {}, refuse)).rejects.toThrow('no such folder');
    const failLater = (listener: Listener) => {
      listener(start);
      listener({ event: 'step', step: 2, wallTime: 0.1, values: {} });
      return Promise.reject(Object.assign(new Error('the disk is full'), { name: 'UserError' }));
    };
    const { code, end } = await runTraining(context, { json: true }, failLater);
    expect(code).toBe(3);
    expect(end).toMatchObject({ event: 'end', reason: 'failed', step: 2, message: 'the disk is full' });
    expect(JSON.parse(lines.out.at(-1)!)).toEqual(end);
  });
});
