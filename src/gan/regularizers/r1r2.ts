// Zero-centered gradient penalties R1 and R2 (Mescheder, Geiger, Nowozin 2018, eq. 9 and 10): γ/2 E‖∇D‖₂² at real or at
// generated samples.
import * as tf from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../../catalog';
import { safeSqrt, squaredGradientNorm } from './gradientNorm';
import type { PenaltyContext, Regularizer } from './regularizer';

const zeroCenteredPenalty = (at: 'real' | 'fake', gamma: number): Regularizer => ({
  penalty: ({ critic, ...points }: PenaltyContext) => {
    const squared = squaredGradientNorm(critic, points[at]); // ‖∇D‖₂² [batch]
    return {
      loss: tf.mul(gamma / 2, tf.mean(squared)), // γ/2 E‖∇D‖₂²
      gradientNorm: tf.mean(safeSqrt(squared)),
    };
  },
});

export const r1 = ({ gamma }: ConstraintConfig<'r1'>): Regularizer => zeroCenteredPenalty('real', gamma);
export const r2 = ({ gamma }: ConstraintConfig<'r2'>): Regularizer => zeroCenteredPenalty('fake', gamma);
