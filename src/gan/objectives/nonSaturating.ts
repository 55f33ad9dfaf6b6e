// The original GAN with the −log D trick (Goodfellow et al. 2014, eq. 1 and section 3). D is the logit, s the sigmoid, so
// −log s(D) = softplus(−D) and −log(1 − s(D)) = softplus(D), which overflow nowhere.
import * as tf from '@tensorflow/tfjs-core';
import type { ObjectiveMaths } from './objective';

export const nonSaturating: ObjectiveMaths = {
  criticLoss: ({ real, fake }) =>
    tf.add(
      tf.mean(tf.softplus(tf.neg(real))), // −E log s(D(x))
      tf.mean(tf.softplus(fake)), //          −E log(1 − s(D(x̃)))
    ),
  generatorLoss: (fake) => tf.mean(tf.softplus(tf.neg(fake))), // −E log s(D(x̃))
  estimate: (criticLoss) => tf.sub(Math.LN2, tf.div(criticLoss, 2)), // JS = log 2 − L_D/2, in nats
};
