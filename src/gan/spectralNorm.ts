// Spectral normalization (Miyato, Kataoka, Koyama, Yoshida 2018, eq. 8 and Algorithm 1), a reparametrization of the
// critic: W̄ = W/σ(W) for every kernel, where σ(W) = vᵀWu comes from power iteration. A kernel is the matrix
// [everything else, out], so u has the length of its outputs.
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

/** Far below the rounding error of what it is added to. */
const EPSILON = 1e-12;

export function spectralNorm(
  { iterations }: ConstraintConfig<'spectral-norm'>,
  { critic, seed }: { readonly critic: Network; readonly seed: number },
): Reparametrization {
  const kernels = Object.entries(critic.parameters).filter(([, W]) => W.rank >= 2);
  const slots = Object.fromEntries(kernels.map(([name, W]) => [`${name}/u`, initialVector(name, W, seed)]));

  /** u and v after the iterations, starting from the stored u. */
  const iterate = (W: Tensor, u: Tensor): { u: Tensor; v: Tensor } => {
    let [next, v] = [u, u];
    for (let i = 0; i < iterations; i++) {
      v = unit(tf.matMul(W, next)); // v ← Wu/‖Wu‖₂ [in, 1]
      // u ← Wᵀv/‖Wᵀv‖₂ [out, 1]; a kernel of zeros, which has no direction, leaves u as it is.
      next = unit(tf.add(tf.matMul(W, v, true, false), tf.mul(EPSILON, next)));
    }
    return { u: next, v };
  };

  return {
    slots,
    prepare: (advance) => {
      const prepared = kernels.map(([name, W]) => {
        const slot = slots[`${name}/u`];
        const { u, v } = iterate(matrix(W), slot);
        if (advance) slot.assign(u);
        return { name, W, u, v };
      });
      // u and v are constants here: the gradient of σ with respect to W is vuᵀ.
      const sigma = (W: Tensor, u: Tensor, v: Tensor): Tensor =>
        tf.add(tf.squeeze(tf.matMul(v, tf.matMul(matrix(W), u), true, false)), EPSILON); // σ(W) = vᵀWu
      // W̄ = W/σ(W)
      return () => Object.fromEntries(prepared.map(({ name, W, u, v }) => [name, tf.div(W, sigma(W, u, v))]));
    },
  };
}

/** [kh, kw, in, out] as [kh·kw·in, out]. */
const matrix = (W: Tensor): Tensor => tf.reshape(W, [-1, W.shape[W.rank - 1]]);

/** x/‖x‖₂, 0 for 0. */
const unit = (x: Tensor): Tensor => tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x))), EPSILON ** 1.5));

/** A random unit vector, the same in every process. */
function initialVector(name: string, W: Variable, seed: number): Variable {
  const u = new Float32Array(W.shape[W.rank - 1]);
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
