// Multilayer perceptron: hidden layers of equal width and a linear end; images are flattened, and made through a tanh.
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork } from '../../catalog';
import { activation } from './activations';
import { initialise } from './initialise';
import type { Ends } from './network';
import { normalization } from './normalization';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function mlp(network: CatalogNetwork<'mlp'>, { role, input, output, seed }: Ends): LayersModel {
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
  model.add(layers.dense({ units: size(output), kernelInitializer: 'zeros', name: 'end' }));
  if (output.length > 1) {
    model.add(activation('tanh', 'tanh'));
    model.add(layers.reshape({ targetShape: [...output], name: 'image' }));
  }
  initialise(model, network.initializer, seed, role, ['end']);
  return model;
}
