// Device errors, with messages as observed from ONNX Runtime, Dawn and CUDA.
import { expect, it } from 'vitest';
import { DeviceError } from '../errors';
import { deviceErrorFrom, withDeviceErrors } from './runtimeErrors';

it.each([
  ['webgpu', 'Failed to get a WebGPU adapter: No supported adapters', 'device-missing'],
  ['cuda', 'Failed to load library libonnxruntime_providers_cuda.so with error: no such file', 'device-missing'],
  [
    'webgpu',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.',
    'device-memory',
  ],
  ['webgpu', 'Allocation size too large\n - While calling [Device].CreateBuffer([BufferDescriptor]).', 'device-memory'],
  ['cuda', 'CUDA failure 2: out of memory', 'device-memory'],
  ['cpu', 'std::bad_alloc', 'device-memory'],
  ['cuda', 'CUDA failure 100: no CUDA-capable device is detected', 'device-missing'],
  ['cuda', 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version', 'device-missing'],
  ['cuda', 'CUDA failure 700: an illegal memory access was encountered', 'device-lost'],
  ['webgpu', 'Failed to download data from buffer: Device was lost', 'device-lost'],
  ['webgpu', 'A valid external Instance reference no longer exists. Device is lost', 'device-lost'],
] as const)('classifies and explains the %s error: %s', (device, message, code) => {
  const failure = deviceErrorFrom(device, new Error(message));
  expect(failure).toBeInstanceOf(DeviceError);
  expect(failure).toMatchObject({ code, setting: 'device' });
  expect(failure!.message).toContain(message.split('\n')[0].replace(/\.$/, ''));
  expect(failure!.message).toMatch(
    device === 'cpu' ? /Lower batchSize/ : /"device": "cpu"|"device" to "cpu"|earthmover resume/,
  );
});

it('leaves out source files and functions', () => {
  const message =
    '/src/cuda_call.cc:154 void onnxruntime::CudaCall(int) CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=x';
  expect(deviceErrorFrom('cuda', new Error(message))!.message).toContain(
    'is not available (CUDA failure 100: no CUDA-capable device is detected).',
  );
});

it('does not change other errors', async () => {
  const error = new Error('Non-zero status code returned while running Gemm node: dimension mismatch');
  expect(deviceErrorFrom('webgpu', error)).toBeUndefined();
  await expect(withDeviceErrors('webgpu', () => Promise.reject(error))()).rejects.toBe(error);
});

it('explains the errors of a wrapped function that runs on a device', async () => {
  const out = withDeviceErrors('cuda', () => Promise.reject(new Error('CUDA failure 2: out of memory')));
  await expect(out()).rejects.toMatchObject({ code: 'device-memory' });
  await expect(withDeviceErrors('cpu', async (x: number) => x + 1)(1)).resolves.toBe(2);
});
