// For tests: TensorFlow.js' CPU backend in double precision, so that central differences are accurate to nine digits.
// The backend looks up the global Float32Array at each call, so it can be replaced temporarily.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** Runs `f`, synchronously, on the "cpu" backend in float64. It must not return tensors, which are disposed. */
export function inFloat64<T>(f: () => T): T {
  const before = tf.getBackend();
  const single = globalThis.Float32Array;
  const { platform } = tf.env();
  const { isTypedArray } = platform;
  void tf.setBackend('cpu');
  Object.assign(globalThis, { Float32Array: Float64Array });
  platform.isTypedArray = (a): a is Float32Array => ArrayBuffer.isView(a);
  try {
    return tf.tidy(f as () => tf.TensorContainer) as T;
  } finally {
    Object.assign(globalThis, { Float32Array: single });
    platform.isTypedArray = isTypedArray;
    if (before) void tf.setBackend(before);
  }
}
