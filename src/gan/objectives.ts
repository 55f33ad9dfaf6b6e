// The objectives side by side: losses of critic and generator as in the papers, and the estimate that follows from
// them. E is the mean over a batch; D is the critic's raw output; x are real samples, x̃ generated ones.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { ObjectiveConfig, ObjectiveId } from '../catalog';
import { fGan } from './fGan';
import { E, type Objective } from './objective';

/**
 * Wasserstein objective (Arjovsky, Chintala, Bottou 2017, eq. 2 and 3): by Kantorovich-Rubinstein duality the best
 * critic with Lipschitz constant K gives K·W₁(P_r, P_g) = max_D E D(x) − E D(x̃).
 */
const wgan: Objective = {
  criticLoss: ({ real, fake }) => tf.sub(E(fake), E(real)), // E D(x̃) − E D(x)
  generatorLoss: (fake) => tf.neg(E(fake)), // −E D(x̃)
  estimate: (criticLoss) => tf.neg(criticLoss), // K·W = E D(x) − E D(x̃)
};

/** −log s(D), s the sigmoid: softplus(−D), which does not overflow. */
const minusLogS = (D: Tensor): Tensor => tf.softplus(tf.neg(D));
/** −log(1 − s(D)) = softplus(D). */
const minusLog1S = (D: Tensor): Tensor => tf.softplus(D);

/** The original GAN (Goodfellow et al. 2014, eq. 1): both players on the same value. D is the logit, s the sigmoid. */
const minimax: Objective = {
  // −E log s(D(x)) − E log(1 − s(D(x̃)))
  criticLoss: ({ real, fake }) => tf.add(E(minusLogS(real)), E(minusLog1S(fake))),
  generatorLoss: (fake) => tf.neg(E(minusLog1S(fake))), // E log(1 − s(D(x̃)))
  estimate: (criticLoss) => tf.sub(Math.LN2, tf.div(criticLoss, 2)), // JS = log 2 − L_D/2, in nats
  // One-sided label smoothing (Salimans et al. 2016, section 3.4): real samples get the label 1 − α, generated ones
  // keep 0.
  smoothedLoss: ({ real, fake }, alpha) => {
    const smoothed = tf.add(tf.mul(1 - alpha, minusLogS(real)), tf.mul(alpha, minusLog1S(real)));
    return tf.add(E(smoothed), E(minusLog1S(fake))); // −E[(1−α) log s(D(x)) + α log(1 − s(D(x)))] − E log(1 − s(D(x̃)))
  },
};

/**
 * The original GAN with the −log D trick (Goodfellow et al. 2014, section 3): the discriminator of the minimax game,
 * and a generator loss whose gradient does not vanish when the discriminator wins.
 */
const nonSaturating: Objective = {
  ...minimax,
  generatorLoss: (fake) => E(minusLogS(fake)), // −E log s(D(x̃))
};

/**
 * Maximum-likelihood GAN (Goodfellow 2016, NIPS tutorial, section 3.2.4): the discriminator of the minimax game. At its
 * optimum, e^D = p_r/p_g, and the gradient of −E exp(D(x̃)) is that of KL(P_r‖P_g).
 */
const mlGan = ({ halved }: ObjectiveConfig<'ml-gan'>): Objective => ({
  ...minimax,
  generatorLoss: (fake, exp) => tf.mul(halved ? -0.5 : -1, E(exp(fake))), // −E exp(D(x̃)), the tutorial's −½
  // E D(x) − E exp(D(x̃)) + 1 ≤ KL(P_r‖P_g): the bound of Nguyen, Wainwright, Jordan 2010 at the logit.
  estimate: (_, { real, fake }, exp) => tf.add(tf.sub(E(real), E(exp(fake))), 1),
});

/** ½E(D − t)² */
const halfSquare = (D: Tensor, t: number): Scalar => tf.mul(0.5, E(tf.square(tf.sub(D, t))));

/**
 * Least-squares GAN (Mao et al. 2017, eq. 2 and 9): targets a for generated samples, b for real ones, c for the
 * generator. At the best discriminator, (b·p_r + a·p_g)/(p_r + p_g), L_D = (b − a)²(2 − Δ)/8 with Δ = ∫(p_r −
 * p_g)²/(p_r + p_g).
 */
const lsgan = ({ a, b, c }: ObjectiveConfig<'lsgan'>): Objective => ({
  criticLoss: ({ real, fake }) => tf.add(halfSquare(real, b), halfSquare(fake, a)), // ½E(D(x) − b)² + ½E(D(x̃) − a)²
  generatorLoss: (fake) => halfSquare(fake, c), // ½E(D(x̃) − c)²
  estimate: (criticLoss) => tf.sub(2, tf.mul(8 / (b - a) ** 2, criticLoss)), // Δ = 2 − 8·L_D/(b − a)²
  // One-sided label smoothing (Salimans et al. 2016, section 3.4): the target of real samples is (1 − α)b + αa.
  smoothedLoss: ({ real, fake }, alpha) => tf.add(halfSquare(real, (1 - alpha) * b + alpha * a), halfSquare(fake, a)),
});

/**
 * Hinge objective (Lim, Ye 2017, Geometric GAN; Miyato et al. 2018, eq. 16 and 17). At the best discriminator, the sign
 * of p_r − p_g, L_D = 2∫min(p_r, p_g) = 2(1 − TV).
 */
const hinge: Objective = {
  // E max(0, 1 − D(x)) + E max(0, 1 + D(x̃))
  criticLoss: ({ real, fake }) => tf.add(E(tf.relu(tf.sub(1, real))), E(tf.relu(tf.add(1, fake)))),
  generatorLoss: (fake) => tf.neg(E(fake)), // −E D(x̃)
  estimate: (criticLoss) => tf.sub(1, tf.div(criticLoss, 2)), // TV = 1 − L_D/2
};

type Factory<K extends ObjectiveId> = (config: ObjectiveConfig<K>) => Objective;

const objectives: { readonly [K in ObjectiveId]: Factory<K> } = {
  wgan: () => wgan,
  'non-saturating': () => nonSaturating,
  minimax: () => minimax,
  'ml-gan': mlGan,
  'f-gan': fGan,
  lsgan,
  hinge: () => hinge,
};

export function createObjective<K extends ObjectiveId>(config: ObjectiveConfig<K>): Objective {
  return (objectives[config.kind as K] as Factory<K>)(config);
}
