// Model files that misbehave: they exit, wait forever, fail in a timer, loop, print. The end is told truthfully.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpoints, experiment, status } from '../support/tinyRuns';
import { cli, lines, scratch, start, type Ended } from './cliProcess';

const dense = 'tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] })';

/** Trains with a generator from a module of this text, for longer than any test lasts unless told otherwise. */
async function train(code: string, changes: object = { steps: 1_000_000 }) {
  const folder = scratch();
  writeFileSync(path.join(folder, 'model.ts'), `import * as tf from '@tensorflow/tfjs';\n${code}\n`);
  const run = path.join(folder, 'run');
  const file = experiment(folder, { generator: { module: './model.ts', export: 'build' }, metrics: [], ...changes });
  return { run, ended: await cli(['train', file, '--out', run, '--json']) };
}

/** No run, and one message. */
function mustHaveStopped({ run, ended }: { run: string; ended: Ended }, message: string | RegExp): void {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/bug in Earthmover|^ +at /m);
  const error = lines(ended).at(-1);
  expect(error).toMatchObject({ event: 'error', message: expect.any(String) as string });
  if (/model\.ts:\d/.test(ended.stderr)) expect(error?.file).toMatch(/model\.ts$/);
  expect(existsSync(path.join(run, 'status.json'))).toBe(false);
}

/** Ended as failed, with its reason in the last event, the status and the log. */
function mustHaveFailed({ run, ended }: { run: string; ended: Ended }, message: string): void {
  expect(ended.code).toBe(3);
  const end = lines(ended).at(-1);
  expect(end).toMatchObject({ event: 'end', reason: 'failed' });
  expect(end?.message).toContain(message);
  expect(status(run)).toMatchObject({ state: 'failed', step: end?.step, message: end?.message });
  expect(readFileSync(path.join(run, 'log.txt'), 'utf8')).toContain(message);
  expect(ended.stderr).not.toMatch(/bug in Earthmover|^ +at /m);
}

describe('a model file that ends the process or waits forever', () => {
  it.each([
    ['when it is loaded', 'process.exit(0);', 2],
    ['in its function', 'export function build() { process.exit(0); }', 2],
    ['in a promise', 'export async function build() { await null; process.exit(0); }', 2],
  ])('exits %s: the call is an error at its line', async (_, code, expected) => {
    const failed = await train(code);
    expect(failed.ended.code).toBe(expected);
    mustHaveStopped(failed, /model\.ts:2:\d+: error: process\.exit\(\) was called, but a model file must not end/);
  });

  it('waits for a promise that never settles: exit code 3, and a reason', async () => {
    const failed = await train('export async function build() { await new Promise(() => {}); }');
    expect(failed.ended.code).toBe(3);
    mustHaveStopped(failed, 'it waits for a promise that never settles');
  });

  it('exits in a timer: the run fails with a checkpoint', async () => {
    const failed = await train(`setTimeout(() => process.exit(0), 1500); export const build = () => ${dense};`);
    mustHaveFailed(failed, 'process.exit() was called');
    expect(checkpoints(failed.run)).toContain(`step-${status(failed.run).step}`);
  });

  it('removes the handlers of errors: the run fails all the same', async () => {
    const { run, ended } = await train(
      `setTimeout(() => { process.removeAllListeners('uncaughtException'); throw new Error('late'); }, 1500);
       export const build = () => ${dense};`,
    );
    expect(ended.code).toBe(3);
    const message = expect.stringContaining('The process was ended from within') as string;
    expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'failed', message });
    expect(status(run)).toMatchObject({ state: 'failed', message });
  });

  it('sets an exit code: it has no effect', async () => {
    const { ended } = await train(`process.exitCode = 5; export const build = () => ${dense};`, {});
    expect(ended.code).toBe(0);
  });
});

