// One linear layer, y = Az + b, that starts at a multiple of the identity: a Gaussian if z is normal.
import { dispose, fill, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig } from '../../catalog';
import type { NetworkSpec } from '../network';

export function linear(
  { mean, deviation }: CatalogNetworkConfig<'linear'>,
  { role, input: [inputs], output: [outputs] }: NetworkSpec,
): LayersModel {
  const layer = layers.dense({ units: outputs, inputShape: [inputs], kernelInitializer: 'zeros', name: 'linear' });
  const model = sequential({ name: role, layers: [layer] });
  const start = [diagonal(inputs, outputs, deviation), fill([outputs], mean)];
  layer.setWeights(start);
  dispose(start);
  return model;
}

/** [rows, columns] with `value` where both are equal, and 0 elsewhere. */
function diagonal(rows: number, columns: number, value: number): Tensor2D {
  const values = new Float32Array(rows * columns);
  for (let k = 0; k < Math.min(rows, columns); k++) values[k * columns + k] = value;
  return tensor2d(values, [rows, columns]);
}
