// ONNX Runtime through the Node binding of its native package, on the CPU or a GPU.
import type * as Ort from 'onnxruntime-node';
import { LOG_FATAL, loadNativePackage } from './nativePackage';
import { withDeviceErrors } from './runtimeErrors';
import type { Fetches, NativeDevice, Runtime, SessionOptions, Tensors } from './runtime';
import { yieldToEventLoop } from './yieldToEventLoop';

/** The binding does not pass the options that CUDA needs. */
type BindingDevice = Exclude<NativeDevice, 'cuda'>;

/** @throws if the package is not installed, or its native library does not load */
export function nodeBinding(device: BindingDevice): Runtime {
  const { ort, binding: privateBinding } = loadNativePackage();
  // The private binding, because the public `run` waits for the event loop at each call and has quadratic checks of
  // names.
  const { binding, initOrt } = privateBinding;
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
    // One thread is enough to feed a GPU.
    ...(device === 'cpu' ? {} : { threads: 1 }),
    tensor: (dtype, values, shape) => new ort.Tensor(dtype, values as Float32Array, [...shape]),
    createSession: withDeviceErrors(device, async (model, options) => {
      const outputLocation = hasDeviceMemory ? ({ preferredOutputLocation: 'gpu-buffer' } as const) : {};
      const session = load(model, { ...stepOptions(device, options), ...outputLocation });
      return {
        run: withDeviceErrors(device, async (feeds, fetches) => {
          await yieldToEventLoop();
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

const stepOptions = (
  device: BindingDevice,
  { threads, graphOptimizations }: SessionOptions,
): Ort.InferenceSession.SessionOptions => ({
  // WebGPU checks each command, which takes half of the host's time. The first session of a process decides for all;
  // `earthmover doctor` computes in a process of its own, with the checks (gpuProbe.ts).
  executionProviders: [device === 'webgpu' ? { name: device, validationMode: 'disabled' } : device],
  graphOptimizationLevel: graphOptimizations ? 'all' : 'disabled',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: LOG_FATAL,
  // Memory patterns double the memory of a run and are not faster.
  enableMemPattern: false,
  // Otherwise the threads of an idle session keep spinning on cores that the next session needs.
  extra: {
    session: { force_spinning_stop: '1' },
    // WebGPU ignores some paddings of Conv that this optimizer creates (passes/webgpuWorkarounds.ts).
    ...(device === 'webgpu' ? { optimization: { disable_specified_optimizers: 'Pad_Fusion' } } : {}),
  },
});

/** Graph optimizations do not pay off for a read. */
const readOptions = (device: BindingDevice): Ort.InferenceSession.SessionOptions =>
  stepOptions(device, { threads: 1, graphOptimizations: false });
