// For tests: TensorFlow.js' own backend in double precision, so that central differences are good to nine digits.
//
// The backend makes its arrays by the global name Float32Array, looked up at each call: for the time of a call it is another.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** Runs `f`, synchronously, on the backend "cpu" in float64. What it returns must be plain numbers: tensors do not outlive it. */
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
