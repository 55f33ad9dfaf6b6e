// Spectral normalization (Miyato, Kataoka, Koyama, Yoshida 2018, eq. 8 and Algorithm 1): W̄ = W/σ(W) for every kernel, where
// σ(W) = vᵀWu comes from power iteration. A kernel is the matrix [everything else, out], so u lives at its output.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Constraint } from '../../catalog';
import { fillNormal } from '../../math/random';
import { untrained } from '../optimizers';
import type { Constrained, ConstraintMaths } from './constraint';

/** Far below the rounding of what it is added to. */
const TINY = 1e-12;

export function spectralNorm(
  { iterations }: Constraint<'spectral-norm'>,
  { critic, seed }: Constrained,
): ConstraintMaths {
  const kernels = Object.entries(critic.parameters).filter(([, W]) => W.rank >= 2);
  const slots = Object.fromEntries(kernels.map(([name, W]) => [`${name}/u`, firstVector(name, W, seed)]));

  /** u and v after the iterations, from the u that is remembered. */
  const iterate = (W: Tensor, u: Tensor): { u: Tensor; v: Tensor } => {
    let [next, v] = [u, u];
    for (let i = 0; i < iterations; i++) {
      v = unit(tf.matMul(W, next)); // v ← Wu/‖Wu‖₂ [in, 1]
      // u ← Wᵀv/‖Wᵀv‖₂ [out, 1]; a kernel of zeros, which has no direction, leaves u as it is.
      next = unit(tf.add(tf.matMul(W, v, true, false), tf.mul(TINY, next)));
    }
    return { u: next, v };
  };

  return {
    normalization: {
      slots,
      prepare: (advance) => {
        const held = kernels.map(([name, W]) => {
          const slot = slots[`${name}/u`];
          const { u, v } = iterate(matrix(W), slot);
          if (advance) slot.assign(u);
          return { name, W, u, v };
        });
        // u and v are constant here: the gradient of σ with respect to W is vuᵀ.
        const sigma = (W: Tensor, u: Tensor, v: Tensor): Tensor =>
          tf.add(tf.squeeze(tf.matMul(v, tf.matMul(matrix(W), u), true, false)), TINY); // σ(W) = vᵀWu
        return () => Object.fromEntries(held.map(({ name, W, u, v }) => [name, tf.div(W, sigma(W, u, v))])); // W̄ = W/σ(W)
      },
    },
  };
}

/** [kh, kw, in, out] as [kh·kw·in, out]. */
const matrix = (W: Tensor): Tensor => tf.reshape(W, [-1, W.shape[W.rank - 1]]);

/** x/‖x‖₂, 0 for 0. */
const unit = (x: Tensor): Tensor => tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x))), TINY ** 1.5));

/** A random direction, the same in every process. */
function firstVector(name: string, W: Variable, seed: number): Variable {
  const u = new Float32Array(W.shape[W.rank - 1]);
  fillNormal(u, { seed, stream: `spectral-norm/${name}`, step: 0 });
  const length = Math.hypot(...u);
  return untrained(
    tf.tensor2d(
      u.map((v) => v / length),
      [u.length, 1],
    ),
    `spectral-norm/${name}/u`,
  );
}
