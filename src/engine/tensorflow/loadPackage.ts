// Loads TensorFlow's package for Node, which users install themselves: JavaScript from npm, and a native library.
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { DeviceError } from '../errors';
import { findTensorflow } from './findPackage';

export interface Tensorflow {
  readonly backend: { readonly isUsingGpuDevice: boolean };
  readonly versions: { readonly javascript: string; readonly native: string };
}

let loaded: Tensorflow | undefined;

/** Loads TensorFlow once per process. Without `gpu`, GPUs are hidden from it. */
export function loadTensorflow({ gpu }: { gpu: boolean }): Tensorflow {
  if (loaded) return loaded;
  const { folder, problem, todo } = findTensorflow();
  if (folder === null || problem !== null)
    throw new DeviceError('engine-missing', 'engine', `The engine "tensorflow" cannot be used: ${problem}. ${todo}`);
  // By default TensorFlow allocates all memory of the GPU and prints a banner.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (!gpu) process.env.CUDA_VISIBLE_DEVICES = '-1';
  // tfjs-node 4.22 calls it; Node 23 removed it.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  const previous = tf.getBackend();
  try {
    const module = withoutWarnings(() => createRequire(path.join(folder, 'package.json'))(folder)) as {
      version: Record<string, string>;
    };
    const backend = tf.findBackend('tensorflow') as unknown as Tensorflow['backend'] & {
      binding: { TF_Version: string };
    };
    loaded = { backend, versions: { javascript: module.version['tfjs-node'], native: backend.binding.TF_Version } };
    return loaded;
  } catch (error) {
    if (previous) void tf.setBackend(previous);
    const [line] = (error as Error).message.split('\n');
    const message =
      `The engine "tensorflow" cannot be used: its native library in ${folder} does not load (${line}). ` +
      'Reinstall it with "earthmover install tensorflow".';
    throw new DeviceError('engine-missing', 'engine', message);
  }
}

/**
 * The package contains its own TensorFlow.js, which warns about every kernel and gradient that is already registered.
 */
function withoutWarnings<T>(f: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return f();
  } finally {
    console.warn = warn;
  }
}
