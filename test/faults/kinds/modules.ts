// Modules of the user that misbehave: the end is told truthfully, in bounded time, and is never called a bug.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../../support/tinyRuns';
import { type FaultKind, must } from '../faultKind';
import { mustEndWell } from '../sandbox';

const dense = 'tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] })';

/** The body of `build`, or a whole module, and the exit codes that are right. */
const modules: Readonly<Record<string, { readonly code: string; readonly ends: readonly number[] }>> = {
  'never settles': { code: 'export async function build() { await new Promise(() => {}); }', ends: [2, 3] },
  'exits when loaded': { code: 'process.exit(0);', ends: [2, 3] },
  'exits in build': { code: 'export function build() { process.exit(0); }', ends: [2, 3] },
  'exits in a timer': {
    code: `setTimeout(() => process.exit(0), 400); export function build() { return ${dense}; }`,
    ends: [3],
  },
  'throws in a timer': {
    code: `setTimeout(() => { throw new Error('late'); }, 400); export function build() { return ${dense}; }`,
    ends: [3],
  },
  'rejects late': {
    code: `setTimeout(() => void Promise.reject(new Error('late')), 400); export function build() { return ${dense}; }`,
    ends: [3],
  },
  'throws a string': { code: "export function build() { throw 'no'; }", ends: [2] },
  'throws null': { code: 'export function build() { throw null; }', ends: [2] },
  'throws what cannot be printed': {
    code: 'export function build() { throw { toString() { throw new Error("no"); } }; }',
    ends: [2],
  },
  'has a throwing getter': {
    code: 'exports.build = undefined; Object.defineProperty(exports, "build", { enumerable: true, get() { throw new Error("no"); } });',
    ends: [2],
  },
  'exports a number': { code: 'export const build = 42;', ends: [2] },
  'exports nothing': { code: 'export {};', ends: [2] },
  'returns null': { code: 'export function build() { return null; }', ends: [2] },
  'returns a promise of nothing': { code: 'export async function build() {}', ends: [2] },
  'has a syntax error': { code: 'export function build( {', ends: [2] },
  'imports what is not there': { code: "import './missing'; export function build() {}", ends: [2] },
  'requires what is not installed': { code: "const x = require('left-pad-2'); exports.build = () => x;", ends: [2] },
  'writes to stdout': {
    code: `process.stdout.write('{"event":"end"'); console.log('hello'); export function build() { return ${dense}; }`,
    ends: [0],
  },
  'is frozen': { code: `export function build() { const m = ${dense}; m.trainable = false; return m; }`, ends: [0, 2] },
  'has two layers of one name': {
    code: "export function build() { return tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [2], name: 'a' }), tf.layers.dense({ units: 2, name: 'a' })] }); }",
    ends: [0, 2],
  },
  'has the wrong output shape': {
    code: 'export function build() { return tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] }); }',
    ends: [2],
  },
  'has the wrong input shape': {
    code: 'export function build() { return tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [5] })] }); }',
    ends: [2],
  },
  'has no layers': { code: 'export function build() { return tf.sequential(); }', ends: [2] },
  'replaces Math.random': {
    code: `Math.random = () => { throw new Error('no'); }; export function build() { return ${dense}; }`,
    ends: [0, 2, 3],
  },
  'changes prototypes': {
    code: `Array.prototype.extra = 1; Object.prototype.more = 2; export function build() { return ${dense}; }`,
    ends: [0, 2, 3],
  },
  'changes the working directory': {
    code: `process.chdir('/'); export function build() { return ${dense}; }`,
    ends: [0],
  },
  'removes signal handlers': {
    code: `process.removeAllListeners(); export function build() { return ${dense}; }`,
    ends: [0, 3],
  },
  'allocates a gigabyte': {
    code: `const keep = []; for (let i = 0; i < 8; i++) keep.push(new Float64Array(1 << 20)); export function build() { return ${dense}; }`,
    ends: [0],
  },
  'recurses forever': { code: 'export function build() { return build(); }', ends: [2] },
  'kills itself softly, and trains': {
    code: `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 1500); export function build() { return ${dense}; }`,
    ends: [130],
  },
  'sets an exit code': { code: `process.exitCode = 5; export function build() { return ${dense}; }`, ends: [0] },
  'disposes its model': { code: `export function build() { const m = ${dense}; m.dispose(); return m; }`, ends: [2] },
  'is a shared model': { code: `const m = ${dense}; export const build = () => m;`, ends: [0, 2] },
};

export const badModules: FaultKind = {
  id: 'module',
  title: 'modules of the user: never settle, exit, throw late, wrong shapes, wrong exports',
  trials: { short: 6, long: Object.keys(modules).length },
  run: async ({ number, sandbox }) => {
    const names = Object.keys(modules);
    const name = names[(number * 7) % names.length];
    const { code, ends } = modules[name];
    const head = code.includes('exports.') ? '' : "import * as tf from '@tensorflow/tfjs';\n";
    writeFileSync(sandbox.work('build.ts'), `${head}${code}\n`);
    // Long enough for what happens after a timer.
    const changes = { generator: { module: './build.ts', export: 'build' }, steps: ends.includes(0) ? 30 : 4000 };
    const run = sandbox.work('run');
    const args = ['train', experiment(sandbox.work(), changes), '--out', run, '--json'];
    const ended = await sandbox.start(args, { limit: 90 }).ended;
    try {
      mustEndWell(args, ended);
      must(ends.includes(ended.code!), `ended with ${ended.code} instead of ${ends.join(' or ')}: ${ended.stderr}`);
      const status = sandbox.work('run', 'status.json');
      if (existsSync(status)) {
        const { state } = JSON.parse(readFileSync(status, 'utf8')) as { state: string };
        must(!['running', 'starting'].includes(state), `the status still says ${state}`);
        must(ended.stdout.includes('"event":"end"'), 'there is no end event');
      }
      for (const line of ended.stdout.split('\n').slice(0, -1)) JSON.parse(line);
    } catch (error) {
      throw new Error(`a module that ${name}: ${(error as Error).message}`, { cause: error });
    }
  },
};

export const busyModules: FaultKind = {
  id: 'busy',
  title: 'Ctrl-C twice, or SIGTERM, while a module loops forever: ended within a second or so',
  trials: { short: 2, long: 6 },
  unavailable: () => (process.platform === 'win32' ? 'Windows has no signals' : null),
  run: async ({ number, sandbox }) => {
    writeFileSync(sandbox.work('build.ts'), 'export function build() { for (;;); }\n');
    const changes = { generator: { module: './build.ts', export: 'build' } };
    const training = sandbox.start(['train', experiment(sandbox.work(), changes), '--out', 'run']);
    await sleep(2500);
    const isKey = number % 2 === 0;
    if (isKey) {
      training.child.kill('SIGINT');
      await sleep(1000);
    }
    const pressed = performance.now();
    training.child.kill(isKey ? 'SIGINT' : 'SIGTERM');
    await training.ended;
    // A second on an idle machine; tests share it with others.
    const seconds = (performance.now() - pressed) / 1000;
    must(seconds < 10, `it ended ${seconds.toFixed(1)} s after the ${isKey ? 'second Ctrl-C' : 'SIGTERM'}`);
  },
};
