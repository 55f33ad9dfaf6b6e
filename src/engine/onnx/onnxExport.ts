// Exports a function of a batch as a self-contained ONNX file, with its weights and with standard operators only.
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
  /** A state without variables, since weights become constants of the file. */
  readonly state: State;
  readonly input: { readonly name: string; readonly shape: Shape };
  readonly output: string;
  /** [batch, ...input.shape] to [batch, ...]. */
  readonly compute: (x: tf.Tensor) => tf.Tensor;
  /** The variables of the function by the name of their constant. */
  readonly names: Readonly<Record<string, tf.Tensor>>;
}

export interface ExportedFunction {
  /** The batch size that the file requires; null for any. */
  readonly batch: number | null;
  /** Shape of one output sample. */
  readonly shape: Shape;
  encode(info: Omit<ModelInfo, 'constants'>): Uint8Array;
}

/**
 * Records `f` for a fixed batch size, or with `fallback` for any batch size, if the function allows it, and else for
 * the fallback. The engine must be open.
 * @throws ModelError with the name of the layer, if the function draws random numbers
 */
export function prepareOnnxExport(
  f: ExportableFunction,
  batch: number | { readonly fallback: number },
): ExportedFunction {
  const backend = activateBackend();
  const dynamic = typeof batch === 'number' ? null : recordDynamic(backend, f);
  const { recorded, shapes } = dynamic ?? {
    recorded: recordFor(backend, f, typeof batch === 'number' ? batch : batch.fallback),
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
    encode: (info) =>
      encodeModel({
        order,
        inputs: new Map([[input, f.input.name]]),
        outputs: new Map([[f.output, output]]),
        ...(shapes ? { dynamicShapes: shapes } : {}),
        info: { ...info, constants },
      }),
  };
}

/**
 * Passes that make the graph smaller, without those that only make it faster on ONNX Runtime's CPU provider; some of
 * those also depend on the batch size.
 */
const PASSES: Passes = {
  ...ALL_PASSES,
  im2col: false,
  winograd: false,
  batchLast: false,
  reductionAsGemm: false,
  batchFusion: false,
  narrowBroadcasts: false,
  fuseOptimizerUpdates: false,
};

/** Two batch sizes that are unlikely to be a size of anything else in a network, and no multiples of each other. */
const BATCH_SIZES = [23, 29] as const;

function recordDynamic(backend: GraphBackend, f: ExportableFunction) {
  const [recorded, other] = BATCH_SIZES.map((size) => recordFor(backend, f, size));
  const shapes = dynamicBatchShapes(recorded, other);
  return shapes && { recorded, shapes };
}

function recordFor(backend: GraphBackend, f: ExportableFunction, batch: number): RecordedFunction {
  const shape = [batch, ...f.input.shape];
  const x = tf.keep(backend.placeholder(f.input.name, shape, 'float32'));
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
