// What a device says when it gives up, in words that tell what to do.
import { DeviceError } from '../errors';
import type { Device } from '../engine';

/** Patterns of the messages of ONNX Runtime, Dawn (WebGPU) and CUDA. */
const memory =
  /out of memory|failed to allocate|bad_alloc|allocation size too large|invalid buffer|OOM|exceeds the max(imum)? .*buffer/i;
const lost =
  /device (is |has been |was )?lost|instance (was )?dropped|failed to download data from buffer|illegal memory access|unspecified launch failure/i;
const missing =
  /failed to get a webgpu (adapter|device)|no supported adapters|libonnxruntime_providers_cuda|onnxruntime_providers_cuda\.dll|cudnn|cublas|libcuda/i;

const titles: { readonly [D in Device]: string } = {
  cpu: 'The processor',
  webgpu: 'The GPU (webgpu)',
  wasm: 'WebAssembly',
  cuda: 'The GPU (cuda)',
};

/** The error as its user can act on it; undefined where the device is not to blame. */
export function deviceErrorFrom(device: Device, error: unknown): DeviceError | undefined {
  const said = error instanceof Error ? error.message : String(error);
  const detail = ` (${firstLine(said)})`;
  if (missing.test(said) && device !== 'cpu') {
    return new DeviceError(
      'device-missing',
      'device',
      `${titles[device]} cannot be used here${detail}. ` +
        'Write "device": "cpu" or "auto"; `earthmover doctor` says what is missing.',
    );
  }
  if (lost.test(said)) {
    return new DeviceError(
      'device-lost',
      'device',
      `${titles[device]} was lost while it computed${detail}: ` +
        'its driver was reset, or it went to sleep or was taken away. `earthmover resume` goes on from the last checkpoint; ' +
        'if it happens again, train with "device": "cpu".',
    );
  }
  if (memory.test(said)) {
    const elsewhere = device === 'cpu' ? '' : ', or train with "device": "cpu"';
    return new DeviceError(
      'device-memory',
      'device',
      `${titles[device]} has not enough memory for this experiment${detail}. ` +
        `Lower batchSize or the width of the networks, close what else uses it${elsewhere}.`,
    );
  }
  return undefined;
}

/** Wraps what runs on a device, so that its failures say what to do. */
export const withDeviceErrors =
  <A extends unknown[], R>(device: Device, f: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) =>
  async (...args) => {
    try {
      return await f(...args);
    } catch (error) {
      throw deviceErrorFrom(device, error) ?? error;
    }
  };

const firstLine = (text: string): string => {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}...` : line.trim().replace(/\.$/, '');
};
