// Lists the kernels that a computation calls, on any backend.
import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { currentLayer } from './graph/node';

export interface TracedKernel {
  readonly kernel: string;
  readonly attributes: NamedAttrMap;
  readonly inputs: readonly Tensor[];
  /** The layer that called it; null outside of layers. */
  readonly layer: string | null;
}

/** Calls `f` and lists its kernels in the order of their calls. */
export function traceKernels<T>(f: () => T): { readonly result: T; readonly kernels: readonly TracedKernel[] } {
  const engine = tf.engine();
  const kernels: TracedKernel[] = [];
  const { runKernel } = engine;
  // An own property hides the method, and is deleted afterward.
  Object.assign(engine, {
    runKernel: (kernel: string, inputs: NamedTensorMap, attributes: NamedAttrMap = {}) => {
      kernels.push({ kernel, attributes, inputs: Object.values(inputs), layer: currentLayer() });
      return runKernel.call(engine, kernel, inputs, attributes);
    },
  });
  try {
    return { result: f(), kernels };
  } finally {
    delete (engine as Partial<typeof engine>).runKernel;
  }
}
