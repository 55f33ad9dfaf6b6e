// Bias and activation of fused kernels.
import type * as tf from '@tensorflow/tfjs-core';
import { float, make, type Node } from './kernel';
import { Elu, LeakyRelu, Prelu, Relu, Relu6, Sigmoid } from './unary';

export interface Fused {
  readonly activation: tf.fused.Activation;
  readonly leakyreluAlpha?: number;
}

/** activation(y + bias); `alpha` is PReLU's. */
export function applyBiasAndActivation(
  y: Node,
  bias: Node | undefined,
  { activation, leakyreluAlpha = 0.2 }: Fused,
  alpha?: Node,
): Node {
  const z = bias ? make('Add', [y, float(bias)], {}) : y;
  const activate: { readonly [A in tf.fused.Activation]: () => Node } = {
    linear: () => z,
    relu: () => Relu({ x: z }),
    relu6: () => Relu6({ x: z }),
    elu: () => Elu({ x: z }),
    sigmoid: () => Sigmoid({ x: z }),
    leakyrelu: () => LeakyRelu({ x: z }, { alpha: leakyreluAlpha }),
    prelu: () => Prelu({ x: z, alpha: alpha! }),
  };
  return activate[activation ?? 'linear']();
}
