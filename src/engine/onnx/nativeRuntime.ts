// ONNX Runtime's native package, through its C API or its Node binding. It is loaded on demand.
import { cApiRuntime } from './cApiRuntime';
import { cApiWebgpu } from './cApiWebgpu';
import { nodeBinding } from './nodeBinding';
import type { NativeDevice, Runtime } from './runtime';

/** How the native library is called. */
export type Binding = 'c-api' | 'node';

/** For tests and comparisons: EARTHMOVER_ONNX_BINDING chooses. */
const chosenBinding = (): Binding => (process.env.EARTHMOVER_ONNX_BINDING === 'c-api' ? 'c-api' : 'node');

/** @throws if the package is not installed, or its native library does not load */
export function nativeRuntime(device: NativeDevice, binding: Binding = chosenBinding()): Runtime {
  if (binding === 'node' || device === 'cuda') return nodeBinding(device);
  return device === 'cpu' ? cApiRuntime() : cApiWebgpu();
}
