// What `earthmover doctor` looks at: each check says what it found, and what to do where that is not good.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dataWorker, trainer } from './paths';
import { findTensorflowGpu, probeOnnxRuntime, probeSharp } from './probe';
import { bytes, plural } from './text';

export interface Finding {
  /** `fail` = training cannot work; `warn` = it can, and something is worth knowing. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly text: string;
  readonly todo?: string;
}

export const checks: Readonly<Record<string, () => Promise<Finding>>> = {
  'Node.js': async () => nodeFinding(process.versions.node),
  Platform: async () => platformFinding(process.platform, process.arch, usesMusl()),
  'ONNX Runtime': onnxRuntime,
  Threads: async () => threads(os.availableParallelism()),
  sharp,
  TensorFlow: async () => tensorflow(findTensorflowGpu()),
  Memory: async () => memory(available()),
  Disk: disk,
  'Write access': writeAccess,
  Build: build,
};

export function nodeFinding(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return { level: 'ok', text: version };
  return { level: 'fail', text: `${version} is too old`, todo: 'Install Node.js 20.9 or newer: https://nodejs.org.' };
}

/** ONNX Runtime's package brings native libraries for these. */
const platforms = ['linux x64', 'linux arm64', 'win32 x64', 'win32 arm64', 'darwin arm64'];

export function platformFinding(platform: string, arch: string, musl: boolean): Finding {
  const name = `${platform} ${arch}`;
  if (!platforms.includes(name)) {
    const todo = `Train on one of: ${platforms.join(', ')}. Linting, and looking at runs, work here.`;
    return { level: 'fail', text: `${name} has no native ONNX Runtime`, todo };
  }
  if (!musl) return { level: 'ok', text: name };
  const todo = 'Use a system with glibc, for example a Debian image in place of Alpine.';
  return { level: 'fail', text: `${name} with musl has no native ONNX Runtime`, todo };
}

function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

async function onnxRuntime(): Promise<Finding> {
  const result = await probeOnnxRuntime();
  if ('found' in result) {
    return { level: 'ok', text: `${result.found.version} computes; built in: ${result.found.backends.join(', ')}` };
  }
  return {
    level: 'fail',
    text: result.problem,
    todo: 'Install the packages again: `npm ci` in a clone, or the extension itself. On Windows the Visual C++ runtime is needed too.',
  };
}

function threads(count: number): Finding {
  if (count > 1) return { level: 'ok', text: plural(count, 'thread') };
  return {
    level: 'warn',
    text: '1 thread',
    todo: 'Training works, slowly: give this machine or container more cores.',
  };
}

async function sharp(): Promise<Finding> {
  const result = await probeSharp();
  if ('found' in result) return { level: 'ok', text: `${result.found.version} with libvips ${result.found.vips}` };
  const todo =
    'Sample grids and image folders need it: install again, `npm ci --include=optional` in a clone, or the extension itself.';
  return { level: 'fail', text: result.problem, todo };
}

/** Not needed by anything that is on by default, so its absence is no warning. */
function tensorflow({ javascript, native }: { javascript: boolean; native: boolean }): Finding {
  if (native) return { level: 'ok', text: 'tfjs-node-gpu with its native library' };
  const todo =
    'Not needed for training; its own notes say how to build it: node_modules/@tensorflow/tfjs-node-gpu/README.md.';
  if (javascript)
    return { level: 'ok', text: 'tfjs-node-gpu, JavaScript only; its native library (CUDA 11) is absent', todo };
  return { level: 'ok', text: 'tfjs-node-gpu is not installed', todo: 'Not needed for training.' };
}

/** Bytes this process may still use: the machine's, or its container's where that is less. */
function available(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < os.totalmem() ? Math.min(limit, os.freemem()) : os.freemem();
}

export function memory(free: number): Finding {
  const text = `${bytes(free)} free`;
  if (free >= 2 * 2 ** 30) return { level: 'ok', text };
  return {
    level: 'warn',
    text,
    todo: 'Points train in that; image networks may not. Close other programs, or lower batchSize.',
  };
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(process.cwd());
  const text = `${bytes(bavail * bsize)} free in ${process.cwd()}`;
  if (bavail * bsize >= 2 ** 30) return { level: 'ok', text };
  const todo = 'Checkpoints of image networks take some 100 MiB each: free space, or train elsewhere with --out.';
  return { level: bavail * bsize < 16 * 2 ** 20 ? 'fail' : 'warn', text, todo };
}

async function writeAccess(): Promise<Finding> {
  try {
    const folder = await mkdtemp(path.join(process.cwd(), '.earthmover-doctor-'));
    try {
      await writeFile(path.join(folder, 'test'), 'written');
    } finally {
      await rm(folder, { recursive: true });
    }
    return { level: 'ok', text: 'runs can be written here' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const todo = 'Go to a folder of your own, or name one: earthmover train FILE --out DIR.';
    return { level: 'warn', text: `${process.cwd()} cannot be written (${code})`, todo };
  }
}

async function build(): Promise<Finding> {
  const missing = [trainer, dataWorker].filter((file) => !existsSync(file));
  if (missing.length === 0) return { level: 'ok', text: 'complete' };
  return { level: 'fail', text: `${missing.join(' and ')} missing`, todo: 'Run `npm run build`.' };
}
