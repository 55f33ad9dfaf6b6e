// ONNX Runtime's native package, through its C API or its Node binding. It is loaded on demand.
import { cApiCuda } from './cApiCuda';
import { cApiRuntime } from './cApiRuntime';
import { cApiWebgpu } from './cApiWebgpu';
import { nodeBinding } from './nodeBinding';
import type { NativeDevice, Runtime } from './runtime';

/** How the native library is called. */
export type Binding = 'c-api' | 'node';

/** Where the C API is known to give the same numbers with less memory. Elsewhere it is for those who ask for it. */
const isTried = (device: NativeDevice): boolean =>
  device === 'cpu' && process.platform === 'linux' && process.arch === 'x64';

/** For tests and comparisons, the environment variable EARTHMOVER_ONNX_BINDING chooses. */
function chosenBinding(): Binding | undefined {
  const { EARTHMOVER_ONNX_BINDING: name } = process.env;
  return name === 'c-api' || name === 'node' ? name : undefined;
}

/**
 * @param binding by default the better one for the device, if it can be loaded
 * @throws if the package is not installed, or its native library does not load
 */
export function nativeRuntime(device: NativeDevice, binding = chosenBinding()): Runtime {
  if (device === 'cuda') return cApiCuda();
  if (binding === 'node') return nodeBinding(device);
  if (binding === 'c-api') return throughCApi(device);
  if (!isTried(device)) return nodeBinding(device);
  try {
    return throughCApi(device);
  } catch {
    // Without the optional package koffi.
    return nodeBinding(device);
  }
}

const throughCApi = (device: 'cpu' | 'webgpu'): Runtime => (device === 'cpu' ? cApiRuntime() : cApiWebgpu());
