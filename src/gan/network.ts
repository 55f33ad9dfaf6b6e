// A network of a GAN: a TensorFlow.js model, and its variables by names that are the same in every process.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../catalog';
import { kernelMatrix, type KernelMatrix } from './kernels';
import { layersIn, type Layer } from './layersIn';
import type { NamedVariables } from './variables';

/** What a network is built for. Shapes are those of one sample, without the batch axis. */
export interface NetworkSpec {
  readonly role: Role;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Draws the initial weights. */
  readonly seed: number;
}

/** Mean and variance that batch normalization uses: its moving averages, or those of the batch. */
export type BatchNormStatistics = 'moving' | 'batch';

/** Tensors that a network uses in place of its parameters, by the parameters' names. */
export type Weights = Readonly<Record<string, Tensor>>;

export interface Network {
  readonly model: LayersModel;
  /** Trainable parameters. */
  readonly parameters: NamedVariables;
  /** The parameters that are kernels, as matrices. */
  readonly kernels: Readonly<Record<string, KernelMatrix>>;
  /** Variables that are updated without a gradient: moving averages of normalizations. */
  readonly buffers: NamedVariables;
  /**
   * [batch, ...input] to [batch, ...output]. `training` normalizes by the batch's statistics and updates the moving
   * averages.
   * `weights` replace parameters during this call, and gradients flow through them.
   */
  apply(x: Tensor, training: boolean, weights?: Weights): Tensor;
  /** Calls `f` while the layers of the model read `weights` in place of the parameters of these names. */
  withWeights<T>(weights: Weights, f: () => T): T;
  /** Like `apply`, to look at samples: leaves the moving averages unchanged. */
  sample(z: Tensor, statistics: BatchNormStatistics): Tensor;
  /** The sum of the losses that layers add themselves, such as weight regularizers; null if no layer does. */
  regularization(): Scalar | null;
  /** Projects each parameter to the set that the weight constraint of its layer allows. */
  project(): void;
}

type LayerVariable = LayersModel['weights'][number];

/** Fields of TensorFlow.js that are missing from its types. */
export interface Constrained {
  readonly constraint?: { apply(w: Tensor): Tensor } | null;
}

/** @param isStable whether a layer gets this name in every process; other names do not become names of variables */
export function networkOf(model: LayersModel, isStable: (layerName: string) => boolean = () => true): Network {
  const trainable = new Set(model.trainableWeights.map((w) => w.name));
  const layers = layersIn(model);
  const owners = new Map(layers.flatMap((layer) => layer.weights.map((w) => [w.id, layer] as const)));
  const named = model.weights.map((w, i) => {
    const layer = owners.get(w.id) ?? model;
    const weight = w.originalName.split('/').at(-1)!;
    return {
      name: `${String(i).padStart(2, '0')}.${labelOf(layer, isStable)}.${weight}`,
      layerVariable: w,
      variable: w.read() as Variable,
      trainable: trainable.has(w.name),
      matrix: kernelMatrix(layer, weight, w.shape.length),
    };
  });
  // A wrapper has the losses of the layer in it.
  const added = [...new Set(layers.flatMap(({ losses }) => losses as (() => Scalar)[]))];
  const constrained = named.filter((w) => w.trainable && (w.layerVariable as Constrained).constraint);
  const pick = (which: boolean): NamedVariables =>
    Object.fromEntries(named.filter((w) => w.trainable === which).map((w) => [w.name, w.variable]));
  const buffers = pick(false);
  const withWeights = <T>(weights: Weights, f: () => T): T => {
    const replaced = named.filter(({ name }) => Object.hasOwn(weights, name));
    return withReads(
      replaced.map(({ name, layerVariable }) => [layerVariable, weights[name]]),
      f,
    );
  };
  return {
    model,
    parameters: pick(true),
    kernels: Object.fromEntries(
      named.flatMap(({ name, trainable, matrix }) => (trainable && matrix ? [[name, matrix]] : [])),
    ),
    buffers,
    sample: (z, statistics) => {
      const before = Object.values(buffers).map((b) => tf.clone(b));
      const samples = model.apply(z, { training: statistics === 'batch' }) as Tensor;
      Object.values(buffers).forEach((b, i) => b.assign(before[i]));
      return samples;
    },
    apply: (x, training, weights = {}) => withWeights(weights, () => model.apply(x, { training }) as Tensor),
    withWeights,
    regularization: () =>
      added.length === 0 ? null : added.map((loss) => loss()).reduce((a, b) => tf.add<Scalar>(a, b)),
    project: () => {
      for (const { layerVariable, variable } of constrained)
        variable.assign((layerVariable as Constrained).constraint!.apply(variable));
    },
  };
}

/**
 * A layer's name in the names of variables. TensorFlow.js names a layer after its class and a count over the whole
 * process, `dense_Dense3`: the count is dropped.
 */
function labelOf(layer: Pick<Layer, 'name' | 'getClassName'>, isStable: (layerName: string) => boolean): string {
  const kind = layer.getClassName();
  const counted = layer.name.replace(/\d+$/, '');
  const label = counted.endsWith(`_${kind}`)
    ? counted.slice(0, -kind.length - 1)
    : isStable(layer.name)
      ? layer.name
      : kind.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toLowerCase();
  return label.replace(/[^\w.-]+/g, '-');
}

/**
 * Calls `f` while each of these layer variables reads as the paired tensor. TensorFlow.js models take no weights as
 * arguments, but every layer gets its weights from `LayerVariable.read()`: an own property `read` hides that method on
 * the live object, and is deleted afterward. It works only while `f` runs synchronously.
 */
function withReads<T>(replaced: readonly (readonly [LayerVariable, Tensor])[], f: () => T): T {
  for (const [variable, tensor] of replaced) variable.read = () => tensor;
  try {
    return f();
  } finally {
    for (const [variable] of replaced) delete (variable as Partial<Pick<LayerVariable, 'read'>>).read;
  }
}
