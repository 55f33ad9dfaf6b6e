// The checks of `earthmover doctor`: each returns what it found, and what to do if that is a problem.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { trainer, workers } from './bundlePaths';
import { findCuda } from '../engine/cuda/probe';
import { type Adapter, type ProbeResult, findAdapter } from '../engine/gpuProbe';
import { findOnnxWeb, probeOnnxRuntime, probeSharp, probeTensorflow, type TensorflowState } from './nativeProbes';
import { writeNew } from '../files/replace';
import type { CheckLevel } from '../protocol/doctor';
import { formatBytes, plural } from '../shared/text';

export interface CheckResult {
  /** `fail`: training does not work. `warn`: it works, with a limitation. `none`: something optional is missing. */
  readonly level: CheckLevel;
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

/** The package of ONNX Runtime has native libraries for these platforms. */
const platforms = ['linux x64', 'linux arm64', 'win32 x64', 'win32 arm64', 'darwin arm64'];

/** @param wasm whether the WebAssembly version of ONNX Runtime is installed, which works everywhere but is slow */
export function checkPlatform(platform: string, arch: string, musl: boolean, wasm: boolean): CheckResult {
  const name = `${platform} ${arch}${musl ? ' with musl' : ''}`;
  if (platforms.includes(`${platform} ${arch}`) && !musl) return { level: 'ok', text: name };
  const better = musl
    ? 'a system with glibc, for example a Debian image instead of Alpine'
    : `one of: ${platforms.join(', ')}`;
  if (wasm) {
    const todo = `Training works with "device": "wasm", the default here, but is several times slower. For native speed use ${better}.`;
    return { level: 'warn', text: `${name} has no native ONNX Runtime; WebAssembly is used instead`, todo };
  }
  const todo = `Train on ${better}. Linting and viewing runs work here.`;
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
    return {
      level: 'ok',
      text: `${result.found.version} works; built-in backends: ${result.found.backends.join(', ')}`,
    };
  }
  return {
    level: findOnnxWeb() ? 'warn' : 'fail',
    text: result.problem,
    todo: 'Reinstall the packages (`npm ci` in a clone) or the extension. On Windows, the Visual C++ runtime is required too.',
  };
}

function checkThreads(count: number): CheckResult {
  if (count > 1) return { level: 'ok', text: plural(count, 'thread') };
  return {
    level: 'warn',
    text: '1 thread',
    todo: 'Training works but is slow. Give this machine or container more cores.',
  };
}

async function checkSharp(): Promise<CheckResult> {
  const result = await probeSharp();
  if ('found' in result) return { level: 'ok', text: `${result.found.version} with libvips ${result.found.vips}` };
  const todo =
    'Required for sample grids and image folders. Reinstall the packages (`npm ci --include=optional` in a clone) or the extension.';
  return { level: 'fail', text: result.problem, todo };
}

/** A GPU is optional, so its absence is not a warning; nor is a software adapter one. */
export function describeWebgpu(search: ProbeResult<Adapter>): CheckResult {
  if ('problem' in search) {
    const todo =
      "Training uses the CPU. A GPU needs the vendor's driver with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).";
    return { level: 'none', text: search.problem, todo };
  }
  const { name, software } = search.found;
  if (!software) return { level: 'ok', text: `${name} works; "auto" uses it` };
  return {
    level: 'none',
    text: `only ${name}, which "auto" does not use`,
    todo: 'It runs on the CPU and is slower than "device": "cpu".',
  };
}

export function describeCuda(search: ProbeResult<Adapter>): CheckResult {
  if ('found' in search) {
    return {
      level: 'ok',
      text: `${search.found.name} works (experimental)`,
      todo: 'Select it with "device": "cuda"; "auto" uses the same GPU through WebGPU.',
    };
  }
  const todo = `Not required for training. ${search.todo ?? ''}`.trim();
  return { level: 'none', text: search.problem, todo };
}

/** Not used by default, so its absence is not a warning. */
export function describeTensorflow({ version, gpu, missing, problem, todo: install }: TensorflowState): CheckResult {
  if (problem !== null)
    return { level: 'none', text: problem, todo: `Only needed for "engine": "tensorflow". ${install}`.trim() };
  if (gpu) return { level: 'ok', text: `${version} works with CUDA` };
  const details = missing.length > 0 ? ` (missing: ${missing.join(', ')})` : '';
  const todo = '"engine": "tensorflow" uses the CPU. For the GPU it needs CUDA 11, cuDNN 8 and an NVIDIA GPU.';
  return { level: 'ok', text: `${version} works; no CUDA device found${details}`, todo };
}

/** Free memory in bytes, of the machine or of its container, whichever is less. */
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
    todo: 'Enough for points, but perhaps not for images. Close other programs, or reduce batchSize.',
  };
}

async function checkDisk(): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(process.cwd());
  const text = `${formatBytes(bavail * bsize)} free in ${process.cwd()}`;
  if (bavail * bsize >= 2 ** 30) return { level: 'ok', text };
  const todo =
    'Checkpoints of image networks take up about 100 MiB each. Free some space, or write to another disk with --out.';
  return { level: bavail * bsize < 16 * 2 ** 20 ? 'fail' : 'warn', text, todo };
}

async function checkWriteAccess(): Promise<CheckResult> {
  try {
    const folder = await mkdtemp(path.join(process.cwd(), '.earthmover-doctor-'));
    try {
      writeNew(path.join(folder, 'test'), 'written');
    } finally {
      await rm(folder, { recursive: true });
    }
    return { level: 'ok', text: 'runs can be written to this folder' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const todo = 'Change to a folder that you can write to, or specify one: earthmover train FILE --out DIR.';
    return { level: 'warn', text: `cannot write to ${process.cwd()} (${code})`, todo };
  }
}

async function checkBuild(): Promise<CheckResult> {
  const missing = [trainer, ...Object.values(workers)].filter((file) => !existsSync(file));
  if (missing.length === 0) return { level: 'ok', text: 'complete' };
  return { level: 'fail', text: `${missing.join(' and ')} missing`, todo: 'Run `npm run build`.' };
}
