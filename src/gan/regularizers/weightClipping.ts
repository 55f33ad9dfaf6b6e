// Weight clipping (Arjovsky, Chintala, Bottou 2017, Algorithm 1, line 7): w ← clip(w, −c, c).
import * as tf from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../../catalog';
import type { Regularizer } from './regularizer';

export const weightClipping = ({ c }: ConstraintConfig<'clip'>): Regularizer => ({
  project: (variables) => {
    for (const w of variables) w.assign(tf.clipByValue(w, -c, c));
  },
});
