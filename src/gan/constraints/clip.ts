// Weight clipping (Arjovsky, Chintala, Bottou 2017, Algorithm 1, line 7): w ← clip(w, −c, c).
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from '../../catalog';
import type { ConstraintMaths } from './constraint';

export const clip = ({ c }: Constraint<'clip'>): ConstraintMaths => ({
  project: (variables) => {
    for (const w of variables) w.assign(tf.clipByValue(w, -c, c));
  },
});
