// The residual networks of WGAN-GP for CIFAR-10 (Gulrajani et al. 2017, appendix F; gan_cifar_resnet.py), for images of
// any halvable size: as many doubling or halving blocks as the size needs, all with the same number of filters.
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig } from '../../catalog';
import { activation } from '../layers/activations';
import { initializeWeights } from '../initializers';
import { ConvMeanPool } from '../layers/convMeanPool';
import type { NetworkSpec } from '../network';
import { normalization } from '../layers/normalizations';
import { halvingsOf } from './validateShapes';

type Resnet = CatalogNetworkConfig<'resnet'>;
type Layer = layers.Layer;
type Resample = 'up' | 'down' | 'keep';

export function resnet(network: Resnet, spec: NetworkSpec): LayersModel {
  const built = spec.role === 'generator' ? generator(network, spec) : critic(network, spec);
  // Layers that no activation follows.
  const linear = built.layers.map(({ name }) => name).filter((name) => /^project$|shortcut$|^image$|^end$/.test(name));
  initializeWeights(built, { ...network, linear }, spec);
  return built;
}

/** z [latent] → [s, s, F] → doubling blocks → [size, size, F] → norm, φ → [size, size, channels] → tanh */
function generator(network: Resnet, { input: latent, output }: NetworkSpec): LayersModel {
  const [height, width, channels] = output;
  const doublings = halvingsOf(height, width);
  const start = [height / 2 ** doublings, width / 2 ** doublings, network.filters];
  const z = input({ shape: [...latent] });
  let h = chain(z, [
    layers.dense({ units: start[0] * start[1] * start[2], kernelInitializer: 'zeros', name: 'project' }),
    layers.reshape({ targetShape: start, name: 'reshape' }),
  ]);
  for (let i = 1; i <= doublings; i++) h = block(h, network, `up${i}`, 'up');
  const image = layers.conv2d({ ...convolution(channels, 3), name: 'image' });
  const x = chain(h, [...normalized(network, 'end'), image, activation('tanh', 'tanh')]);
  return model({ inputs: z, outputs: x, name: 'generator' });
}

/**
 * [size, size, channels] → halving blocks, down to 8 pixels or fewer → two that keep the size → φ, mean over the pixels
 * [F] → 1
 */
function critic(network: Resnet, { input: shape }: NetworkSpec): LayersModel {
  const x = input({ shape: [...shape] });
  let h = firstBlock(x, network);
  for (let i = 2; Math.min(h.shape[1] as number, h.shape[2] as number) > 8; i++)
    h = block(h, network, `down${i}`, 'down');
  for (let i = 1; i <= 2; i++) h = block(h, network, `keep${i}`, 'keep');
  const score = chain(h, [
    activation(network.activation, 'end-activation', network.slope),
    layers.globalAveragePooling2d({ name: 'mean' }),
    layers.dense({ units: 1, kernelInitializer: 'zeros', name: 'end' }),
  ]);
  return model({ inputs: x, outputs: score, name: 'critic' });
}

/**
 * x ↦ shortcut(x) + F(x), F = norm, φ, 3 × 3, norm, φ, 3 × 3, where one of the two convolutions may double or halve the
 * image.
 */
function block(x: SymbolicTensor, network: Resnet, name: string, resample: Resample): SymbolicTensor {
  const { filters } = network;
  const conv = (i: 1 | 2): Layer => layers.conv2d({ ...convolution(filters, 3), name: `${name}-conv${i}` });
  const double = (suffix: string): Layer => layers.upSampling2d({ size: [2, 2], name: `${name}-${suffix}` });
  const halve = (kernelSize: 1 | 3, suffix: string): Layer =>
    new ConvMeanPool({ filters, kernelSize, name: `${name}-${suffix}` });
  const residual = (conv1: readonly Layer[], conv2: readonly Layer[]): Layer[] => [
    ...normalized(network, `${name}-1`),
    ...conv1,
    ...normalized(network, `${name}-2`),
    ...conv2,
  ];
  if (resample === 'keep') return sum(x, chain(x, residual([conv(1)], [conv(2)])), name);
  if (resample === 'down') {
    const shortcut = chain(x, [halve(1, 'shortcut')]);
    return sum(shortcut, chain(x, residual([conv(1)], [halve(3, 'conv2')])), name);
  }
  // A 1 × 1 convolution commutes with repeating pixels; before it, there is a quarter of them.
  const pointwise = layers.conv2d({ ...convolution(filters, 1), name: `${name}-shortcut` });
  const shortcut = chain(x, [pointwise, double('shortcut-up')]);
  return sum(shortcut, chain(x, residual([double('up'), conv(1)], [conv(2)])), name);
}

/** The critic's first block: no norm and no activation before the image (OptimizedResBlockDisc1). */
function firstBlock(x: SymbolicTensor, network: Resnet): SymbolicTensor {
  const { filters } = network;
  const inner = chain(x, [
    layers.conv2d({ ...convolution(filters, 3), name: 'down1-conv1' }),
    activation(network.activation, 'down1-activation', network.slope),
    new ConvMeanPool({ filters, kernelSize: 3, name: 'down1-conv2' }),
  ]);
  return sum(chain(x, [new ConvMeanPool({ filters, kernelSize: 1, name: 'down1-shortcut' })]), inner, 'down1');
}

const convolution = (filters: number, kernelSize: number) =>
  ({ filters, kernelSize, padding: 'same', kernelInitializer: 'zeros' }) as const;

/** Norm, if any, and φ. */
function normalized(network: Resnet, name: string): Layer[] {
  const norm = normalization(network.normalization, `${name}-norm`);
  return [...(norm ? [norm] : []), activation(network.activation, `${name}-activation`, network.slope)];
}

const chain = (x: SymbolicTensor, sequence: readonly Layer[]): SymbolicTensor =>
  sequence.reduce((h, layer) => layer.apply(h) as SymbolicTensor, x);

const sum = (a: SymbolicTensor, b: SymbolicTensor, name: string): SymbolicTensor =>
  layers.add({ name: `${name}-sum` }).apply([a, b]) as SymbolicTensor;
