// Converts a benchmark case to an experiment.
import { parseExperiment, type Experiment } from '../src/experiment';
import type { BenchCase } from './cases';

/** The experiment of a case. Its data source only declares that samples are images; it is not opened. */
export function experimentOf(benchCase: BenchCase, threads: number | 'auto' = 'auto'): Experiment {
  const { name, batchSize, latent, objective, constraint, criticSteps, optimizer } = benchCase;
  const file = {
    data: { source: 'digits' },
    latent: { size: latent },
    ...networksOf(benchCase),
    constraint: constraint ?? [],
    ...{ objective, criticSteps, optimizer, batchSize, threads },
  };
  const { experiment, problems } = parseExperiment(JSON.stringify(file), name);
  if (!experiment)
    throw new Error(`The case ${name} is not a valid experiment: ${problems.map((p) => p.message).join(' ')}`);
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
