// Least-squares GAN (Mao et al. 2017, eq. 2 and 9): targets a for generated samples, b for real ones, c for the generator.
// At the best discriminator, (b·p_r + a·p_g)/(p_r + p_g), L_D = (b − a)²(2 − Δ)/8 with Δ = ∫(p_r − p_g)²/(p_r + p_g).
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Objective } from '../../catalog';
import { E, type ObjectiveMaths } from './objective';

export const lsgan = ({ a, b, c }: Objective<'lsgan'>): ObjectiveMaths => ({
  criticLoss: ({ real, fake }) => tf.add(halfSquare(real, b), halfSquare(fake, a)), // ½E(D(x) − b)² + ½E(D(x̃) − a)²
  generatorLoss: (fake) => halfSquare(fake, c), // ½E(D(x̃) − c)²
  estimate: (criticLoss) => tf.sub(2, tf.mul(8 / (b - a) ** 2, criticLoss)), // Δ = 2 − 8·L_D/(b − a)²
  // One-sided label smoothing (Salimans et al. 2016, section 3.4): the target of real samples is (1 − α)b + αa.
  smoothedLoss: ({ real, fake }, alpha) => tf.add(halfSquare(real, (1 - alpha) * b + alpha * a), halfSquare(fake, a)),
});

/** ½E(D − t)² */
const halfSquare = (D: Tensor, t: number): Scalar => tf.mul(0.5, E(tf.square(tf.sub(D, t))));
