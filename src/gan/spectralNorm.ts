// Spectral normalization (Miyato, Kataoka, Koyama, Yoshida 2018, eq. 8 and Algorithm 1), a reparametrization of the
// critic: W̄ = W/σ(W) for every kernel, where σ(W) = vᵀWu comes from power iteration. A kernel is a matrix
// [everything else, outputs], see kernels.ts, so u has the length of its outputs.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../catalog';
import { fillNormal } from '../math/random';
import type { Network, Weights } from './network';
import { nonTrainable, type NamedVariables } from './variables';

/** Weights computed from the critic's parameters, which the critic uses in their place. */
export interface Reparametrization {
  /** Values carried over from one critic update to the next: part of the training state. */
  readonly slots: NamedVariables;
  /**
   * Prepares the weights of one step, and updates the slots if `advance`. Call it outside of any gradient: what it
   * computes counts as constant. Call the function that it returns inside, so that gradients flow through the weights.
   */
  prepare(advance: boolean): () => Weights;
}

/** The critic's weights of one step, as `Reparametrization.prepare` gives them; none without a reparametrization. */
export const prepareWeights = (reparametrization: Reparametrization | null, advance: boolean): (() => Weights) =>
  reparametrization?.prepare(advance) ?? (() => ({}));

/** Kernels whose σ is no larger count as zero. */
const ZERO = 1e-12;

export function spectralNorm(
  { iterations }: ConstraintConfig<'spectral-norm'>,
  { critic, seed }: { readonly critic: Network; readonly seed: number },
): Reparametrization {
  const kernels = Object.entries(critic.kernels).map(([name, matrix]) => {
    const W = critic.parameters[name];
    return {
      name,
      W,
      matrix,
      slot: initialVector(
        name,
        tf.tidy(() => matrix(W).shape[1]),
        seed,
      ),
    };
  });

  /** u and v after the iterations, starting from the stored u. */
  const iterate = (W: Tensor, u: Tensor): { u: Tensor; v: Tensor } => {
    let [next, v] = [u, u];
    for (let i = 0; i < iterations; i++) {
      v = unit(tf.matMul(W, next)); // v ← Wu/‖Wu‖₂ [in, 1]
      // u ← Wᵀv/‖Wᵀv‖₂ [out, 1]; a kernel of zeros, which has no direction, leaves u as it is.
      next = unit(tf.add(tf.matMul(W, v, true, false), tf.mul(ZERO, next)));
    }
    return { u: next, v };
  };

  return {
    slots: Object.fromEntries(kernels.map(({ name, slot }) => [`${name}/u`, slot])),
    prepare: (advance) => {
      const prepared = kernels.map(({ name, W, matrix, slot }) => {
        // u and v are constants of the step: the gradient of σ(W) = vᵀWu with respect to W is vuᵀ.
        const { u, v } = iterate(matrix(W), slot);
        const sigma = (W: Tensor): Tensor => tf.squeeze(tf.matMul(v, tf.matMul(matrix(W), u), true, false));
        if (advance) slot.assign(u);
        // 1 for a kernel of zeros, which is used as it is: PyTorch divides it by 0, and the critic is NaN from then on.
        const isZero = tf.cast(tf.lessEqual(sigma(W), ZERO), 'float32');
        return { name, divided: () => tf.div(W, tf.add(sigma(W), isZero)) }; // W̄ = W/σ(W)
      });
      return () => Object.fromEntries(prepared.map(({ name, divided }) => [name, divided()]));
    },
  };
}

/** x/‖x‖₂, 0 for 0. */
const unit = (x: Tensor): Tensor => tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x))), ZERO ** 1.5));

/** A random unit vector, the same in every process. */
function initialVector(name: string, outputs: number, seed: number): Variable {
  const u = new Float32Array(outputs);
  fillNormal(u, { seed, stream: `spectral-norm/${name}`, step: 0 });
  const length = Math.hypot(...u);
  return nonTrainable(
    tf.tensor2d(
      u.map((v) => v / length),
      [u.length, 1],
    ),
    `spectral-norm/${name}/u`,
  );
}
