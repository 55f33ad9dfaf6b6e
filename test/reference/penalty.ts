// The gradient penalty of Gulrajani et al. 2017, Improved Training of Wasserstein GANs, eq. 3 and Algorithm 1.
import { add, mul, relu, sqrt, square, sub } from './elementwise';
import { gradients } from './gradient';
import { mean, sum } from './shape';
import { constant, detach, type Value } from './value';

export interface PenaltyRule {
  readonly lambda: number;
  /** The norm k that is aimed at. */
  readonly target: number;
  readonly sides: 'one' | 'two';
}

export interface Penalty {
  /** λ E(‖∇D(x^)‖ - k)², a scalar. */
  readonly loss: Value;
  /** ‖∇D(x^)‖ per sample: [B]. */
  readonly norms: Value;
}

/** For real and fake [B,...], eps [B] and a critic [B,...] → [B,1]; x^ = εx + (1-ε)x~, the norm over all axes but the batch. */
export function gradientPenalty(
  critic: (x: Value) => Value,
  { real, fake, eps }: { real: Value; fake: Value; eps: ArrayLike<number> },
  { lambda, target, sides }: PenaltyRule,
): Penalty {
  const [batch, ...sample] = real.shape;
  const e = constant(eps, [batch, ...sample.map(() => 1)]);
  const xHat = detach(add(mul(e, real), mul(sub(1, e), fake))); // x^ = εx + (1-ε)x~
  const [slope] = gradients(sum(critic(xHat)), [xHat]); // ∇D(x^)
  const axes = sample.map((_, axis) => axis + 1);
  const norms = sqrt(add(sum(square(slope), axes), 1e-12)); // ‖·‖₂, finite slope at 0
  const excess = sub(norms, target);
  const loss = mul(mean(square(sides === 'one' ? relu(excess) : excess)), lambda); // λ E(‖∇D(x^)‖ - k)²
  return { loss, norms };
}
