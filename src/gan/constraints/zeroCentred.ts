// R1 and R2 (Mescheder, Geiger, Nowozin 2018, eq. 9 and 10): γ/2 E‖∇D‖₂² at real or at generated samples.
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from '../../catalog';
import type { ConstraintMaths, PenaltyContext } from './constraint';
import { root, squaredSlope } from './slope';

const zeroCentred = (at: 'real' | 'fake', gamma: number): ConstraintMaths => ({
  penalty: ({ critic, ...points }: PenaltyContext) => {
    const squared = squaredSlope(critic, points[at]); // ‖∇D‖₂² [batch]
    return {
      loss: tf.mul(gamma / 2, tf.mean(squared)), // γ/2 E‖∇D‖₂²
      gradientNorm: tf.mean(root(squared)),
    };
  },
});

export const r1 = ({ gamma }: Constraint<'r1'>): ConstraintMaths => zeroCentred('real', gamma);
export const r2 = ({ gamma }: Constraint<'r2'>): ConstraintMaths => zeroCentred('fake', gamma);
