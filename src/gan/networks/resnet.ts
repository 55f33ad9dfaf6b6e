// The residual networks of WGAN-GP for CIFAR-10 (Gulrajani et al. 2017, appendix F; gan_cifar_resnet.py), for images of any
// size that halves down: as many blocks that double or halve the image as its size takes, all of the same filters.
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork } from '../../catalog';
import { activation } from './activations';
import { initialise } from './initialise';
import { ConvMeanPool } from './meanPool';
import type { Ends } from './network';
import { normalization } from './normalization';
import { halvingsOf } from './sizes';

type Resnet = CatalogNetwork<'resnet'>;
type Layer = layers.Layer;
type Resample = 'up' | 'down' | 'keep';

export function resnet(network: Resnet, ends: Ends): LayersModel {
  const built = ends.role === 'generator' ? generator(network, ends) : critic(network, ends);
  const linear = built.layers.map(({ name }) => name).filter((name) => /^project$|shortcut$|^image$|^end$/.test(name));
  initialise(built, network.initializer, ends.seed, ends.role, linear);
  return built;
}

/** z [latent] → [s, s, F] → blocks that double → [size, size, F] → norm, φ → [size, size, channels] → tanh */
function generator(network: Resnet, { input: latent, output }: Ends): LayersModel {
  const [height, width, channels] = output;
  const doublings = halvingsOf(height, width);
  const start = [height / 2 ** doublings, width / 2 ** doublings, network.filters];
  const z = input({ shape: [...latent] });
  let h = through(z, [
    layers.dense({ units: start[0] * start[1] * start[2], kernelInitializer: 'zeros', name: 'project' }),
    layers.reshape({ targetShape: start, name: 'reshape' }),
  ]);
  for (let i = 1; i <= doublings; i++) h = block(h, network, `up${i}`, 'up');
  const image = layers.conv2d({ ...convolution(channels, 3), name: 'image' });
  const x = through(h, [...normalized(network, 'end'), image, activation('tanh', 'tanh')]);
  return model({ inputs: z, outputs: x, name: 'generator' });
}

/** [size, size, channels] → blocks that halve, down to 8 pixels or fewer → two that keep → φ, mean over the pixels [F] → 1 */
function critic(network: Resnet, { input: shape }: Ends): LayersModel {
  const x = input({ shape: [...shape] });
  let h = first(x, network);
  for (let i = 2; Math.min(h.shape[1] as number, h.shape[2] as number) > 8; i++)
    h = block(h, network, `down${i}`, 'down');
  for (let i = 1; i <= 2; i++) h = block(h, network, `keep${i}`, 'keep');
  const score = through(h, [
    activation(network.activation, 'end-activation', network.slope),
    layers.globalAveragePooling2d({ name: 'mean' }),
    layers.dense({ units: 1, kernelInitializer: 'zeros', name: 'end' }),
  ]);
  return model({ inputs: x, outputs: score, name: 'critic' });
}

/** x ↦ shortcut(x) + F(x), F = norm, φ, 3 × 3, norm, φ, 3 × 3, where one of the two also doubles or halves the image. */
function block(x: SymbolicTensor, network: Resnet, name: string, resample: Resample): SymbolicTensor {
  const { filters } = network;
  const conv = (i: 1 | 2): Layer => layers.conv2d({ ...convolution(filters, 3), name: `${name}-conv${i}` });
  const double = (of: string): Layer => layers.upSampling2d({ size: [2, 2], name: `${name}-${of}` });
  const halve = (kernelSize: 1 | 3, of: string): Layer =>
    new ConvMeanPool({ filters, kernelSize, name: `${name}-${of}` });
  // Doubling repeats pixels and a 1 × 1 convolution treats each alone, so that it may as well come before, on a quarter of them.
  const one = (): Layer => layers.conv2d({ ...convolution(filters, 1), name: `${name}-shortcut` });
  const parts: {
    readonly [R in Resample]: { readonly inner: () => [Layer[], Layer[]]; readonly shortcut: () => Layer[] };
  } = {
    up: { inner: () => [[double('up'), conv(1)], [conv(2)]], shortcut: () => [one(), double('shortcut-up')] },
    down: { inner: () => [[conv(1)], [halve(3, 'conv2')]], shortcut: () => [halve(1, 'shortcut')] },
    keep: { inner: () => [[conv(1)], [conv(2)]], shortcut: () => [] },
  };
  const [inner1, inner2] = parts[resample].inner();
  const inner = [...normalized(network, `${name}-1`), ...inner1, ...normalized(network, `${name}-2`), ...inner2];
  return sum(through(x, parts[resample].shortcut()), through(x, inner), name);
}

/** The critic's first block: no norm and no activation before the image (OptimizedResBlockDisc1). */
function first(x: SymbolicTensor, network: Resnet): SymbolicTensor {
  const { filters } = network;
  const inner = through(x, [
    layers.conv2d({ ...convolution(filters, 3), name: 'down1-conv1' }),
    activation(network.activation, 'down1-activation', network.slope),
    new ConvMeanPool({ filters, kernelSize: 3, name: 'down1-conv2' }),
  ]);
  return sum(through(x, [new ConvMeanPool({ filters, kernelSize: 1, name: 'down1-shortcut' })]), inner, 'down1');
}

const convolution = (filters: number, kernelSize: number) =>
  ({ filters, kernelSize, padding: 'same', kernelInitializer: 'zeros' }) as const;

/** Norm, where there is one, and φ. */
function normalized(network: Resnet, name: string): Layer[] {
  const norm = normalization(network.normalization, `${name}-norm`);
  return [...(norm ? [norm] : []), activation(network.activation, `${name}-activation`, network.slope)];
}

const through = (x: SymbolicTensor, chain: readonly Layer[]): SymbolicTensor =>
  chain.reduce((h, layer) => layer.apply(h) as SymbolicTensor, x);

const sum = (a: SymbolicTensor, b: SymbolicTensor, name: string): SymbolicTensor =>
  layers.add({ name: `${name}-sum` }).apply([a, b]) as SymbolicTensor;
