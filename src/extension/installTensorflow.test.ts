// Installing the optional engine: asks first, shows the download size, and explains what is missing.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import * as editor from '../../test/support/vscode';
import { scratch } from '../../test/fixtures/run/scratch';
import { installTensorflow } from './installTensorflow';

vi.mock('vscode', () => import('../../test/support/vscode'));

const root = scratch();
const storage = () => path.join(root(), 'storage');
const calls = () => fs.readFileSync(path.join(root(), 'calls.txt'), 'utf8').trim().split('\n');

/** A command line that records its arguments and folder, and prints events like the real one. */
const cli = (code: number) => `
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(path.join(root(), 'calls.txt'))}, [...process.argv.slice(2), process.env.EARTHMOVER_PACKAGES === process.cwd()].join(' ') + '\\n');
const say = (event) => console.log(JSON.stringify(event));
if (process.argv.includes('--yes')) say({ event: 'download', file: 'lib.tar.gz', done: 2 ** 20, total: 300 * 2 ** 20 });
else ['library', 'addon'].forEach((title, i) => say({ event: 'part', title, url: 'https://example.org/' + title, size: (300 - 299 * i) * 2 ** 20, folder: 'x' }));
if (${code}) console.error('error  There is no library for this machine.');
process.exitCode = ${code};
`;

function installing(code = 0) {
  fs.writeFileSync(path.join(root(), 'cli.cjs'), cli(code));
  const context = { globalStorageUri: editor.Uri.file(storage()), asAbsolutePath: () => path.join(root(), 'cli.cjs') };
  return installTensorflow(context as never, { info: () => {} } as never);
}

/** Creates the package as npm would have installed it. */
const present = () => {
  const folder = path.join(storage(), 'packages/node_modules/@tensorflow/tfjs-node-gpu');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{}');
};

beforeEach(() => {
  editor.window.shown.length = 0;
  editor.window.progress.length = 0;
  editor.window.answers.length = 0;
});

it('asks with the download size, installs into its own folder, and shows progress', async () => {
  present();
  editor.window.answers.push('Install');
  await installing();
  expect(calls()).toEqual(['install tensorflow --json true', 'install tensorflow --json --yes true']);
  expect(editor.window.shown).toEqual([
    'Download TensorFlow (301 MB)?',
    expect.stringMatching(/TensorFlow is installed/),
  ]);
  expect(editor.window.progress).toEqual(['lib.tar.gz: 1.0 MB of 300 MB']);
});

it('downloads nothing without confirmation', async () => {
  await installing();
  expect(editor.window.shown).toEqual(['Install tfjs-node (TensorFlow for Node.js)?']);
  present();
  await installing();
  expect(calls()).toEqual(['install tensorflow --json true']);
  expect(editor.window.shown).toHaveLength(2);
});

it('installs the package with npm if it is missing, and explains a missing npm', async () => {
  vi.stubEnv('PATH', path.join(root(), 'nowhere'));
  editor.window.answers.push('Install');
  await expect(installing()).rejects.toThrow(/npm could not install TensorFlow .*ENOENT.*must be on the PATH/);
  vi.unstubAllEnvs();
});

it.skipIf(process.platform === 'win32')('runs no install scripts of the package', async () => {
  const npm = path.join(root(), 'bin', 'npm');
  fs.mkdirSync(path.dirname(npm));
  const target = 'node_modules/@tensorflow/tfjs-node-gpu';
  fs.writeFileSync(npm, `#!/bin/sh\necho "$@" > asked.txt\nmkdir -p ${target}\necho '{}' > ${target}/package.json\n`, {
    mode: 0o755,
  });
  vi.stubEnv('PATH', `${path.dirname(npm)}:${process.env.PATH}`);
  editor.window.answers.push('Install', 'Install');
  await installing();
  vi.unstubAllEnvs();
  const asked = fs.readFileSync(path.join(storage(), 'packages', 'asked.txt'), 'utf8');
  expect(asked).toBe('install --ignore-scripts --no-audit --no-fund @tensorflow/tfjs-node-gpu@4.22.0\n');
  expect(JSON.parse(fs.readFileSync(path.join(storage(), 'packages', 'package.json'), 'utf8'))).toEqual({
    private: true,
  });
  expect(calls()).toHaveLength(2);
});

it('reports the error of the CLI', async () => {
  present();
  await expect(installing(1)).rejects.toThrow('There is no library for this machine.');
  expect(editor.window.shown).toEqual([]);
});
