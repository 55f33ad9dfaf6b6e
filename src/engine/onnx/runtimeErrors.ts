// Translates errors of ONNX Runtime and its devices into errors that say what to do.
import { DeviceError } from '../errors';
import type { Device } from '../engine';

/** Patterns in messages of ONNX Runtime, Dawn (WebGPU) and CUDA. */
const memory =
  /out of memory|failed to allocate|bad_alloc|allocation size too large|invalid buffer|OOM|exceeds the max(imum)? .*buffer/i;
const lost =
  /device (is |has been |was )?lost|instance (was )?dropped|failed to download data from buffer|illegal memory access|unspecified launch failure/i;
const missing =
  /failed to get a webgpu (adapter|device)|no supported adapters|libonnxruntime_providers_cuda|onnxruntime_providers_cuda\.dll|cudnn|cublas|libcuda|no CUDA-capable device|driver version is insufficient|CUDA failure (35|36|100|999)\b/i;

const titles: { readonly [D in Device]: string } = {
  cpu: 'The CPU',
  webgpu: 'The GPU (webgpu)',
  wasm: 'WebAssembly',
  cuda: 'The GPU (cuda)',
};

/** The error with what to do; undefined if it is not an error of the device. */
export function deviceErrorFrom(device: Device, error: unknown): DeviceError | undefined {
  const original = error instanceof Error ? error.message : String(error);
  const detail = ` (${readableReason(original)})`;
  if (missing.test(original) && device !== 'cpu') {
    return new DeviceError(
      'device-missing',
      'device',
      `${titles[device]} is not available${detail}. ` +
        'Set "device" to "cpu" or "auto"; `earthmover doctor` shows what is missing.',
    );
  }
  if (lost.test(original)) {
    return new DeviceError(
      'device-lost',
      'device',
      `${titles[device]} was lost during training${detail}: ` +
        'the driver was reset, the machine went to sleep, or the GPU was removed. `earthmover resume` continues from ' +
        'the last checkpoint; if it happens again, train with "device": "cpu".',
    );
  }
  if (memory.test(original)) {
    const elsewhere = device === 'cpu' ? '' : ', or train with "device": "cpu"';
    return new DeviceError(
      'device-memory',
      'device',
      `${titles[device]} does not have enough memory for this experiment${detail}. ` +
        `Lower batchSize or the width of the networks, close other programs that use it${elsewhere}.`,
    );
  }
  return undefined;
}

/** Wraps a function that runs on a device, so that its errors say what to do. */
export const withDeviceErrors =
  <A extends unknown[], R>(device: Device, f: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) =>
  async (...args) => {
    try {
      return await f(...args);
    } catch (error) {
      throw deviceErrorFrom(device, error) ?? error;
    }
  };

/** The same for a function that does not wait. */
export const withSyncDeviceErrors =
  <A extends unknown[], R>(device: Device, f: (...args: A) => R): ((...args: A) => R) =>
  (...args) => {
    try {
      return f(...args);
    } catch (error) {
      throw deviceErrorFrom(device, error) ?? error;
    }
  };

/** The readable part of a message of ONNX Runtime, which puts its source files and functions in front. */
export function readableReason(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? '';
  const [known = line] = /CUDA failure \d+: [^;]*|Failed to load library .*/.exec(line) ?? [];
  return known.length > 300 ? `${known.slice(0, 300)}...` : known.trim().replace(/\.$/, '');
}
