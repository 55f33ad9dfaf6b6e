// What a network is to the training step: a function, and its variables by names that are the same in every process.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../../catalog';
import type { Named } from '../optimizers/optimizer';

/** What a builder is told: the role, and one sample's shape at either end. */
export interface Ends {
  readonly role: Role;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly seed: number;
}

/** Where batch normalization takes mean and variance from. */
export type Statistics = 'moving' | 'batch';

/** Tensors that a network uses in place of its own parameters, by their names. */
export type Weights = Readonly<Record<string, Tensor>>;

export interface Network {
  readonly model: LayersModel;
  /** Trainable parameters. */
  readonly parameters: Named;
  /** What moves without a gradient: moving averages of normalizations. */
  readonly buffers: Named;
  /**
   * [batch, ...input] to [batch, ...output]; `training` uses the batch's own statistics and moves the averages. `weights`
   * stand for the parameters of their names for the time of this call, and gradients flow through them.
   */
  apply(x: Tensor, training: boolean, weights?: Weights): Tensor;
  /** Calls `f` while the model's layers read `weights` in place of the parameters of their names, until `f` returns. */
  borrowing<T>(weights: Weights, f: () => T): T;
  /** The same for samples that are looked at: by the moving averages, or by the batch's own statistics. Moves nothing. */
  sample(z: Tensor, statistics: Statistics): Tensor;
}

type LayerVariable = LayersModel['weights'][number];

export function networkOf(model: LayersModel): Network {
  const trainable = new Set(model.trainableWeights.map((w) => w.name));
  const named = model.weights.map((w, i) => {
    const [layer, weight] = w.originalName.split('/').slice(-2);
    // Layers without a name get one with a number that counts over the process, which is left out.
    const name = `${String(i).padStart(2, '0')}.${layer.replace(/_[A-Z]\w*$/, '')}.${weight}`;
    return { name, layerVariable: w, variable: w.read() as Variable, trainable: trainable.has(w.name) };
  });
  const pick = (which: boolean): Named =>
    Object.fromEntries(named.filter((w) => w.trainable === which).map((w) => [w.name, w.variable]));
  const buffers = pick(false);
  const borrowing = <T>(weights: Weights, f: () => T): T => {
    const replaced = named.filter(({ name }) => Object.hasOwn(weights, name));
    return reading(
      replaced.map(({ name, layerVariable }) => [layerVariable, weights[name]]),
      f,
    );
  };
  return {
    model,
    parameters: pick(true),
    buffers,
    sample: (z, statistics) => {
      const before = Object.values(buffers).map((b) => tf.clone(b));
      const samples = model.apply(z, { training: statistics === 'batch' }) as Tensor;
      Object.values(buffers).forEach((b, i) => b.assign(before[i]));
      return samples;
    },
    apply: (x, training, weights = {}) => borrowing(weights, () => model.apply(x, { training }) as Tensor),
    borrowing,
  };
}

/** Calls `f` while layers that read one of these variables get the tensor beside it. Every layer reads its weights through `read`. */
function reading<T>(replaced: readonly (readonly [LayerVariable, Tensor])[], f: () => T): T {
  for (const [variable, tensor] of replaced) variable.read = () => tensor;
  try {
    return f();
  } finally {
    for (const [variable] of replaced) delete (variable as Partial<Pick<LayerVariable, 'read'>>).read;
  }
}
