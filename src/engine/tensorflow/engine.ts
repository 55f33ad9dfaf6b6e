// TensorFlow itself behind the engine's interface: the same steps, run eagerly, one operation after the other.
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
 * Opens TensorFlow and makes it TensorFlow.js' current backend.
 * @throws DeviceError where its package, its native part, or a GPU that was asked for by name is missing
 */
export function openTensorflowEngine(wanted: TensorflowDevice | 'auto'): Engine {
  const { backend, versions } = loadTensorflow({ gpu: wanted !== 'cpu' });
  const device = backend.isUsingGpuDevice ? 'cuda' : 'cpu';
  if (wanted === 'cuda' && device === 'cpu') {
    const message =
      'TensorFlow finds no CUDA device here. It needs an NVIDIA GPU with CUDA 11 and cuDNN 8, for which its library was built. ' +
      'Write "engine": "onnx" with "device": "webgpu", which needs neither, or "device": "cpu".';
    throw new DeviceError('device-missing', 'device', message);
  }
  // Takes effect at once: only the result is a promise.
  void tf.setBackend('tensorflow');
  // Its package registers TensorFlow.js' own gradients again.
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
    if (variable.size !== size) throw new Error(`Variable "${name}" is [${variable.shape}], not ${size} numbers`);
    return variable;
  };
  return {
    variables,
    read: async () =>
      Object.fromEntries(
        Object.entries(variables).map(([name, v]) => [name, Float32Array.from(v.dataSync() as Float32Array)]),
      ),
    write: async (values: Arrays) => {
      const writes = Object.entries(values).map(([name, array]) => [find(name, array.length), array] as const);
      tf.tidy(() => {
        for (const [variable, array] of writes) variable.assign(tf.tensor(array.slice(), variable.shape));
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
      const inputs = shapes.map(([input, shape]) => [input, fed(name, input, given[input as I], shape)] as const);
      return withNoiseSource(drawing(name, key), () => compute(Object.fromEntries(inputs) as Record<I, tf.Tensor>));
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

const EAGER = 'TensorFlow runs the step eagerly: there is no graph.';

function fed(step: string, input: string, values: Float32Array, shape: readonly number[]): tf.Tensor {
  if (values.length === sizeOf(shape)) return tf.tensor(values.slice(), [...shape]);
  throw new Error(
    `Input "${input}" of step "${step}" is [${shape}]: it takes ${sizeOf(shape)} numbers, got ${values.length}`,
  );
}

/** The n-th draw of a run is what a compiled step is fed for it. */
function drawing(step: string, key: NoiseKey | undefined): (draw: Draw) => tf.Tensor {
  let n = 0;
  return ({ distribution, shape }) => {
    if (!key) throw new Error(`Step "${step}" draws random numbers: it is run with a key`);
    const values = new Float32Array(sizeOf(shape));
    fillNoise(values, distribution, step, n++, key);
    return tf.tensor(values, [...shape]);
  };
}
