// A function of one batch as an ONNX file of its own: its weights inside, its operations those that every runtime has.
import * as tf from '@tensorflow/tfjs-core';
import type { State } from '../engine';
import { topologicalOrder } from '../graph/node';
import type { Shape } from '../graph/shapes';
import { ModelError } from '../errors';
import { ALL_PASSES, optimize, type Passes } from '../passes/optimize';
import { activateBackend, type GraphBackend } from './graphBackend';
import { encodeModel, type ModelInfo } from './encodeModel';
import { noiseInputs } from './noiseInputs';
import { dynamicBatchShapes, type RecordedFunction } from './dynamicBatch';
import { recordStep } from './recordStep';

export interface ExportableFunction {
  /** An engine's, without variables: weights are constants of the file. */
  readonly state: State;
  readonly input: { readonly name: string; readonly shape: Shape };
  readonly output: string;
  /** [batch, ...input.shape] to [batch, ...]. */
  readonly compute: (x: tf.Tensor) => tf.Tensor;
  /** What constants are called: the variables of the function, by name. */
  readonly names: Readonly<Record<string, tf.Tensor>>;
}

export interface ExportedFunction {
  /** Null where the file takes a batch of any length. */
  readonly batch: number | null;
  /** Shape of one sample that comes out. */
  readonly shape: Shape;
  encode(about: Omit<ModelInfo, 'constants'>): Uint8Array;
}

/**
 * Records `f` for a batch of `batch`, or, given `otherwise`, of any length where the function allows it and of that length
 * elsewhere. The engine must be open.
 * @throws ModelError where the function draws random numbers, names the layer
 */
export function prepareOnnxExport(
  f: ExportableFunction,
  batch: number | { readonly otherwise: number },
): ExportedFunction {
  const backend = activateBackend();
  const open = typeof batch === 'number' ? null : anyLength(backend, f);
  const { recorded, shapes } = open ?? {
    recorded: recordFor(backend, f, typeof batch === 'number' ? batch : batch.otherwise),
  };
  const { input, output, order } = recorded;
  const constants = new Map(
    Object.entries(f.names).flatMap(([name, t]) => {
      const { data } = backend.node(t);
      return data ? [[data.values, name] as const] : [];
    }),
  );
  return {
    batch: shapes ? null : recorded.batch,
    shape: output.shape.slice(1),
    encode: (about) =>
      encodeModel({
        order,
        inputs: new Map([[input, f.input.name]]),
        outputs: new Map([[f.output, output]]),
        ...(shapes ? { dynamicShapes: shapes } : {}),
        info: { ...about, constants },
      }),
  };
}

/**
 * What makes a graph smaller, and not what makes it faster on one runtime: convolutions as gathered products, sums as
 * products with ones and batches upon each other depend on the length of the batch, and other runtimes know better.
 */
const PASSES: Passes = {
  ...ALL_PASSES,
  im2col: false,
  winograd: false,
  reductionAsGemm: false,
  batchFusion: false,
  fuseOptimizerUpdates: false,
};

/** Two lengths that nothing else in a network is likely to have, one of which no multiple of the other. */
const LENGTHS = [23, 29] as const;

function anyLength(backend: GraphBackend, f: ExportableFunction) {
  const [recorded, other] = LENGTHS.map((length) => recordFor(backend, f, length));
  const shapes = dynamicBatchShapes(recorded, other);
  return shapes && { recorded, shapes };
}

function recordFor(backend: GraphBackend, f: ExportableFunction, batch: number): RecordedFunction {
  const shape = [batch, ...f.input.shape];
  const x = tf.keep(backend.symbol(f.input.name, shape, 'float32'));
  const noise = noiseInputs(backend, f.output);
  const compute = (): { readonly result: tf.Tensor } => ({ result: tf.clone(f.compute(x)) });
  try {
    const { outputs } = recordStep(
      backend,
      { name: f.output, state: f.state, inputs: { x: shape }, compute },
      { x },
      noise,
    );
    const [output] = optimize(outputs, PASSES);
    const order = topologicalOrder([output]);
    const drawn = [...noise.nodes.values()].find((node) => order.includes(node));
    if (drawn) throw new ModelError('It draws random numbers', drawn.layer);
    return { batch, input: backend.node(x), output, order };
  } finally {
    noise.dispose();
    tf.dispose(x);
  }
}
