import type * as names from '@tensorflow/tfjs-core/dist/kernel_names';
import { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

// The names of TensorFlow.js' kernels: what its own list holds, and nothing else.
/** The name of a TensorFlow.js kernel, for example 'Conv2D'. */
export type KernelName = (typeof names)[keyof typeof names];

// Overrides the call of a class of TensorFlow.js' layers.
export type Layer = InstanceType<typeof layers.Layer>;
export type Call = Layer['call'];

/** The classes are not exported; TensorFlow.js knows them by the names that models are saved with. */
export function patchLayerCall(className: string, by: (layer: Layer, call: Call) => Call): void {
  const [layerClass] = serialization.SerializationMap.getMap().classNameMap[className];
  const { call } = layerClass.prototype as unknown as { call: Call };
  Object.assign(layerClass.prototype, {
    call(this: Layer, ...args: Parameters<Call>) {
      return by(this, (...rest) => call.apply(this, rest))(...args);
    },
  });
}
