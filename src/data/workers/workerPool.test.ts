// The worker pool with the real worker, and with workers that fail in every way a thread can.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { createTaskWorkers } from '../../../test/support/taskWorkers';
import { fillNormal } from '../../math/random';
import { wasserstein1 } from '../../math/wasserstein';
import type { TrainerTasks } from '../../trainer/workerTasks';
import { createWorkerPool } from './workerPool';

const built = createTaskWorkers();

const points = (n: number, step: number) => {
  const out = new Float32Array(n);
  fillNormal(out, { seed: 1, stream: 'points', step });
  return out;
};

/** A worker made for one test. */
const worker = async (name: string, body: string) => {
  const file = path.join(built.folder, `${name}.cjs`);
  await writeFile(file, `const { parentPort, threadId } = require('node:worker_threads');\n${body}`);
  return file;
};
const onMessage = (body: string) => `parentPort.on('message', ({ payload }) => { ${body} });`;
const one = { x: new Float32Array([0]), y: new Float32Array([1]), dimensions: 1 };

describe('the task worker', () => {
  test('answers many tasks, each with its own result', async () => {
    const workers = createWorkerPool<TrainerTasks>(built.file, 2);
    const tasks = Array.from({ length: 12 }, (_, i) => ({ x: points(64, i), y: points(64, i + 100), dimensions: 2 }));
    const results = await Promise.all(tasks.map((payload) => workers.run('w1', payload)));
    expect(results).toEqual(tasks.map(({ x, y }) => wasserstein1(x, y, 2)));
    await workers.close();
  });

  test('transfers listed objects and copies others', async () => {
    const workers = createWorkerPool<TrainerTasks>(built.file, 1);
    const [x, y] = [points(64, 0), points(64, 1)];
    const expected = wasserstein1(x, y, 2);
    expect(await workers.run('w1', { x, y, dimensions: 2 }, [x.buffer as ArrayBuffer])).toBe(expected);
    expect([x.length, y.length]).toEqual([0, 64]);
    await workers.close();
  });

  test('returns an error with its text and continues', async () => {
    const workers = createWorkerPool<TrainerTasks>(built.file, 1);
    await expect(workers.run('w1', { ...one, x: new Float32Array(3) })).rejects.toThrow('not equally many points');
    expect(await workers.run('w1', one)).toBe(1);
    await workers.close();
  });

  test('rejects only its own task if a payload cannot be sent', async () => {
    const workers = createWorkerPool<TrainerTasks>(built.file, 1);
    const unsendable = { ...one, extra: () => 0 };
    await expect(workers.run('w1', unsendable)).rejects.toThrow('could not be cloned');
    expect(await workers.run('w1', one)).toBe(1);
    await workers.close();
  });
});

describe('the pool', () => {
  test('runs as many threads as requested, and no more', async () => {
    const file = await worker('slow', onMessage('setTimeout(() => parentPort.postMessage({ result: threadId }), 20);'));
    const workers = createWorkerPool<TrainerTasks>(file, 3);
    const threads = await Promise.all(Array.from({ length: 9 }, () => workers.run('w1', one)));
    expect(new Set(threads).size).toBe(3);
    await workers.close();
  });

  test('rejects the task of a thread that exits, and replaces the thread', async () => {
    const file = await worker(
      'exits',
      onMessage('if (payload.dimensions === 7) process.exit(3); else parentPort.postMessage({ result: 42 });'),
    );
    const workers = createWorkerPool<TrainerTasks>(file, 1);
    const [dead, next] = [workers.run('w1', { ...one, dimensions: 7 }), workers.run('w1', one)];
    await expect(dead).rejects.toThrow('The worker thread that ran "w1" ended: exit code 3.');
    expect(await next).toBe(42);
    await workers.close();
  });

  test('rejects the task of a thread that throws outside of it, with the text', async () => {
    const file = await worker('throws', onMessage('setImmediate(() => { throw new Error("out of luck"); });'));
    const workers = createWorkerPool<TrainerTasks>(file, 1);
    await expect(workers.run('w1', one)).rejects.toThrow('ended: out of luck.');
    await workers.close();
  });

  test('rejects the task if the worker file is missing', async () => {
    const workers = createWorkerPool<TrainerTasks>(path.join(built.folder, 'absent.cjs'), 2);
    await expect(workers.run('w1', one)).rejects.toThrow('absent.cjs');
    await expect(workers.run('w1', one)).rejects.toThrow('absent.cjs');
    await workers.close();
  });

  test('rejects running, waiting and later tasks when closed', async () => {
    const file = await worker('silent', onMessage(''));
    const workers = createWorkerPool<TrainerTasks>(file, 1);
    const pending = [workers.run('w1', one), workers.run('w1', one)].map((task) =>
      expect(task).rejects.toThrow('closed before "w1" was done'),
    );
    await workers.close();
    await Promise.all(pending);
    await expect(workers.run('w1', one)).rejects.toThrow('closed');
    await workers.close();
  });

  test('does not keep the process alive while its threads are idle', async () => {
    const script = path.join(built.folder, 'process.cjs');
    const entry = path.resolve(__dirname, 'workerPool.ts');
    await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', logLevel: 'silent' });
    const code = `
      const workers = require(${JSON.stringify(script)}).createWorkerPool(${JSON.stringify(built.file)}, 2);
      workers.run('w1', { x: Float32Array.of(0), y: Float32Array.of(3), dimensions: 1 }).then(console.log);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { timeout: 20_000 });
    expect(stdout.trim()).toBe('3');
  });

  test('rejects an invalid thread count', () => {
    expect(() => createWorkerPool<TrainerTasks>(built.file, 0)).toThrow('count is 0');
  });
});
