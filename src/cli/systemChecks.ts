// What `earthmover doctor` looks at: each check says what it found, and what to do where that is not good.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { taskWorker, prefetchWorker, trainer } from './paths';
import { type Adapter, type ProbeResult, findAdapter, findCuda } from '../engine/gpuProbe';
import { findOnnxWeb, probeOnnxRuntime, probeSharp, probeTensorflow, type TensorflowState } from './nativeProbes';
import { formatBytes, plural } from '../shared/text';

export interface CheckResult {
  /** `fail` = training cannot work; `warn` = it can, and something is worth knowing. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly text: string;
  readonly todo?: string;
}

export const systemChecks: Readonly<Record<string, () => Promise<CheckResult>>> = {
  'Node.js': async () => checkNode(process.versions.node),
  Platform: async () => checkPlatform(process.platform, process.arch, usesMusl(), findOnnxWeb()),
  'ONNX Runtime': checkOnnxRuntime,
  'GPU (webgpu)': async () => describeWebgpu(await findAdapter()),
  'GPU (cuda)': async () => describeCuda(await findCuda()),
  Threads: async () => checkThreads(os.availableParallelism()),
  sharp: checkSharp,
  TensorFlow: async () => describeTensorflow(await probeTensorflow()),
  Memory: async () => checkMemory(availableMemory()),
  Disk: checkDisk,
  'Write access': checkWriteAccess,
  Build: checkBuild,
};

export function checkNode(version: string): CheckResult {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return { level: 'ok', text: version };
  return { level: 'fail', text: `${version} is too old`, todo: 'Install Node.js 20.9 or newer: https://nodejs.org.' };
}

/** ONNX Runtime's package brings native libraries for these. */
const platforms = ['linux x64', 'linux arm64', 'win32 x64', 'win32 arm64', 'darwin arm64'];

/** @param wasm whether ONNX Runtime is there as WebAssembly, which trains everywhere, slowly */
export function checkPlatform(platform: string, arch: string, musl: boolean, wasm: boolean): CheckResult {
  const name = `${platform} ${arch}${musl ? ' with musl' : ''}`;
  if (platforms.includes(`${platform} ${arch}`) && !musl) return { level: 'ok', text: name };
  const better = musl
    ? 'a system with glibc, for example a Debian image in place of Alpine'
    : `one of: ${platforms.join(', ')}`;
  if (wasm) {
    const todo = `Training works, several times slower, with "device": "wasm", which "auto" takes here. Faster is ${better}.`;
    return { level: 'warn', text: `${name} has no native ONNX Runtime; WebAssembly computes instead`, todo };
  }
  const todo = `Train on ${better}. Linting, and looking at runs, work here.`;
  return { level: 'fail', text: `${name} has no native ONNX Runtime`, todo };
}

function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

async function checkOnnxRuntime(): Promise<CheckResult> {
  const result = await probeOnnxRuntime();
  if ('found' in result) {
    return { level: 'ok', text: `${result.found.version} computes; built in: ${result.found.backends.join(', ')}` };
  }
  return {
    level: findOnnxWeb() ? 'warn' : 'fail',
    text: result.problem,
    todo: 'Install the packages again: `npm ci` in a clone, or the extension itself. On Windows the Visual C++ runtime is needed too.',
  };
}

function checkThreads(count: number): CheckResult {
  if (count > 1) return { level: 'ok', text: plural(count, 'thread') };
  return {
    level: 'warn',
    text: '1 thread',
    todo: 'Training works, slowly: give this machine or container more cores.',
  };
}

async function checkSharp(): Promise<CheckResult> {
  const result = await probeSharp();
  if ('found' in result) return { level: 'ok', text: `${result.found.version} with libvips ${result.found.vips}` };
  const todo =
    'Sample grids and image folders need it: install again, `npm ci --include=optional` in a clone, or the extension itself.';
  return { level: 'fail', text: result.problem, todo };
}

/** No GPU is needed, so its absence is no warning; one that only a program plays is worth knowing. */
export function describeWebgpu(search: ProbeResult<Adapter>): CheckResult {
  if ('problem' in search) {
    const todo =
      "Training uses the processor. A GPU needs its maker's driver with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).";
    return { level: 'ok', text: `none: ${search.problem}`, todo };
  }
  const { name, software } = search.found;
  if (!software) return { level: 'ok', text: `${name} computes; "auto" takes it` };
  return {
    level: 'ok',
    text: `${name} only, which "auto" does not take`,
    todo: 'It computes on the processor, slower than "device": "cpu".',
  };
}

export function describeCuda(search: ProbeResult<Adapter>): CheckResult {
  if ('found' in search) {
    return {
      level: 'ok',
      text: `${search.found.name} computes (experimental)`,
      todo: 'Ask for it by "device": "cuda"; "webgpu" uses the same card and keeps the state on it.',
    };
  }
  const todo =
    'Not needed for training. It takes ONNX Runtime\'s CUDA provider library beside its own, CUDA 12 and cuDNN 9; "webgpu" needs none of them.';
  return { level: 'ok', text: `not available: ${search.problem}`, todo };
}

/** Not needed by anything that is on by default, so its absence is no warning. */
export function describeTensorflow({ version, gpu, missing, problem }: TensorflowState): CheckResult {
  if (problem !== null)
    return { level: 'ok', text: `not available: ${problem}`, todo: 'Needed for "engine": "tensorflow" alone.' };
  if (gpu) return { level: 'ok', text: `${version} computes with CUDA` };
  const why = missing.length > 0 ? `; it misses ${missing.join(', ')}` : '';
  const todo =
    'With "engine": "tensorflow" it computes on the processor. CUDA 11, cuDNN 8 and an NVIDIA GPU make it use that.';
  return { level: 'ok', text: `${version} computes; no CUDA device was found${why}`, todo };
}

/** Bytes this process may still use: the machine's, or its container's where that is less. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < os.totalmem() ? Math.min(limit, os.freemem()) : os.freemem();
}

export function checkMemory(free: number): CheckResult {
  const text = `${formatBytes(free)} free`;
  if (free >= 2 * 2 ** 30) return { level: 'ok', text };
  return {
    level: 'warn',
    text,
    todo: 'Points train in that; image networks may not. Close other programs, or lower batchSize.',
  };
}

async function checkDisk(): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(process.cwd());
  const text = `${formatBytes(bavail * bsize)} free in ${process.cwd()}`;
  if (bavail * bsize >= 2 ** 30) return { level: 'ok', text };
  const todo = 'Checkpoints of image networks take some 100 MiB each: free space, or train elsewhere with --out.';
  return { level: bavail * bsize < 16 * 2 ** 20 ? 'fail' : 'warn', text, todo };
}

async function checkWriteAccess(): Promise<CheckResult> {
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

async function checkBuild(): Promise<CheckResult> {
  const missing = [trainer, taskWorker, prefetchWorker].filter((file) => !existsSync(file));
  if (missing.length === 0) return { level: 'ok', text: 'complete' };
  return { level: 'fail', text: `${missing.join(' and ')} missing`, todo: 'Run `npm run build`.' };
}
