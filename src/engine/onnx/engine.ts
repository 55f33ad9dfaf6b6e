// The embedded engine: steps written in TensorFlow.js, compiled to ONNX, run by ONNX Runtime.
import os from 'node:os';
import type { Device } from '../engine';
import type { Engine } from '../engine';
import { registerGradients } from '../gradients';
import { ALL_PASSES, type Passes } from '../passes/optimize';
import { patchLayers } from '../layerPatches';
import { activateBackend } from './graphBackend';
import { compileStep } from './compileStep';
import { nativeRuntime, type Binding } from './nativeRuntime';
import { setEagerRuntime } from './runtime';
import { createState } from './state';
import { wasmRuntime } from './wasmRuntime';

export interface EngineOptions {
  /** Default: cpu. An unusable device fails when the first step is compiled; `openEngine` probes it first. */
  readonly device?: Device;
  /** Name of the GPU. */
  readonly adapter?: string | null;
  /** Threads of ONNX Runtime; 'auto' uses one for small steps, else one per core, at most eight. */
  readonly threads?: number | 'auto';
  /** Cores that 'auto' counts on; by default those of this machine. */
  readonly cores?: number;
  readonly passes?: Passes;
  /** How the native library is called. */
  readonly binding?: Binding;
}

/** Opens the engine and makes its backend the current one of TensorFlow.js. Throws if the runtime cannot be loaded. */
export function openOnnxEngine({
  device = 'cpu',
  adapter = null,
  threads = 'auto',
  cores = os.availableParallelism(),
  passes = ALL_PASSES,
  binding,
}: EngineOptions = {}): Engine {
  const runtime = device === 'wasm' ? wasmRuntime(threads, cores) : nativeRuntime(device, binding);
  setEagerRuntime(runtime.hasDeviceMemory ? nativeRuntime('cpu', binding) : runtime);
  const backend = activateBackend();
  registerGradients();
  patchLayers();
  return {
    name: 'onnx',
    device,
    adapter,
    runtime: runtime.name,
    state: (variables) => createState(backend, runtime, variables),
    compile: (definition) => compileStep(backend, runtime, definition, { threads, cores, passes }),
  };
}
