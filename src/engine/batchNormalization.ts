// Batch normalization in training, with the gradient in closed form (Ioffe, Szegedy 2015, section 3): x is centered
// once, and the gradient passes over it half as often as through the mean and the variance.
import * as tf from '@tensorflow/tfjs-core';

export interface Normalized {
  /** γ (x - μ) / √(σ² + ε) + β, in the shape of x. */
  readonly y: tf.Tensor;
  /** μ of each channel. */
  readonly mean: tf.Tensor;
  /** σ² of each channel, divided by the number of elements. */
  readonly variance: tf.Tensor;
}

type Custom = Parameters<typeof tf.customGrad>[0];

/**
 * Normalizes x over all axes except `axis`; γ and β have the length of that axis. It may be differentiated twice: the
 * gradient consists of operations on x, γ and dy.
 */
export function normalizeBatch(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, axis: number, epsilon: number) {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const channels = x.shape.map((size, i) => (i === axis ? size : 1));
  const count = x.size / x.shape[axis];
  const statistics = (x: tf.Tensor) => {
    const mean = tf.mean(x, axes, true);
    const centered = tf.sub(x, mean); // c
    const variance = tf.mean(tf.square(centered), axes, true);
    return { mean, centered, variance, inverse: tf.rsqrt(tf.add(variance, epsilon)) }; // s = (σ² + ε)^(-½)
  };
  const normalize = tf.customGrad(((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, save: tf.GradSaveFunc) => {
    save([x, gamma]);
    const { centered, inverse } = statistics(x);
    const gain = tf.mul(tf.reshape(gamma, channels), inverse);
    return {
      value: tf.add(tf.mul(centered, gain), tf.reshape(beta, channels)), // γ s c + β
      gradFunc: (dy: tf.Tensor, [x, gamma]: tf.Tensor[]) => {
        const { centered, inverse } = statistics(x);
        const gain = tf.mul(tf.reshape(gamma, channels), inverse); // γ s
        const total = tf.sum(dy, axes, true); // Σ dy
        const along = tf.mul(tf.sum(tf.mul(dy, centered), axes, true), inverse); // s Σ c dy
        // γ s (dy - Σ dy / n - c s² Σ c dy / n)
        const slope = tf.div(tf.mul(tf.mul(gain, inverse), along), -count);
        const offset = tf.div(tf.mul(gain, total), -count);
        const dx = tf.add(tf.mul(dy, gain), tf.add(tf.mul(centered, slope), offset));
        return [dx, tf.reshape(along, gamma.shape), tf.reshape(total, gamma.shape)];
      },
    };
  }) as Custom);
  const { mean, variance } = statistics(x);
  const flat = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [x.shape[axis]]);
  return { y: normalize(x, gamma, beta), mean: flat(mean), variance: flat(variance) } satisfies Normalized;
}