describe('an error of a model file outside of any call', () => {
  it.each([
    ['thrown in a timer', `setTimeout(() => { throw new Error('late'); }, 1500);`],
    ['rejected', `setTimeout(() => void Promise.reject(new Error('late')), 1500);`],
  ])('%s: the run fails at its line, with a checkpoint from which it can be resumed', async (_, code) => {
    const failed = await train(`${code} export const build = () => ${dense};`);
    mustHaveFailed(failed, 'late');
    expect(lines(failed.ended).at(-1)).toMatchObject({ errors: [{ message: 'late', line: 2 }] });
    const { step } = status(failed.run);
    expect(step).toBeGreaterThan(0);
    expect(checkpoints(failed.run)).toContain(`step-${step}`);
  });

  it('before the run begins: exit code 3, at its line', async () => {
    const failed = await train(
      `setTimeout(() => { throw new Error('early'); }); export const build = () => new Promise((done) => setTimeout(done, 60000));`,
    );
    expect(failed.ended.code).toBe(3);
    mustHaveStopped(failed, /model\.ts:2:\d+: error: early \[crashed\]/);
  });
});

describe('a model file that throws or exports something odd', () => {
  it.each([
    [
      'an object without text',
      'export function build() { throw { toString() { throw 1; } }; }',
      'cannot be shown as text',
    ],
    ['null', 'export function build() { throw null; }', 'threw null'],
    [
      'in a getter',
      `Object.defineProperty(exports, 'build', { enumerable: true, get() { throw new Error('no'); } });`,
      /model\.ts:2:\d+: error: no \[model-load\]/,
    ],
    ['nothing, but exports a number', 'export const build = 42;', '"build" is a number;'],
    ['nothing, and exports nothing', 'export {};', 'exports no function or model "build": it has no exports'],
  ])('%s: an error of the user, not a bug', async (_, code, message) => {
    const failed = await train(code);
    expect(failed.ended.code).toBe(2);
    mustHaveStopped(failed, message);
  });
});

it('what a model file prints goes to stderr under --json', async () => {
  const { ended } = await train(
    `process.stdout.write('{"event":"end"'); console.log('hello'); export const build = () => ${dense};`,
    {},
  );
  expect(ended.code).toBe(0);
  expect(lines(ended).map(({ event }) => event)).toContain('end');
  expect(ended.stderr).toContain('{"event":"end"hello');
});

it.each([['SIGINT', 130]] as const)('a model file that loops forever ends at the second %s', async (signal, code) => {
  const folder = scratch();
  writeFileSync(path.join(folder, 'model.ts'), `console.error('looping'); for (;;);\n`);
  const file = experiment(folder, { generator: { module: './model.ts', export: 'build' } });
  const training = start(['train', file, '--out', path.join(folder, 'run')]);
  await new Promise((resolve) => training.child.stderr?.once('data', resolve));
  training.child.kill(signal);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(training.child.exitCode).toBeNull();
  training.child.kill(signal);
  const ended = await training.ended;
  // Ended by the signal, which shells report as 130.
  expect([ended.code, ended.signal]).toEqual(ended.code === null ? [null, signal] : [code, null]);
  expect(ended.stderr).toContain('Quit without saving.');
});

it('a model file that loops forever ends at once by SIGTERM: there is nothing to save', async () => {
  const folder = scratch();
  const file = experiment(folder, { generator: { module: './model.ts', export: 'build' }, metrics: [] });
  // The second seed, after one that caught the signal.
  const seeds = ['--set', 'steps=1', '--seeds', '2'];
  writeFileSync(
    path.join(folder, 'model.ts'),
    `import * as tf from '@tensorflow/tfjs';
    import { existsSync } from 'node:fs';
    if (existsSync(${JSON.stringify(path.join(folder, 'run-seed-5', 'status.json'))})) { console.error('looping'); for (;;); }
    export const build = () => ${dense};`,
  );
  const training = start(['train', file, '--out', path.join(folder, 'run'), ...seeds]);
  await new Promise<void>((resolve) =>
    training.child.stderr?.on('data', (text: string) => text.includes('looping') && resolve()),
  );
  training.child.kill('SIGTERM');
  expect(await training.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  expect(status(path.join(folder, 'run-seed-5')).state).toBe('finished');
  expect(existsSync(path.join(folder, 'run-seed-6'))).toBe(false);
});
