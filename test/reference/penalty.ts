// The penalties on the gradient norm of the critic, as defined in their papers, and the points at which they are taken.
import { add, mul, relu, sqrt, square, sub } from './elementwise';
import { gradients } from './gradient';
import { mean, sum } from './shape';
import { assert, constant, detach, scalar, type Value } from './value';

export interface PenaltyRule {
  readonly lambda: number;
  /** The target norm k. */
  readonly target: number;
  readonly sides: 'one' | 'two';
}

export type ReferencePenalty =
  | ({ readonly kind: 'gradient-penalty' } & PenaltyRule)
  | { readonly kind: 'r1' | 'r2'; readonly gamma: number }
  | { readonly kind: 'dragan'; readonly lambda: number; readonly target: number };

export interface Penalty {
  /** The term added to L_D, a scalar. */
  readonly loss: Value;
  /** ‖∇D‖ per sample: [B]. */
  readonly norms: Value;
}

export interface PenaltyPoints {
  readonly real: Value;
  readonly fake: Value;
  /** [B], for the gradient penalty. */
  readonly eps?: ArrayLike<number>;
  /** [B,...], for DRAGAN. */
  readonly u?: ArrayLike<number>;
  /** [B], for DRAGAN. */
  readonly alpha?: ArrayLike<number>;
}

type Critic = (x: Value) => Value;
type Rules = {
  readonly [K in ReferencePenalty['kind']]: (
    critic: Critic,
    points: PenaltyPoints,
    rule: Extract<ReferencePenalty, { kind: K }>,
  ) => Penalty;
};

/** For real and fake [B,...] and a critic [B,...] → [B,1]. */
export const penaltyOf = (critic: Critic, points: PenaltyPoints, rule: ReferencePenalty): Penalty =>
  (rules[rule.kind] as (critic: Critic, points: PenaltyPoints, rule: ReferencePenalty) => Penalty)(
    critic,
    points,
    rule,
  );

const rules: Rules = {
  // Gulrajani et al. 2017, Improved Training of Wasserstein GANs, eq. 3: λ E(‖∇D(x^)‖ - k)² at x^ = εx + (1-ε)x~.
  'gradient-penalty': (critic, { real, fake, eps }, { lambda, target, sides }) => {
    assert(eps !== undefined, () => 'a gradient penalty needs eps');
    const [batch, ...sample] = real.shape;
    const e = constant(eps, [batch, ...sample.map(() => 1)]);
    const norms = slopes(critic, add(mul(e, real), mul(sub(1, e), fake)));
    const excess = sub(norms, target);
    return { norms, loss: mul(mean(square(sides === 'one' ? relu(excess) : excess)), lambda) };
  },
  // Mescheder et al. 2018, eq. 9 and 10: γ/2 E‖∇D‖², without the TINY under the root.
  r1: (critic, { real }, { gamma }) => zeroCentred(slopes(critic, real), gamma),
  r2: (critic, { fake }, { gamma }) => zeroCentred(slopes(critic, fake), gamma),
  // Kodali et al. 2017, eq. 1, at the points of their code: X + α(X_p - X), where X_p is X with noise of half a
  // standard deviation of the batch times U[0, 1].
  dragan: (critic, { real, u, alpha }, { lambda, target }) => {
    assert(u !== undefined && alpha !== undefined, () => 'DRAGAN needs u and alpha');
    const deviation = Math.sqrt(scalar(mean(square(sub(real, mean(real))))));
    const perturbed = add(real, mul(constant(u, real.shape), 0.5 * deviation));
    const [batch, ...sample] = real.shape;
    const share = constant(alpha, [batch, ...sample.map(() => 1)]);
    const norms = slopes(critic, add(mul(sub(1, share), real), mul(share, perturbed)));
    return { norms, loss: mul(mean(square(sub(norms, target))), lambda) };
  },
};

const TINY = 1e-12;

/** ‖∇D(x)‖₂ over all axes but the batch, with a finite gradient at 0: [B]. */
function slopes(critic: Critic, points: Value): Value {
  const x = detach(points);
  const [slope] = gradients(sum(critic(x)), [x]); // ∇D(x)
  const axes = x.shape.slice(1).map((_, axis) => axis + 1);
  return sqrt(add(sum(square(slope), axes), TINY));
}

const zeroCentred = (norms: Value, gamma: number): Penalty => ({
  norms,
  loss: mul(mean(sub(square(norms), TINY)), gamma / 2),
});
