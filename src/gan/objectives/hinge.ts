// Hinge objective (Lim, Ye 2017, Geometric GAN; Miyato et al. 2018, eq. 16 and 17). At the best discriminator, the sign of
// p_r − p_g, L_D = 2∫min(p_r, p_g) = 2(1 − TV).
import * as tf from '@tensorflow/tfjs-core';
import { E, type ObjectiveMaths } from './objective';

export const hinge: ObjectiveMaths = {
  criticLoss: ({ real, fake }) => tf.add(E(tf.relu(tf.sub(1, real))), E(tf.relu(tf.add(1, fake)))), // E max(0, 1 − D(x)) + E max(0, 1 + D(x̃))
  generatorLoss: (fake) => tf.neg(E(fake)), // −E D(x̃)
  estimate: (criticLoss) => tf.sub(1, tf.div(criticLoss, 2)), // TV = 1 − L_D/2
};
