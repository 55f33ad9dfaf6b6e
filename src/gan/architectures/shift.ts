// The generator of Example 1 (Arjovsky, Chintala, Bottou 2017): g_θ(z) = (θ, z), with θ as its only parameter.
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig } from '../../catalog';
import { ShiftLayer } from '../layers/shiftLayer';
import type { NetworkSpec } from '../network';

export function shift({ theta }: CatalogNetworkConfig<'shift'>, { role, input }: NetworkSpec): LayersModel {
  const model = sequential({ name: role });
  model.add(layers.inputLayer({ inputShape: [...input], name: 'z' }));
  model.add(new ShiftLayer({ start: theta, name: 'shift' }));
  return model;
}
