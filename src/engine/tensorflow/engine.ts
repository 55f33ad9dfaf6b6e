// The tensorflow engine: runs the same steps eagerly with TensorFlow.
import * as tf from '@tensorflow/tfjs-core';
import { DeviceError } from '../errors';
import type { Device } from '../engine';
import type { Arrays, Engine, State, Step, StepDefinition } from '../engine';
import { registerGradients } from '../gradients';
import { sizeOf } from '../graph/shapes';
import { patchLayers } from '../layerPatches';
import { fillNoise, withNoiseSource, type Draw, type NoiseKey } from '../noise/source';
import { loadTensorflow } from './loadPackage';

export type TensorflowDevice = Extract<Device, 'cpu' | 'cuda'>;

/**
 * Loads TensorFlow and makes it the current backend of TensorFlow.js.
 * @throws DeviceError if its package, its native library, or a GPU that was asked for is missing
 */
export function openTensorflowEngine(wanted: TensorflowDevice | 'auto'): Engine {
  const { backend, versions } = loadTensorflow({ gpu: wanted !== 'cpu' });
  const device = backend.isUsingGpuDevice ? 'cuda' : 'cpu';
  if (wanted === 'cuda' && device === 'cpu') {
    const message =
      'TensorFlow found no CUDA device. It needs an NVIDIA GPU with CUDA 11 and cuDNN 8, the versions it was built with. ' +
      'Set "engine" to "onnx" and "device" to "webgpu", which needs neither, or set "device" to "cpu".';
    throw new DeviceError('device-missing', 'device', message);
  }
  // Takes effect at once: only the result is a promise.
  void tf.setBackend('tensorflow');
  // Loading the package has overwritten our gradients with TensorFlow.js' own.
  registerGradients();
  patchLayers();
  return {
    name: 'tensorflow',
    device,
    adapter: device === 'cuda' ? 'CUDA device 0' : null,
    runtime: `TensorFlow ${versions.native}, tfjs-node ${versions.javascript}`,
    state: createState,
    compile: async (definition) => compile(definition),
  };
}

function createState(variables: State['variables']): State {
  const find = (name: string, size: number): tf.Variable => {
    const variable = variables[name];
    if (!variable) throw new Error(`The state has no variable "${name}"`);
    if (variable.size !== size)
      throw new Error(`Variable "${name}" has shape [${variable.shape}], got ${size} numbers`);
    return variable;
  };
  return {
    variables,
    read: async () =>
      Object.fromEntries(Object.entries(variables).map(([name, v]) => [name, (v.dataSync() as Float32Array).slice()])),
    write: async (values: Arrays) => {
      const writes = Object.entries(values).map(([name, array]) => [find(name, array.length), array] as const);
      tf.tidy(() => {
        for (const [variable, array] of writes)
          variable.assign(tf.tensor(array.slice(), variable.shape, variable.dtype));
      });
    },
    dispose: () => tf.dispose(Object.values(variables)),
  };
}

function compile<I extends string, O extends string>(definition: StepDefinition<I, O>): Step<I, O> {
  const { name, compute } = definition;
  const shapes = Object.entries<readonly number[]>(definition.inputs);
  const spent = { milliseconds: 0, runs: 0 };
  const step = (given: Arrays<I>, key: NoiseKey | undefined): Record<O, tf.Tensor> => {
    const start = performance.now();
    const results = tf.tidy(() => {
      const inputs = shapes.map(
        ([input, shape]) => [input, inputTensor(name, input, given[input as I], shape)] as const,
      );
      return withNoiseSource(noiseSource(name, key), () => compute(Object.fromEntries(inputs) as Record<I, tf.Tensor>));
    });
    spent.milliseconds += performance.now() - start;
    spent.runs++;
    return results;
  };
  return {
    name,
    threads: 1,
    spent,
    print: () => ({ recorded: EAGER, optimized: EAGER, passes: [] }),
    dispose: async () => {},
    advance: async (given, key) => tf.dispose(step(given, key)),
    run: async (given, key) => {
      const results = step(given, key);
      const values = Object.entries<tf.Tensor>(results).map(([result, t]) => [result, t.dataSync()] as const);
      tf.dispose(results);
      return Object.fromEntries(values) as Record<O, Float32Array>;
    },
  };
}

const EAGER = 'TensorFlow runs the step eagerly, without a graph.';

function inputTensor(step: string, input: string, values: Float32Array, shape: readonly number[]): tf.Tensor {
  if (values.length === sizeOf(shape)) return tf.tensor(values.slice(), [...shape]);
  throw new Error(
    `Input "${input}" of step "${step}" has shape [${shape}] and needs ${sizeOf(shape)} numbers, got ${values.length}`,
  );
}

/** Gives the same random numbers as a compiled step gets as inputs. */
function noiseSource(step: string, key: NoiseKey | undefined): (draw: Draw) => tf.Tensor {
  let n = 0;
  return ({ distribution, shape }) => {
    if (!key) throw new Error(`Step "${step}" draws random numbers and needs a key`);
    const values = new Float32Array(sizeOf(shape));
    fillNoise(values, distribution, step, n++, key);
    return tf.tensor(values, [...shape]);
  };
}
