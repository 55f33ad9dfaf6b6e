// The embedded engine: TensorFlow.js in front, steps compiled to ONNX behind, on the CPU.
import { layers } from '@tensorflow/tfjs-layers';
import type { Engine } from '../engine';
import { registerGradients } from '../gradients';
import { ALL_PASSES, type Passes } from '../passes/optimise';
import { inLayer } from '../graph/node';
import { useBackend } from './backend';
import { compile } from './compile';
import { version } from './runtime';
import { createState } from './state';

export interface EngineOptions {
  /** Threads of ONNX Runtime; 'auto' chooses for each step by its size: one for a small one, else the cores, at most eight. */
  readonly threads?: number | 'auto';
  readonly passes?: Passes;
}

/** Opens the engine and makes its backend TensorFlow.js' current one. */
export function openOnnxEngine({ threads = 'auto', passes = ALL_PASSES }: EngineOptions = {}): Engine {
  const backend = useBackend();
  registerGradients();
  nameLayers();
  return {
    name: 'onnx',
    device: 'cpu',
    runtime: `ONNX Runtime ${version()}`,
    state: (variables) => createState(backend, variables),
    compile: (definition) => compile(backend, definition, { threads, passes }),
  };
}

let named = false;

/** Lets every node know the layer that asked for it, so that messages can name it. */
function nameLayers(): void {
  if (named) return;
  named = true;
  const { apply } = layers.Layer.prototype;
  layers.Layer.prototype.apply = function (inputs, kwargs) {
    return inLayer(this.name, () => apply.call(this, inputs, kwargs));
  };
}
