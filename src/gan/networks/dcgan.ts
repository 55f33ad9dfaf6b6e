// DCGAN (Radford, Metz, Chintala 2016): strided convolutions halve the image in the critic, transposed ones double it in the
// generator; filters double with every halving. No normalization at the ends.
import { layers, sequential, type LayersModel, type Sequential } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork } from '../../catalog';
import { activation } from './activations';
import { initialise } from './initialise';
import type { Ends } from './network';

type Dcgan = CatalogNetwork<'dcgan'>;

export function dcgan(network: Dcgan, ends: Ends): LayersModel {
  const model = ends.role === 'generator' ? generator(network, ends) : critic(network, ends);
  initialise(model, network.initialiser, ends.seed, ends.role);
  return model;
}

/** z [latent] → [s, s, F·2^(n−1)] → ... → [size/2, size/2, F] → [size, size, channels] */
function generator(network: Dcgan, { input, output }: Ends): LayersModel {
  const [height, width, channels] = output;
  const halvings = halvingsOf(height, width);
  const model = sequential({ name: 'generator' });
  const filters = network.filters * 2 ** (halvings - 1);
  const start = [height / 2 ** halvings, width / 2 ** halvings, filters];
  const units = start[0] * start[1] * start[2];
  const useBias = network.normalization === 'none';
  model.add(layers.dense({ units, useBias, inputShape: [...input], kernelInitializer: 'zeros', name: 'project' }));
  model.add(layers.reshape({ targetShape: start, name: 'reshape' }));
  between(model, network, 0);
  for (let i = 1; i < halvings; i++) {
    model.add(layers.conv2dTranspose({ ...convolution(network), filters: filters / 2 ** i, useBias, name: `up${i}` }));
    between(model, network, i);
  }
  model.add(layers.conv2dTranspose({ ...convolution(network), filters: channels, name: `up${halvings}` }));
  model.add(activation('tanh', 'tanh'));
  return model;
}

/** [size, size, channels] → [size/2, size/2, F] → ... → [s, s, F·2^(n−1)] → 1 */
function critic(network: Dcgan, { input }: Ends): LayersModel {
  const halvings = halvingsOf(input[0], input[1]);
  const model = sequential({ name: 'critic' });
  for (let i = 1; i <= halvings; i++) {
    const first = i === 1 ? { inputShape: [...input] } : {};
    const useBias = i === 1 || network.normalization === 'none';
    const filters = network.filters * 2 ** (i - 1);
    model.add(layers.conv2d({ ...convolution(network), filters, useBias, name: `down${i}`, ...first }));
    if (i === 1) model.add(activation(network.activation, 'activation1', network.slope));
    else between(model, network, i);
  }
  model.add(layers.flatten({ name: 'flatten' }));
  model.add(layers.dense({ units: 1, kernelInitializer: 'zeros', name: 'end' }));
  return model;
}

const convolution = ({ kernel }: Dcgan) =>
  ({ kernelSize: kernel, strides: 2, padding: 'same', kernelInitializer: 'zeros' }) as const;

function between(model: Sequential, network: Dcgan, i: number): void {
  if (network.normalization === 'batch') {
    model.add(layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: `norm${i}` }));
  }
  model.add(activation(network.activation, `activation${i}`, network.slope));
}

/** Halvings down to a side of 4 or, for the 28 pixels of digits, 7. */
function halvingsOf(height: number, width: number): number {
  let [side, halvings] = [Math.min(height, width), 0];
  while (side % 2 === 0 && side >= 8) [side, halvings] = [side / 2, halvings + 1];
  return halvings;
}
