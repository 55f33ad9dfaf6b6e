// Gradients of normalization layers: batch normalization, for which TensorFlow.js' own gradient requires channels last,
// and local response normalization.
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

/** y = x s^(-β), s = b + α Σ x² over the channels within the radius (Krizhevsky et al. 2012, section 3.3). */
export const LRN: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => ({
    x: () => {
      const { depthRadius, bias, alpha, beta } = attributes as unknown as tf.LRNAttrs;
      const channels = x.shape.at(-1)!;
      const near = tf.tensor2d(
        Array.from({ length: channels }, (_, i) =>
          Array.from({ length: channels }, (_, j) => (Math.abs(i - j) <= depthRadius ? 1 : 0)),
        ),
      );
      const summed = (z: tf.Tensor): tf.Tensor => tf.reshape(tf.matMul(tf.reshape(z, [-1, channels]), near), z.shape);
      const s = tf.add(bias, tf.mul(alpha, summed(tf.square(x))));
      const shared = summed(tf.mul(tf.mul(dy, x), tf.pow(s, -beta - 1)));
      // s^-β dy - 2αβ x Σ dy x s^(-β-1)
      return tf.sub(tf.mul(dy, tf.pow(s, -beta)), tf.mul(tf.mul(2 * alpha * beta, x), shared));
    },
  }),
};
