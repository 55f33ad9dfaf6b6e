// Which binding of the native library is used.
import { afterEach, expect, it, vi } from 'vitest';
import { nativeRuntime } from './nativeRuntime';
import * as nativePackage from './nativePackage';

vi.mock('./nativePackage', { spy: true });
afterEach(() => {
  vi.mocked(nativePackage.requireKoffi).mockReset();
  vi.unstubAllEnvs();
});

const isCApi = (...args: Parameters<typeof nativeRuntime>): boolean => nativeRuntime(...args).name.endsWith(', C API');

it('is the Node binding without koffi, unless the C API is asked for', () => {
  vi.mocked(nativePackage.requireKoffi).mockImplementation(() => {
    throw new Error("Cannot find module 'koffi'");
  });
  expect(isCApi('cpu')).toBe(false);
  expect(() => nativeRuntime('cpu', 'c-api')).toThrow("Cannot find module 'koffi'");
});

it('is the C API for the CPU where it was tried, and the Node binding for a GPU', () => {
  expect(isCApi('cpu')).toBe(process.platform === 'linux' && process.arch === 'x64');
  expect(isCApi('webgpu')).toBe(false);
});

it('can be chosen by a parameter or by an environment variable', () => {
  expect([isCApi('cpu', 'c-api'), isCApi('cpu', 'node')]).toEqual([true, false]);
  vi.stubEnv('EARTHMOVER_ONNX_BINDING', 'node');
  expect(isCApi('cpu')).toBe(false);
  vi.stubEnv('EARTHMOVER_ONNX_BINDING', 'c-api');
  expect(isCApi('cpu')).toBe(true);
});
