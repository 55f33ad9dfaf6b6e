// The GANs that are compared with PyTorch: four from the papers, on points and on images, for five steps each.
import type { Role } from '../../src/catalog';
import { parseExperiment, type Experiment } from '../../src/experiment';

/** A layer, as compare.py reads it. Weights are in order: kernel, bias; or scale, offset. */
export type PeerLayer =
  | { readonly type: 'dense' | 'conv' | 'convTranspose'; readonly kernel?: number; readonly bias: boolean }
  | { readonly type: 'toImage'; readonly shape: readonly number[] }
  | { readonly type: 'batchNorm' | 'flatten' | 'relu' | 'tanh' | 'leaky-relu' };

export interface PeerSystem {
  readonly name: string;
  readonly experiment: Experiment;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  readonly layers: { readonly [R in Role]: readonly PeerLayer[] };
}

/** Number of generator updates, each after the critic updates of the experiment. */
export const STEPS = 5;

const files: Readonly<Record<string, object>> = {
  WGAN: { preset: 'wgan' },
  'WGAN-GP': { preset: 'wgan-gp' },
  'LSGAN + GP': { preset: 'wgan-gp', objective: 'lsgan' },
  'non-saturating GAN': { preset: 'gan' },
};

const depth = 3;
const mlp = { network: 'mlp', depth, width: 32 };
const hidden: readonly PeerLayer[] = Array.from({ length: depth }, () => [
  { type: 'dense', bias: true } as const,
  { type: 'relu' } as const,
]).flat();
const dense: PeerLayer = { type: 'dense', bias: true };

/** 16 pixels: two halvings to 4 × 4, filters 4 and 8; batch norm in the generator. */
const filters = 4;
const convolutional = { network: 'dcgan', filters, kernel: 4 };
const generatorLayers: readonly PeerLayer[] = [
  { type: 'dense', bias: false },
  { type: 'toImage', shape: [4, 4, 2 * filters] },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'convTranspose', kernel: 4, bias: false },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'convTranspose', kernel: 4, bias: true },
  { type: 'tanh' },
];
const criticLayers: readonly PeerLayer[] = [
  { type: 'conv', kernel: 4, bias: true },
  { type: 'leaky-relu' },
  { type: 'conv', kernel: 4, bias: true },
  { type: 'leaky-relu' },
  { type: 'flatten' },
  dense,
];

/** Each GAN on both kinds of data. */
export function peerSystems(): PeerSystem[] {
  return Object.entries(files).flatMap(([name, file]) => [
    {
      name: `${name}, MLP on points`,
      experiment: experimentOf({ ...file, data: { source: 'gaussians-ring' }, generator: mlp, critic: mlp }),
      shape: [2],
      layers: { generator: [...hidden, dense], critic: [...hidden, dense] },
    },
    {
      name: `${name}, DCGAN on images`,
      experiment: experimentOf({
        ...file,
        data: { source: 'digits', size: 16 },
        batchSize: 16,
        latent: { size: 16 },
        generator: { ...convolutional, normalization: 'batch', initializer: 'he' },
        critic: { ...convolutional, normalization: 'none', initializer: 'he' },
      }),
      shape: [16, 16, 1],
      layers: { generator: generatorLayers, critic: criticLayers },
    },
  ]);
}

function experimentOf(file: object): Experiment {
  const { experiment, problems } = parseExperiment(JSON.stringify(file), 'peer.gan.json');
  if (!experiment) throw new Error(`assertion failed: ${problems.map(({ message }) => message).join(' ')}`);
  return experiment;
}
