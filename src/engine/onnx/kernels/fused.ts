// What the fused kernels do to their product: the bias, then the activation.
import type * as tf from '@tensorflow/tfjs-core';
import { float, make, scalar, type Node } from './kernel';

export interface Fused {
  readonly activation: tf.fused.Activation;
  readonly leakyreluAlpha?: number;
}

/** activation(y + bias); `alpha` is PReLU's. */
export function finish(
  y: Node,
  bias: Node | undefined,
  { activation, leakyreluAlpha = 0.2 }: Fused,
  alpha?: Node,
): Node {
  const z = bias ? make('Add', [y, float(bias)], {}) : y;
  const activate: { readonly [A in tf.fused.Activation]: () => Node } = {
    linear: () => z,
    relu: () => make('Relu', [z], {}),
    relu6: () => make('Clip', [z], { min: 0, max: 6 }),
    elu: () => make('Elu', [z], {}),
    sigmoid: () => make('Sigmoid', [z], {}),
    leakyrelu: () => make('LeakyRelu', [z], { alpha: leakyreluAlpha }),
    prelu: () => make('Where', [make('Less', [z, scalar(0)], {}), make('Mul', [z, alpha!], {}), z], {}),
  };
  return activate[activation ?? 'linear']();
}
