// DCGAN (Radford, Metz, Chintala 2016): strided convolutions halve the image in the critic, transposed ones double it in the
// generator; filters double with every halving, or stay the same in the variant. No normalization at the ends.
import { layers, sequential, type LayersModel, type Sequential } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork } from '../../catalog';
import { activation } from './activations';
import { initialise } from './initialise';
import type { Ends } from './network';
import { normalization } from './normalization';
import { halvingsOf } from './sizes';

interface Pyramid extends Omit<CatalogNetwork<'dcgan'>, 'network'> {
  /** Factor on the filters with every halving. */
  readonly growth: 1 | 2;
}

export const dcgan = (network: CatalogNetwork<'dcgan'>, ends: Ends): LayersModel =>
  built({ ...network, growth: 2 }, ends);

/** "No BN and a constant number of filters" (Arjovsky, Chintala, Bottou 2017, figure 6). */
export const dcganConstant = (network: CatalogNetwork<'dcgan-constant'>, ends: Ends): LayersModel =>
  built({ ...network, normalization: 'none', growth: 1 }, ends);

function built(pyramid: Pyramid, ends: Ends): LayersModel {
  const model = ends.role === 'generator' ? generator(pyramid, ends) : critic(pyramid, ends);
  initialise(model, pyramid.initializer, ends.seed, ends.role);
  return model;
}

/** z [latent] → [s, s, F·2^(n−1)] → ... → [size/2, size/2, F] → [size, size, channels], F throughout if nothing grows */
function generator(pyramid: Pyramid, { input, output }: Ends): LayersModel {
  const [height, width, channels] = output;
  const halvings = halvingsOf(height, width);
  const model = sequential({ name: 'generator' });
  const filtersAt = (i: number): number => pyramid.filters * pyramid.growth ** (halvings - 1 - i);
  const start = [height / 2 ** halvings, width / 2 ** halvings, filtersAt(0)];
  const units = start[0] * start[1] * start[2];
  const useBias = pyramid.normalization === 'none';
  model.add(layers.dense({ units, useBias, inputShape: [...input], kernelInitializer: 'zeros', name: 'project' }));
  model.add(layers.reshape({ targetShape: start, name: 'reshape' }));
  between(model, pyramid, 0);
  for (let i = 1; i < halvings; i++) {
    model.add(layers.conv2dTranspose({ ...convolution(pyramid), filters: filtersAt(i), useBias, name: `up${i}` }));
    between(model, pyramid, i);
  }
  model.add(layers.conv2dTranspose({ ...convolution(pyramid), filters: channels, name: `up${halvings}` }));
  model.add(activation('tanh', 'tanh'));
  return model;
}

/** [size, size, channels] → [size/2, size/2, F] → ... → [s, s, F·2^(n−1)] → 1 */
function critic(pyramid: Pyramid, { input }: Ends): LayersModel {
  const halvings = halvingsOf(input[0], input[1]);
  const model = sequential({ name: 'critic' });
  for (let i = 1; i <= halvings; i++) {
    const first = i === 1 ? { inputShape: [...input] } : {};
    const useBias = i === 1 || pyramid.normalization === 'none';
    const filters = pyramid.filters * pyramid.growth ** (i - 1);
    model.add(layers.conv2d({ ...convolution(pyramid), filters, useBias, name: `down${i}`, ...first }));
    if (i === 1) model.add(activation(pyramid.activation, 'activation1', pyramid.slope));
    else between(model, pyramid, i);
  }
  model.add(layers.flatten({ name: 'flatten' }));
  model.add(layers.dense({ units: 1, kernelInitializer: 'zeros', name: 'end' }));
  return model;
}

const convolution = ({ kernel }: Pyramid) =>
  ({ kernelSize: kernel, strides: 2, padding: 'same', kernelInitializer: 'zeros' }) as const;

function between(model: Sequential, pyramid: Pyramid, i: number): void {
  const norm = normalization(pyramid.normalization, `norm${i}`);
  if (norm) model.add(norm);
  model.add(activation(pyramid.activation, `activation${i}`, pyramid.slope));
}
