// The names of TensorFlow.js' kernels: what its own list holds, and nothing else.
import type * as names from '@tensorflow/tfjs-core/dist/kernel_names';

/** The name of a TensorFlow.js kernel, for example 'Conv2D'. */
export type KernelName = (typeof names)[keyof typeof names];
