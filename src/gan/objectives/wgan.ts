// Wasserstein objective (Arjovsky, Chintala, Bottou 2017, eq. 2 and 3): by Kantorovich-Rubinstein duality the best critic of
// slope at most K gives K·W₁(P_r, P_g) = max_D E D(x) − E D(x̃).
import * as tf from '@tensorflow/tfjs-core';
import { E, type ObjectiveMaths } from './objective';

export const wgan: ObjectiveMaths = {
  criticLoss: ({ real, fake }) => tf.sub(E(fake), E(real)), // E D(x̃) − E D(x)
  generatorLoss: (fake) => tf.neg(E(fake)), // −E D(x̃)
  estimate: (criticLoss) => tf.neg(criticLoss), // K·W = E D(x) − E D(x̃)
};
