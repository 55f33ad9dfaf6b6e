// The runtime on CUDA as far as a machine without a GPU can show it: the CUDA runtime is a library of a few lines of C,
// and device memory is that of the CPU.
import { describe, expect, it, vi } from 'vitest';
import { canCompile, cLibrary } from '../../../test/support/cLibrary';
import { environment } from '../../../test/support/environment';
import { cudaPackages } from '../cuda/packages';
import { leaf, make } from '../graph/node';
import { loadLibrary } from './cApi';
import { cApiCuda, copyBy, cudaOptions } from './cApiCuda';
import { areClose, cApiDevice, type GpuProvider } from './cApiDevice';
import { encodeModel } from './encodeModel';

describe('options', () => {
  it('compute in float32, deterministically, and record CUDA graphs', () => {
    expect(cudaOptions(true)).toEqual({
      device_id: '0',
      enable_cuda_graph: '1',
      use_tf32: '0',
      cudnn_conv_algo_search: 'HEURISTIC',
      arena_extend_strategy: 'kSameAsRequested',
    });
    expect(cudaOptions(false)).toEqual({ ...cudaOptions(true), enable_cuda_graph: '0' });
  });
});

it('says what to install', () => {
  const found = cudaPackages.map((one, i) => ({ ...one, files: i === 0 ? null : ['/x'] }));
  expect(() => cApiCuda(found)).toThrow(
    expect.objectContaining({
      code: 'device-missing',
      message:
        'The GPU (cuda) needs libraries that are not installed (onnxruntime-gpu). ' +
        'Run "earthmover install cuda", or set "device" to "cpu" or "auto".',
    }) as Error,
  );
});

describe('replays', () => {
  it('are compared by the largest number, and bit for bit where nothing may differ', () => {
    const [a, b] = [Float32Array.of(100, 1, 0), Float32Array.of(100, 1.005, 0)];
    expect([areClose(a, b, 1e-4), areClose(a, b, 1e-5), areClose(a, b, 0), areClose(a, a.slice(), 0)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(areClose(Float32Array.of(NaN, 1), Float32Array.of(0, 1), 1e-4)).toBe(false);
    expect(areClose(Float32Array.of(NaN, 1), Float32Array.of(NaN, 1), 1e-4)).toBe(true);
  });
});

describe.skipIf(!canCompile())('tensors in device memory', () => {
  /** @param status what each copy returns */
  function provider(status = 0): { provider: GpuProvider; calls: () => number[] } {
    const file = cLibrary(
      'libcudart.so.13',
      `#include <string.h>
       static int copies[3], synchronized;
       int cudaMemcpy(void *to, const void *from, size_t bytes, int kind) {
         copies[kind]++;
         memcpy(to, from, bytes);
         return ${status};
       }
       int cudaStreamSynchronize(void *stream) { synchronized++; return stream != 0; }
       const char *cudaGetErrorString(int status) { return "out of memory"; }
       int counted(int i) { return i == 0 ? synchronized : copies[i]; }`,
    );
    const runtime = loadLibrary(file);
    const counted = runtime.func('counted', 'int', ['int']);
    return {
      provider: { device: 'cuda', memory: ['Cpu', 1], deviation: 1e-4, addTo: () => {}, copy: copyBy(runtime) },
      calls: () => [0, 1, 2].map((i) => counted(i) as number),
    };
  }

  it('are copied there and back, and the device is waited for', () => {
    const { provider: cuda, calls } = provider();
    const runtime = cApiDevice(cuda);
    const memory = runtime.deviceMemory!;
    const [x, n] = [memory.tensor('float32', [2, 3]), memory.tensor('int32', [2])];
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    memory.copy([
      [runtime.tensor('float32', values, [2, 3]), x],
      [runtime.tensor('int32', Int32Array.of(7, -7), [2]), n],
    ]);
    expect(calls()).toEqual([1, 2, 0]);
    expect(memory.read([n, x]).map((array) => [...array])).toEqual([[7, -7], [...values]]);
    expect(calls()).toEqual([2, 2, 2]);
    memory.copy([]);
    expect(calls()).toEqual([2, 2, 2]);
    for (const tensor of [x, n]) tensor.dispose();
  });

  it('are read and written by a session, forth and back, with and without recordings', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    for (const recordings of ['on', 'off']) {
      environment({ EARTHMOVER_RECORDINGS: recordings });
      const runtime = cApiDevice(provider().provider);
      const memory = runtime.deviceMemory!;
      const x = leaf('x', [3], 'float32');
      const y = make('Add', [x, x], {});
      const order = [x, y];
      const model = encodeModel({ order, inputs: new Map([[x, 'x']]), outputs: new Map([['y', y]]) });
      const session = await runtime.createSession(model, { threads: 1, graphOptimizations: true });
      const places = [0, 1].map(() => memory.tensor('float32', [3]));
      memory.copy([[runtime.tensor('float32', Float32Array.of(1, 2, -3), [3]), places[0]]]);
      for (let i = 0; i < 6; i++) await session.run({ x: places[i % 2] }, { y: places[(i + 1) % 2] });
      expect([...memory.read([places[0]])[0]]).toEqual([64, 128, -192]);
      await session.dispose();
      for (const tensor of places) tensor.dispose();
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it('report a failed copy as an error of the device', () => {
    const runtime = cApiDevice(provider(2).provider);
    const memory = runtime.deviceMemory!;
    const x = memory.tensor('float32', [1]);
    const copy = () => memory.copy([[runtime.tensor('float32', Float32Array.of(1), [1]), x]]);
    expect(copy).toThrow(expect.objectContaining({ code: 'device-memory' }) as Error);
    x.dispose();
  });
});
