// ONNX Runtime as WebAssembly, in Node: for platforms without a native library; several times slower.
import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-common';
import { withDeviceErrors } from './runtimeErrors';
import type { Runtime, Tensors } from './runtime';
import { createSyncWasmSessions } from './syncWasmSession';

type OrtWeb = typeof Ort;

/** @throws if the package is not installed */
export function wasmRuntime(threads: number | 'auto', cores: number): Runtime {
  // Its entry point for Node finds the .wasm file next to itself, without any download.
  const ort = createRequire(__filename)('onnxruntime-web') as OrtWeb;
  const count = threads === 'auto' ? Math.min(4, cores) : threads;
  ort.env.wasm.numThreads = count;
  ort.env.logLevel = 'fatal';
  let createSync: ReturnType<typeof createSyncWasmSessions> | undefined;
  return {
    device: 'wasm',
    name: `ONNX Runtime ${ort.env.versions.web ?? 'unknown'}, WebAssembly`,
    hasDeviceMemory: false,
    // A preallocated output is returned, but not written to.
    supportsPreallocatedOutputs: false,
    threads: count,
    tensor: (dtype, values, shape) => new ort.Tensor(dtype, values as Float32Array, [...shape]),
    createSession: withDeviceErrors('wasm', async (model) => {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
      });
      return {
        run: withDeviceErrors(
          'wasm',
          async (feeds, fetches) => (await session.run(feeds, Object.keys(fetches))) as Tensors,
        ),
        dispose: () => session.release(),
      };
    }),
    createSyncSession: (model) => {
      createSync ??= createSyncWasmSessions(
        (dtype, values, shape) => new ort.Tensor(dtype, values as Float32Array, [...shape]),
      );
      return createSync(model);
    },
  };
}
