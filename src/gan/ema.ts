// The moving average of a generator's weights (EMA), a second network that samples and exports are taken from.
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network';
import { movingAverage } from './optimizers';

/** w̄ ← δw̄ + (1−δ)w for the parameters; the buffers (moving averages of normalizations) are copied. */
export function updateEma(average: Network, { parameters, buffers }: Network, decay: number): void {
  for (const [name, w] of Object.entries(parameters)) {
    const mean = average.parameters[name];
    mean.assign(movingAverage(mean, w, decay));
  }
  for (const [name, b] of Object.entries(buffers)) average.buffers[name].assign(tf.clone(b));
}
