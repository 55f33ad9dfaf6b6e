// The gradient of batch normalization; TensorFlow.js' own fails where the channels are not the last axis.
import * as tf from '@tensorflow/tfjs-core';
import { unbroadcast, type Rule } from './rule';

/** y = γ x̂ + β, x̂ = (x - μ) s, s = (σ² + ε)^(-½); μ, σ², γ and β are broadcast. */
export const FusedBatchNorm: Rule = {
  savedInputs: ['x', 'mean', 'variance', 'scale', 'offset'],
  vjp: (dy, { x, mean, variance, scale, offset }, { varianceEpsilon = 0.001 }) => {
    const s = tf.rsqrt(tf.add(variance, varianceEpsilon as number));
    const dx = (): tf.Tensor => tf.mul(dy, tf.mul(scale, s)); // γ s dy
    const dyx = (): tf.Tensor => tf.mul(dy, tf.mul(tf.sub(x, mean), s)); // x̂ dy
    const share = (): tf.Tensor => tf.mul(-0.5, tf.mul(scale, tf.square(s))); // -½ γ s²
    return {
      x: dx,
      mean: () => tf.neg(unbroadcast(dx(), mean)), // -Σ γ s dy
      variance: () => unbroadcast(tf.mul(dyx(), share()), variance), // -½ Σ γ s² x̂ dy
      scale: () => unbroadcast(dyx(), scale), // Σ x̂ dy
      offset: () => unbroadcast(dy, offset), // Σ dy
    };
  },
};
