// The embedded engine: TensorFlow.js in front, steps compiled to ONNX behind, on the device that is asked for.
import type { Device } from '../engine';
import type { Engine } from '../engine';
import { registerGradients } from '../gradients';
import { ALL_PASSES, type Passes } from '../passes/optimize';
import { patchLayers } from '../layerPatches';
import { activateBackend } from './graphBackend';
import { compileStep } from './compileStep';
import { nativeRuntime } from './nativeRuntime';
import { setEagerRuntime } from './runtime';
import { createState } from './state';
import { wasmRuntime } from './wasmRuntime';

export interface EngineOptions {
  /** Default: cpu. A device that cannot be used fails when the first step is compiled; `openEngine` looks before. */
  readonly device?: Device;
  /** What the device is, as people call it. */
  readonly adapter?: string | null;
  /** Threads of ONNX Runtime; 'auto' chooses for each step by its size: one for a small one, else the cores, at most eight. */
  readonly threads?: number | 'auto';
  readonly passes?: Passes;
}

/** Opens the engine and makes its backend TensorFlow.js' current one. Throws where its runtime cannot be loaded. */
export function openOnnxEngine({
  device = 'cpu',
  adapter = null,
  threads = 'auto',
  passes = ALL_PASSES,
}: EngineOptions = {}): Engine {
  const runtime = device === 'wasm' ? wasmRuntime(threads) : nativeRuntime(device);
  setEagerRuntime(runtime.hasDeviceMemory || device === 'cuda' ? nativeRuntime('cpu') : runtime);
  const backend = activateBackend();
  registerGradients();
  patchLayers();
  return {
    name: 'onnx',
    device,
    adapter,
    runtime: runtime.name,
    state: (variables) => createState(backend, runtime, variables),
    compile: (definition) => compileStep(backend, runtime, definition, { threads, passes }),
  };
}
