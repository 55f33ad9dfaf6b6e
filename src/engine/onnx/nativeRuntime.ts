// ONNX Runtime's native package, on the processor or a GPU. Nothing of it is loaded before it is asked for.
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import type * as Ort from 'onnxruntime-node';
import type * as Binding from 'onnxruntime-node/dist/binding.js';
import { withDeviceErrors } from './runtimeErrors';
import type { Fetches, Runtime, SessionOptions, Tensors } from './runtime';

export type NativeDevice = 'cpu' | 'webgpu' | 'cuda';

/** A session says nothing of its own: its errors are thrown as well. */
const SILENT = 4;

/** @throws where the package is not installed, or has no library that runs here */
export function nativeRuntime(device: NativeDevice): Runtime {
  const find = createRequire(__filename);
  const ort = find('onnxruntime-node') as typeof Ort;
  // Its own binding: the public `run` waits for the event loop every time, and compares every name with every other.
  const { binding, initOrt } = find('onnxruntime-node/dist/binding.js') as typeof Binding;
  const load = (model: Uint8Array, options: Ort.InferenceSession.SessionOptions) => {
    initOrt();
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options);
    return {
      run: (feeds: Tensors, fetches: Fetches) => session.run(feeds, fetches, {}) as Tensors,
      dispose: () => session.dispose(),
    };
  };
  const hasDeviceMemory = device === 'webgpu';
  return {
    device,
    name: `ONNX Runtime ${ort.env.versions.node ?? 'unknown'}`,
    hasDeviceMemory,
    supportsPreallocatedOutputs: !hasDeviceMemory,
    // A GPU is fed by one thread.
    ...(device === 'cpu' ? {} : { threads: 1 }),
    tensor: (dtype, values, shape) => new ort.Tensor(dtype, values as Float32Array, [...shape]),
    createSession: withDeviceErrors(device, async (model, options) => {
      const stay = hasDeviceMemory ? ({ preferredOutputLocation: 'gpu-buffer' } as const) : {};
      const session = load(model, { ...stepOptions(device, options), ...stay });
      return {
        run: withDeviceErrors(device, async (feeds, fetches) => {
          await breathe();
          return session.run(feeds, fetches);
        }),
        dispose: async () => session.dispose(),
      };
    }),
    createSyncSession: (model) => {
      const session = load(model, readOptions(device));
      return {
        run: (feeds, fetches) => session.run(feeds, Object.fromEntries(fetches.map((f) => [f, null]))),
        dispose: () => session.dispose(),
      };
    },
  };
}

/** Milliseconds for which signals and threads wait at most, beyond the end of a run. */
const BREATHE_EVERY = 20;
let breathed = 0;

/** Lets the event loop turn now and then: a run holds it, and a Ctrl-C must be heard within a step of many updates. */
async function breathe(): Promise<void> {
  if (performance.now() - breathed < BREATHE_EVERY) return;
  await turn();
  breathed = performance.now();
}

const stepOptions = (device: NativeDevice, { threads }: SessionOptions): Ort.InferenceSession.SessionOptions => ({
  executionProviders: [device],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: SILENT,
  // A pattern that was traced takes as much memory again as the run that it was traced in, and is not faster.
  enableMemPattern: false,
  // Without it the threads of a session that is idle keep spinning on cores that the next session needs.
  extra: { session: { force_spinning_stop: '1' } },
});

/** Optimizations cost time at creation: worth it for a step, not for a read. */
const readOptions = (device: NativeDevice): Ort.InferenceSession.SessionOptions => ({
  ...stepOptions(device, { threads: 1 }),
  graphOptimizationLevel: 'disabled',
});
