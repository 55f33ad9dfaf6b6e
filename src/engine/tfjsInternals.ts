// What Earthmover uses of TensorFlow.js beyond its public interface: the names of its kernels, and the classes of its
// layers.
import { serialization } from '@tensorflow/tfjs-core';
import type * as names from '@tensorflow/tfjs-core/dist/kernel_names';
import type { layers } from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-layers';

/** The name of a TensorFlow.js kernel, for example 'Conv2D'. */
export type KernelName = (typeof names)[keyof typeof names];

type Layer = InstanceType<typeof layers.Layer>;
type Call = Layer['call'];

/**
 * Replaces `call` of a layer class. Layer classes are not exported; they are found by the name they are serialized
 * under.
 */
export function patchLayerCall(className: string, patch: (layer: Layer, call: Call) => Call): void {
  const [layerClass] = serialization.SerializationMap.getMap().classNameMap[className];
  const { call } = layerClass.prototype as unknown as { call: Call };
  Object.assign(layerClass.prototype, {
    call(this: Layer, ...args: Parameters<Call>) {
      return patch(this, (...rest) => call.apply(this, rest))(...args);
    },
  });
}

/** Classes of TensorFlow.js (layers, regularizers ...), listed before a user's model file can register others. */
const builtIn = new Set<unknown>(
  Object.values(serialization.SerializationMap.getMap().classNameMap).map(([layerClass]) => layerClass),
);

/** Whether a layer is of a class of TensorFlow.js. */
export const isBuiltIn = (layer: Layer): boolean => builtIn.has(layer.constructor);

/** Whether a layer runs only code of TensorFlow.js: no method, hook, loss, activation or constraint of its own. */
export const runsOnlyBuiltInCode = (layer: Layer): boolean => isBuiltIn(layer) && !parts(layer).some(isOwnCode);

const parts = (owner: object): unknown[] => Object.values(owner).flat();

const isOwnCode = (part: unknown): boolean =>
  typeof part === 'function' ||
  (part instanceof serialization.Serializable &&
    (!builtIn.has(part.constructor) || parts(part).some((inner) => typeof inner === 'function')));
