// A toy distribution as a data source: sampled for every batch, or once into a finite data set.
import type { DataConfig } from '../../catalog';
import { substream } from '../../math/random';
import { plural } from '../../shared/text';
import type { Batches, DataContext, DataSource } from '../dataSource';
import type { DistributionSamples } from '../sampleSet';
import { allocatePoints, createPointSource } from './pointSource';
import { distributionOf, type DistributionId } from './toyDistributions';

/** `data.samples` is the size of the finite data set; null samples every batch from the distribution. */
export async function openDistribution(data: DataConfig<DistributionId>, { seed }: DataContext): Promise<DataSource> {
  const { title, mixture, sample } = distributionOf(data);
  if (data.samples === null) {
    const sampleSet = { kind: 'distribution', data } as const;
    const notes = [`${title}, with new samples for every batch.`];
    return { shape: [2], mixture, notes, sampleSet, ...distributionBatches(sampleSet) };
  }
  const points = allocatePoints(data.samples, 2);
  sample({ seed, stream: 'samples', step: 0 }, points);
  const drawn = `${title}, ${plural(data.samples, 'point')} drawn once`;
  const notes = (held: number) => [`${drawn}; ${plural(held, 'point')} held out.`];
  return { ...createPointSource(points, 2, { validation: data.validation, seed, notes }), mixture };
}

export function distributionBatches({ data }: DistributionSamples): Batches {
  const { sample } = distributionOf(data);
  return {
    size: Infinity,
    validationSize: Infinity,
    batch: sample,
    validationBatch: (key, out) => sample(substream(key, 'validation'), out),
  };
}
