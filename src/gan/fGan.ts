// f-GAN (Nowozin, Cseke, Tomioka 2016): D_f(P_r‖P_g) = ∫ p_g f(p_r/p_g) ≥ E T(x) − E f*(T(x̃)) with T = g(D), eq. 4, 6
// and 8.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { DivergenceId, ObjectiveConfig } from '../catalog';
import { E, type CriticScores, type Exp, type Objective } from './objective';

interface Divergence {
  /** The output activation g(v): increasing, into the domain of f*. */
  readonly g: (v: Tensor, exp: Exp) => Tensor;
  /** f*(g(v)), f* the convex conjugate of f, written so that no logarithm undoes an exponential. */
  readonly conjugate: (v: Tensor, exp: Exp) => Tensor;
  /** The plotted number as a function of the bound B. Default: B itself. */
  readonly estimate?: (B: Scalar) => Scalar;
}

const identity = (v: Tensor): Tensor => v;
const expNeg = (v: Tensor, exp: Exp): Tensor => exp(tf.neg(v)); // e^(−v)
/** log(1 + e^v) */
const softplus = (v: Tensor): Tensor => tf.softplus(v);

/**
 * Tables 2 and 6 of the paper: the output activation g(v) and the conjugate f*(t) of every divergence, here at t =
 * g(v).
 */
const divergences: { readonly [D in DivergenceId]: Divergence } = {
  kl: {
    g: identity, //                                                             v
    conjugate: (v, exp) => exp(tf.sub(v, 1)), //                                f*(t) = e^(t−1)
  },
  'reverse-kl': {
    g: (v, exp) => tf.neg(expNeg(v, exp)), //                                   −e^(−v)
    conjugate: (v) => tf.sub(v, 1), //                                          f*(t) = −1 − log(−t)
  },
  pearson: {
    g: identity, //                                                             v
    conjugate: (v) => tf.add(tf.mul(0.25, tf.square(v)), v), //                 f*(t) = t²/4 + t
  },
  neyman: {
    g: (v, exp) => tf.sub(1, expNeg(v, exp)), //                                1 − e^(−v)
    conjugate: (v, exp) => tf.sub(2, tf.mul(2, expNeg(tf.div(v, 2), exp))), //  f*(t) = 2 − 2√(1−t)
  },
  'squared-hellinger': {
    g: (v, exp) => tf.sub(1, expNeg(v, exp)), //                                1 − e^(−v)
    conjugate: (v, exp) => tf.sub(exp(v), 1), //                                f*(t) = t/(1−t)
  },
  js: {
    g: (v) => tf.sub(Math.LN2, softplus(tf.neg(v))), //                         log 2 − log(1 + e^(−v))
    conjugate: (v) => tf.sub(softplus(v), Math.LN2), //                         f*(t) = −log(2 − e^t)
    estimate: (B) => tf.div(B, 2), //                                           D_f = 2 JS
  },
  gan: {
    g: (v) => tf.neg(softplus(tf.neg(v))), //                                   −log(1 + e^(−v))
    conjugate: softplus, //                                                     f*(t) = −log(1 − e^t)
    estimate: (B) => tf.div(tf.add(B, Math.log(4)), 2), //                      D_f = 2 JS − log 4
  },
  'total-variation': {
    g: (v) => tf.mul(0.5, tf.tanh(v)), //                                       ½ tanh v
    conjugate: (v) => tf.mul(0.5, tf.tanh(v)), //                               f*(t) = t
  },
};

export function fGan({ divergence, nonSaturating }: ObjectiveConfig<'f-gan'>): Objective {
  const { g, conjugate, estimate = (B) => B } = divergences[divergence];
  const B = ({ real, fake }: CriticScores, exp: Exp): Scalar => tf.sub(E(g(real, exp)), E(conjugate(fake, exp)));
  return {
    criticLoss: (scores, exp) => tf.neg(B(scores, exp)), // −(E g(D(x)) − E f*(g(D(x̃))))
    // −E f*(g(D(x̃))), non-saturating −E g(D(x̃))
    generatorLoss: (fake, exp) => tf.neg(E((nonSaturating ? g : conjugate)(fake, exp))),
    estimate: (criticLoss) => estimate(tf.neg(criticLoss)),
  };
}
