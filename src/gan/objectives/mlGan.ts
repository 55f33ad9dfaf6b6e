// Maximum-likelihood GAN (Goodfellow 2016, NIPS tutorial, section 3.2.4): the discriminator of the minimax game. Where it is
// optimal, e^D = p_r/p_g, and the gradient of −E exp(D(x̃)) is that of KL(P_r‖P_g).
import * as tf from '@tensorflow/tfjs-core';
import type { Objective } from '../../catalog';
import { minimax } from './minimax';
import { E, type ObjectiveMaths } from './objective';

export const mlGan = ({ halved }: Objective<'ml-gan'>): ObjectiveMaths => ({
  ...minimax,
  generatorLoss: (fake, exp) => tf.mul(halved ? -0.5 : -1, E(exp(fake))), // −E exp(D(x̃)), the tutorial's −½
  // E D(x) − E exp(D(x̃)) + 1 ≤ KL(P_r‖P_g): the bound of Nguyen, Wainwright, Jordan 2010 at the logit.
  estimate: (_, { real, fake }, exp) => tf.add(tf.sub(E(real), E(exp(fake))), 1),
});
