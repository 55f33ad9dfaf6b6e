// A case of the benchmark as an experiment of the product.
import { parseExperiment, type Experiment } from '../src/experiment';
import type { BenchCase } from './cases';

/** The experiment that trains what the case says. Its data source only says that samples are images: none is opened. */
export function experimentOf(of: BenchCase, threads: number | 'auto' = 'auto'): Experiment {
  const { name, batchSize, latent, objective, constraint, criticSteps, optimizer } = of;
  const written = {
    data: { source: 'digits' },
    latent: { size: latent },
    ...networksOf(of),
    constraint: constraint ?? [],
    ...{ objective, criticSteps, optimizer, batchSize, threads },
  };
  const { experiment, problems } = parseExperiment(JSON.stringify(written), name);
  if (!experiment) throw new Error(`The case ${name} is no experiment: ${problems.map((p) => p.message).join(' ')}`);
  return experiment;
}

function networksOf({ network }: BenchCase): object {
  if (network.kind === 'mlp') {
    const mlp = { network: 'mlp', depth: network.depth, width: network.width, activation: 'relu' };
    return { generator: mlp, critic: mlp };
  }
  if (network.kind === 'resnet') {
    const resnet = { network: 'resnet', filters: network.filters };
    return { generator: { ...resnet, normalization: 'batch' }, critic: { ...resnet, normalization: 'none' } };
  }
  const { filters, kernel, normalization } = network;
  const dcgan = { network: 'dcgan', filters, kernel, normalization, initializer: 'he' };
  return { generator: { ...dcgan, activation: 'relu' }, critic: { ...dcgan, activation: 'leaky-relu' } };
}
