// Finds out whether CUDA can be used, in a child process: a driver that crashes ends only the child.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Adapter, ProbeResult } from '../gpuProbe';
import { noTelemetry } from '../onnx/nativePackage';
import { readableReason } from '../onnx/runtimeErrors';
import { findCudaLibraries, preloadedFiles } from './findLibraries';
import { onnxRuntime } from './packages';

const INSTALL = 'Run "earthmover install cuda".';

const NEEDS_DRIVER = 'It needs an NVIDIA GPU with the driver 580 or newer (CUDA 13).';

/**
 * Asks the driver for its first GPU with the package koffi at argv[1]. Then it loads the files of argv[2], and lets the
 * last of them, ONNX Runtime, load its CUDA provider: the functions 3, 205 and 206 of its API create its environment
 * and the provider's options, and set one.
 */
const SCRIPT = `
const koffi = require(process.argv[1]);
const end = (kind, value) => process.stdout.write('\\n' + kind + ' ' + JSON.stringify(value) + '\\n', () => process.exit(0));
const failed = (call, code) => code !== 0 && (end('driver', call + ' returned ' + code), true);
(() => {
  let driver;
  try {
    driver = koffi.load('libcuda.so.1');
  } catch {
    return end('driver', '');
  }
  const call = (name, ...types) => driver.func(name, 'int', types);
  const code = call('cuInit', 'uint')(0);
  if (code === 100) return end('gpu', '');
  if (failed('cuInit', code)) return;
  const [version, device, name] = [new Int32Array(32), new Int32Array(32), Buffer.alloc(256)];
  if (failed('cuDriverGetVersion', call('cuDriverGetVersion', 'void *')(version))) return;
  if (failed('cuDeviceGet', call('cuDeviceGet', 'void *', 'int')(device, 0))) return;
  if (failed('cuDeviceGetName', call('cuDeviceGetName', 'void *', 'int', 'int')(name, name.length, device[0]))) return;
  const tell = (problem) => end('found', { version: version[0], name: name.toString('utf8', 0, name.indexOf(0)), problem });
  try {
    const held = JSON.parse(process.argv[2]).map((file) => {
      try {
        return koffi.load(file);
      } catch (error) {
        throw new Error(file + ': ' + error.message);
      }
    });
    if (held.length === 0) return tell('');
    const [getApi] = koffi.decode(held.at(-1).func('OrtGetApiBase', 'void *', [])(), 'void *', 1);
    const table = koffi.decode(koffi.call(getApi, koffi.proto('void *', ['uint32_t']), 23), 'void *', 207);
    const bind = (index, result, ...types) => koffi.decode(table[index], koffi.proto(result, types));
    const [environment, options] = [new BigUint64Array(1), new BigUint64Array(1)];
    bind(3, 'void *', 'int', 'str', 'void *')(4, 'earthmover', environment);
    bind(205, 'void *', 'void *')(options);
    const [key, value] = ['device_id', '0'].map((text) => Buffer.from(text + '\\0'));
    const texts = [key, value].map((bytes) => BigUint64Array.of(koffi.address(bytes)));
    const status = bind(206, 'void *', 'void *', 'void *', 'void *', 'size_t')(options[0], ...texts, 1);
    tell(status === null ? '' : bind(2, 'str', 'void *')(status));
  } catch (error) {
    tell(error.message);
  }
})();
`;

interface Answer {
  /** As the driver counts: 13000 for CUDA 13.0. */
  readonly version: number;
  readonly name: string;
  /** Why the libraries do not load; '' if they do. */
  readonly problem: string;
}

/** The first GPU of the driver, if all libraries load; otherwise what is missing, and what to do. */
export async function findCuda(
  platform = `${process.platform}-${process.arch}`,
  packages = findCudaLibraries,
): Promise<ProbeResult<Adapter>> {
  if (platform !== 'linux-x64')
    return { problem: `CUDA is supported on Linux x64 only, and this is ${platform.replace('-', ' ')}`, todo: '' };
  const found = packages();
  const missing = found.filter(({ files }) => files === null);
  const runtime = found.find((one) => one.name === onnxRuntime.name)?.files ?? [];
  const answer = await askDriver(missing.length > 0 ? [] : [...preloadedFiles(found), runtime[0]]);
  if ('problem' in answer) return answer;
  const { version, name, problem } = answer.found;
  if (version < 13_000) {
    const supported = `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;
    return { problem: `the driver of ${name} supports CUDA ${supported} at most`, todo: NEEDS_DRIVER };
  }
  if (missing.length > 0) {
    const names = missing.map((one) => one.name).join(', ');
    return { problem: `${name} was found, but not the libraries that CUDA needs (${names})`, todo: INSTALL };
  }
  if (problem) return { problem: `CUDA does not work on ${name} (${readableReason(problem)})`, todo: NEEDS_DRIVER };
  return { found: { name, software: false } };
}

function askDriver(files: readonly string[]): Promise<ProbeResult<Answer>> {
  let koffi: string;
  try {
    koffi = createRequire(__filename).resolve('koffi');
  } catch {
    return Promise.resolve({ problem: 'the package koffi is not installed', todo: 'Reinstall the packages.' });
  }
  return new Promise((resolve) => {
    const args = ['-e', SCRIPT, koffi, JSON.stringify(files)];
    execFile(process.execPath, args, { timeout: 60_000, env: { ...process.env, ...noTelemetry } }, (error, stdout) => {
      const [, kind, text] = /^(found|driver|gpu) (.*)$/m.exec(stdout) ?? [];
      if (kind === 'found') return resolve({ found: JSON.parse(text) as Answer });
      const detail = text
        ? (JSON.parse(text) as string)
        : `the probe exited with ${error?.signal ?? error?.code ?? 'no answer'}`;
      if (kind === 'gpu') return resolve({ problem: 'the NVIDIA driver finds no GPU', todo: NEEDS_DRIVER });
      const problem = detail ? `the NVIDIA driver does not work (${detail})` : 'no NVIDIA driver was found';
      resolve({ problem, todo: NEEDS_DRIVER });
    });
  });
}
