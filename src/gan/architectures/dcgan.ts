// DCGAN (Radford, Metz, Chintala 2016): strided convolutions halve the image in the critic, transposed ones double it
// in the generator; filters double with every halving, or stay the same in the variant. No normalization at the ends.
import { layers, sequential, type LayersModel, type Sequential } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig } from '../../catalog';
import { initializeWeights } from '../initializers';
import { activation } from '../layers/activations';
import { normalization } from '../layers/normalizations';
import type { NetworkSpec } from '../network';
import { halvingsOf } from './validateShapes';

interface Config extends Omit<CatalogNetworkConfig<'dcgan'>, 'network'> {
  /** Factor on the number of filters at every halving of the image. */
  readonly growth: 1 | 2;
}

export const dcgan = (network: CatalogNetworkConfig<'dcgan'>, spec: NetworkSpec): LayersModel =>
  build({ ...network, growth: 2 }, spec);

/** "No BN and a constant number of filters" (Arjovsky, Chintala, Bottou 2017, figure 6). */
export const dcganConstant = (network: CatalogNetworkConfig<'dcgan-constant'>, spec: NetworkSpec): LayersModel =>
  build({ ...network, normalization: 'none', growth: 1 }, spec);

function build(config: Config, spec: NetworkSpec): LayersModel {
  const model = spec.role === 'generator' ? generator(config, spec) : critic(config, spec);
  initializeWeights(model, { ...config, linear: ['end'] }, spec);
  return model;
}

/**
 * z [latent] → [s, s, F·2^(n−1)] → ... → [size/2, size/2, F] → [size, size, channels], F throughout with a growth of 1
 */
function generator(config: Config, { input, output }: NetworkSpec): LayersModel {
  const [height, width, channels] = output;
  const halvings = halvingsOf(height, width);
  const model = sequential({ name: 'generator' });
  const filtersAt = (i: number): number => config.filters * config.growth ** (halvings - 1 - i);
  const start = [height / 2 ** halvings, width / 2 ** halvings, filtersAt(0)];
  const units = start[0] * start[1] * start[2];
  const useBias = config.normalization === 'none';
  model.add(layers.dense({ units, useBias, inputShape: [...input], kernelInitializer: 'zeros', name: 'project' }));
  model.add(layers.reshape({ targetShape: start, name: 'reshape' }));
  addNormAndActivation(model, config, 0);
  for (let i = 1; i < halvings; i++) {
    model.add(layers.conv2dTranspose({ ...convolution(config), filters: filtersAt(i), useBias, name: `up${i}` }));
    addNormAndActivation(model, config, i);
  }
  model.add(layers.conv2dTranspose({ ...convolution(config), filters: channels, name: `up${halvings}` }));
  model.add(activation('tanh', 'tanh'));
  return model;
}

/** [size, size, channels] → [size/2, size/2, F] → ... → [s, s, F·2^(n−1)] → 1 */
function critic(config: Config, { input }: NetworkSpec): LayersModel {
  const halvings = halvingsOf(input[0], input[1]);
  const model = sequential({ name: 'critic' });
  for (let i = 1; i <= halvings; i++) {
    const first = i === 1 ? { inputShape: [...input] } : {};
    const useBias = i === 1 || config.normalization === 'none';
    const filters = config.filters * config.growth ** (i - 1);
    model.add(layers.conv2d({ ...convolution(config), filters, useBias, name: `down${i}`, ...first }));
    if (i === 1) model.add(activation(config.activation, 'activation1', config.slope));
    else addNormAndActivation(model, config, i);
  }
  model.add(layers.flatten({ name: 'flatten' }));
  model.add(layers.dense({ units: 1, kernelInitializer: 'zeros', name: 'end' }));
  return model;
}

const convolution = ({ kernel }: Config) =>
  ({ kernelSize: kernel, strides: 2, padding: 'same', kernelInitializer: 'zeros' }) as const;

function addNormAndActivation(model: Sequential, config: Config, i: number): void {
  const norm = normalization(config.normalization, `norm${i}`);
  if (norm) model.add(norm);
  model.add(activation(config.activation, `activation${i}`, config.slope));
}
