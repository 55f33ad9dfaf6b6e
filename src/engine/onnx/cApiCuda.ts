// ONNX Runtime on CUDA through its C API, with the libraries that findLibraries.ts finds. Commands are recorded as CUDA
// graphs. No machine with an NVIDIA GPU has run this yet.
import type * as Koffi from 'koffi';
import { findCudaLibraries, preloadedFiles, type FoundPackage } from '../cuda/findLibraries';
import { onnxRuntime } from '../cuda/packages';
import { DeviceError } from '../errors';
import type { Values } from '../graph/ops';
import { loadLibrary } from './cApi';
import { cApiDevice } from './cApiDevice';
import { chooseLibrary, cApiLibrary } from './cApiLibrary';
import { valueOf } from './cApiValues';
import type { DeviceMemory, Runtime, Tensor } from './runtime';

/**
 * The provider's options, as UpdateCUDAProviderOptions takes them.
 * @param records whether commands are recorded as CUDA graphs
 */
export const cudaOptions = (records: boolean): Readonly<Record<string, string>> => ({
  device_id: '0',
  enable_cuda_graph: records ? '1' : '0',
  // Products in float32, as on every other device.
  use_tf32: '0',
  // The exhaustive search measures, so that a resumed run may compute with other algorithms.
  cudnn_conv_algo_search: 'HEURISTIC',
  // Doubling the arena, as by default, may take twice the memory.
  arena_extend_strategy: 'kSameAsRequested',
});

/** Two runs of a kernel that adds in any order differ by rounding. */
const DEVIATION = 1e-4;

/** @throws DeviceError if a library is missing; if koffi is not installed, or a library does not load */
export function cApiCuda(found: readonly FoundPackage[] = findCudaLibraries()): Runtime {
  const missing = found.filter(({ files }) => files === null);
  if (missing.length > 0) {
    const message =
      `The GPU (cuda) needs libraries that are not installed (${missing.map(({ name }) => name).join(', ')}). ` +
      'Run "earthmover install cuda", or set "device" to "cpu" or "auto".';
    throw new DeviceError('device-missing', 'device', message);
  }
  const libraries = preloadedFiles(found).map(loadLibrary);
  chooseLibrary(found.find(({ name }) => name === onnxRuntime.name)!.files![0]);
  return cApiDevice({
    device: 'cuda',
    memory: ['Cuda', 1],
    deviation: DEVIATION,
    addTo: (settings, records) => {
      const { api } = cApiLibrary();
      const options = api.make(api.CreateCUDAProviderOptions);
      try {
        const [keys, values] = [Object.keys, Object.values].map((part) => api.strings(part(cudaOptions(records))));
        api.UpdateCUDAProviderOptions(options, keys.addresses, values.addresses, keys.addresses.length);
        api.SessionOptionsAppendExecutionProvider_CUDA_V2(settings, options);
      } finally {
        api.ReleaseCUDAProviderOptions(options);
      }
    },
    copy: copyBy(libraries[0]),
  });
}

/** cudaMemcpyHostToDevice and cudaMemcpyDeviceToHost. */
const [TO_DEVICE, TO_HOST] = [1, 2];

/**
 * Copies by the CUDA runtime: the sessions know no common stream, and each has ended its work when `Run` returns.
 * @param runtime libcudart
 */
export function copyBy(runtime: Koffi.LibraryHandle): DeviceMemory['copy'] {
  const copyMemory = runtime.func('cudaMemcpy', 'int', ['void *', 'void *', 'size_t', 'int']);
  const synchronize = runtime.func('cudaStreamSynchronize', 'int', ['void *']);
  const errorText = runtime.func('cudaGetErrorString', 'str', ['int']);
  const check = (status: unknown): void => {
    if (status !== 0) throw new Error(`CUDA failure ${status as number}: ${errorText(status) as string}`);
  };
  return (pairs) => {
    const { api } = cApiLibrary();
    const place = (tensor: Tensor) => api.make(api.GetTensorMutableData, valueOf(tensor));
    for (const [from, to] of pairs) {
      const [host, kind] = from.location === 'cpu' ? [from, TO_DEVICE] : [to, TO_HOST];
      check(copyMemory(place(to), place(from), (host.data as Values).byteLength, kind));
    }
    // A copy from ordinary memory may return before it has arrived, and the streams of sessions do not wait for it.
    if (pairs.length > 0) check(synchronize(null));
  };
}
