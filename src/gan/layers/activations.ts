// The activation layers by their ids in experiment files.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

export type Activation = 'relu' | 'leaky-relu' | 'tanh' | 'elu' | 'smooth-elu' | 'swish';
type Layer = layers.Layer;

/** softplus(2x + 2)/2 − 1: ELU's shape with a smooth second derivative (Gulrajani et al. 2017, appendix D). */
export class SmoothElu extends layers.Layer {
  static readonly className = 'EarthmoverSmoothElu';
  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat();
    return tf.sub(tf.div(tf.softplus(tf.add(tf.mul(2, x), 2)), 2), 1);
  }
}
tf.serialization.registerClass(SmoothElu);

const build: { readonly [A in Activation]: (name: string, slope: number) => Layer } = {
  relu: (name) => layers.reLU({ name }),
  'leaky-relu': (name, slope) => layers.leakyReLU({ alpha: slope, name }),
  tanh: (name) => layers.activation({ activation: 'tanh', name }),
  elu: (name) => layers.elu({ name }),
  'smooth-elu': (name) => new SmoothElu({ name }),
  swish: (name) => layers.activation({ activation: 'swish', name }),
};

/** Slope of leaky-relu for negative inputs, where a network has no setting for it. */
export const LEAKY_SLOPE = 0.2;

export const activation = (kind: Activation, name: string, slope = LEAKY_SLOPE): Layer => build[kind](name, slope);
