// Multilayer perceptron: hidden layers of equal width and a linear output layer. A critic flattens images; a generator
// of images ends in tanh.
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig } from '../../catalog';
import { sizeOfShape } from '../../shared/shape';
import { initializeWeights } from '../initializers';
import { activation } from '../layers/activations';
import { normalization } from '../layers/normalizations';
import type { NetworkSpec } from '../network';

export function mlp(network: CatalogNetworkConfig<'mlp'>, { role, input, output, seed }: NetworkSpec): LayersModel {
  const model = sequential({ name: role });
  const useBias = network.normalization === 'none';
  if (input.length > 1) model.add(layers.flatten({ inputShape: [...input], name: 'flatten' }));
  for (let i = 1; i <= network.depth; i++) {
    const first = i === 1 && input.length === 1 ? { inputShape: [...input] } : {};
    const units = network.width;
    model.add(layers.dense({ units, useBias, kernelInitializer: 'zeros', name: `hidden${i}`, ...first }));
    const norm = normalization(network.normalization, `norm${i}`);
    if (norm) model.add(norm);
    model.add(activation(network.activation, `${network.activation}${i}`));
  }
  model.add(layers.dense({ units: sizeOfShape(output), kernelInitializer: 'zeros', name: 'end' }));
  if (output.length > 1) {
    model.add(activation('tanh', 'tanh'));
    model.add(layers.reshape({ targetShape: [...output], name: 'image' }));
  }
  initializeWeights(model, { ...network, linear: ['end'] }, { seed, role });
  return model;
}
