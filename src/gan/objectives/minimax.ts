// The original GAN (Goodfellow et al. 2014, eq. 1): both players on the same value. D is the logit, s the sigmoid, so
// −log s(D) = softplus(−D) and −log(1 − s(D)) = softplus(D), which overflow nowhere.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { E, type ObjectiveMaths } from './objective';

export const minimax: ObjectiveMaths = {
  criticLoss: ({ real, fake }) => tf.add(E(minusLogS(real)), E(minusLog1S(fake))), // −E log s(D(x)) − E log(1 − s(D(x̃)))
  generatorLoss: (fake) => tf.neg(E(minusLog1S(fake))), // E log(1 − s(D(x̃)))
  estimate: (criticLoss) => tf.sub(Math.LN2, tf.div(criticLoss, 2)), // JS = log 2 − L_D/2, in nats
  // One-sided label smoothing (Salimans et al. 2016, section 3.4): real samples get the label 1 − α, generated ones keep 0.
  smoothedLoss: ({ real, fake }, alpha) => {
    const smoothed = tf.add(tf.mul(1 - alpha, minusLogS(real)), tf.mul(alpha, minusLog1S(real)));
    return tf.add(E(smoothed), E(minusLog1S(fake))); // −E[(1−α) log s(D(x)) + α log(1 − s(D(x)))] − E log(1 − s(D(x̃)))
  },
};

/** −log s(D) */
export const minusLogS = (D: Tensor): Tensor => tf.softplus(tf.neg(D));
/** −log(1 − s(D)) */
const minusLog1S = (D: Tensor): Tensor => tf.softplus(D);
