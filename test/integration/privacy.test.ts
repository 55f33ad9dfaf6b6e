// What a training reaches outside of its run directory: nothing. No network, and no other file.
// cspell:ignore openat creat mkdirat renameat WRONLY RDWR CREAT
import { type ExecFileException, execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { cliFile, scratch } from './cliProcess';
import { experiment } from '../support/tinyRuns';

/** With a model file, which starts esbuild, and a metric that is computed in worker threads. */
function trainingOf(folder: string): string[] {
  const model = path.join(folder, 'model.ts');
  writeFileSync(
    model,
    `import * as tf from '@tensorflow/tfjs';
     export const critic = ({ inputShape }) => tf.sequential({ layers: [
       tf.layers.dense({ inputShape, units: 16, activation: 'relu' }), tf.layers.dense({ units: 1 })] });`,
  );
  const file = experiment(folder, { critic: { module: './model.ts', export: 'critic' } });
  return ['train', file, '--out', path.join(folder, 'run'), '--json'];
}

/** An environment in which libraries cannot tell that this is a test, with its own home and temporary folders. */
function environment(folder: string): { env: NodeJS.ProcessEnv; folders: string[] } {
  const own = { HOME: path.join(folder, 'home'), TMPDIR: path.join(folder, 'tmp') };
  for (const each of Object.values(own)) mkdirSync(each);
  const kept = Object.entries(process.env).filter(([name]) => !/^(CI|ORT_|XDG_|VITEST|GITHUB_)/.test(name));
  return { env: { ...Object.fromEntries(kept), ...own }, folders: Object.values(own) };
}

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ error: ExecFileException | null; stdout: string }>((resolve) => {
    execFile(program, args, { env, maxBuffer: 1 << 26 }, (error, stdout) => resolve({ error, stdout }));
  });

it('training and doctor leave the home and temporary folders empty', async () => {
  const folder = scratch();
  const { env, folders } = environment(folder);
  const trained = await run(process.execPath, [cliFile, ...trainingOf(folder)], env);
  expect(trained.stdout).toContain('"reason":"finished"');
  await run(process.execPath, [cliFile, 'doctor'], env);
  for (const each of folders) expect(readdirSync(each)).toEqual([]);
});

it('training opens no connection and writes to its run directory and devices only', async (context: TestContext) => {
  if (!hasStrace()) return context.skip('strace is required to see system calls');
  const folder = scratch();
  const { env } = environment(folder);
  const trace = path.join(folder, 'trace.txt');
  const calls =
    'trace=socket,connect,sendto,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,truncate';
  const args = ['-f', '-qq', '-y', '-s', '4096', '-o', trace, '-e', calls, process.execPath, cliFile];
  expect((await run('strace', [...args, ...trainingOf(folder)], env)).stdout).toContain('"reason":"finished"');
  const lines = readFileSync(trace, 'utf8').split('\n');
  expect(lines.filter((line) => / (socket|connect|sendto)\(/.test(line))).toEqual([]);
  const written = lines.flatMap((line) => writtenPaths(line));
  expect(written).toContain(path.join(folder, 'run', 'metrics.bin'));
  expect(written.filter((file) => !file.startsWith(path.join(folder, 'run')) && !/^\/dev\//.test(file))).toEqual([]);
});

/** The paths that a traced system call creates or opens for writing. */
function writtenPaths(line: string): string[] {
  if (/ = -1 /.test(line)) return [];
  const call = / (\w+)\(/.exec(line)?.[1] ?? '';
  if (call.startsWith('open') && !/O_(WRONLY|RDWR|CREAT)/.test(line)) return [];
  const quoted = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text);
  return quoted.map((file) => path.resolve(file));
}

function hasStrace(): boolean {
  try {
    return execFileSync('strace', ['-V'], { encoding: 'utf8' }).startsWith('strace');
  } catch {
    return false;
  }
}
