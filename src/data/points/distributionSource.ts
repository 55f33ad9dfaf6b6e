// Points of the plane drawn from a distribution: afresh for every batch, or once into a finite data set.
import type { DataConfig } from '../../catalog/index';
import { substream } from '../../math/random';
import type { DistributionSamples, PointSamples } from '../sampleSet';
import type { DataContext } from '../dataSource';
import { distributionOf, type DistributionId } from './toyDistributions';
import { epochs, split } from '../epochs';
import { plural } from '../../shared/text';
import type { Batches, DataSource } from '../dataSource';

/** The data source of a distribution, whose `samples` tell how many are drawn once; null draws afresh. */
export async function openDistribution(data: DataConfig<DistributionId>, { seed }: DataContext): Promise<DataSource> {
  const { title, mixture, sample: draw } = distributionOf(data);
  if (data.samples === null) {
    const content = { kind: 'distribution', data } as const;
    return {
      shape: [2],
      mixture,
      notes: [`${title}, drawn afresh for every batch.`],
      sampleSet: content,
      ...distributionBatches(content),
    };
  }
  const n = data.samples;
  const points = allocatePoints(n);
  draw({ seed, stream: 'samples', step: 0 }, points);
  const notes = (held: number) => [`${title}, ${plural(n, 'point')} drawn once; ${plural(held, 'point')} held out.`];
  return { ...createPointSource(points, { validation: data.validation, seed, notes }), mixture };
}

export interface PointSourceOptions {
  /** Share held out. */
  readonly validation: number;
  readonly seed: number;
  /** Sentences for the log, by the number of points held out. */
  readonly notes: (held: number) => readonly string[];
}

/** Room for n points in memory that threads share, [n, 2]. */
export const allocatePoints = (n: number): Float32Array => new Float32Array(new SharedArrayBuffer(8 * n));

/** The data source of given points in shared memory, [n, 2]. */
export function createPointSource(points: Float32Array, { validation, seed, notes }: PointSourceOptions): DataSource {
  const content = { kind: 'points', points, validation, seed } as const;
  const batches = pointBatches(content);
  return { shape: [2], notes: notes(batches.validationSize), sampleSet: content, ...batches };
}

export function distributionBatches({ data }: DistributionSamples): Batches {
  const { sample: draw } = distributionOf(data);
  return {
    size: Infinity,
    validationSize: Infinity,
    batch: draw,
    validationBatch: (key, out) => draw(substream(key, 'validation'), out),
  };
}

export function pointBatches({ points, validation: share, seed }: PointSamples): Batches {
  const { training, validation } = split(points.length / 2, share, seed);
  const filler = (samples: Uint32Array): Batches['batch'] => {
    const indices = epochs(samples);
    return (key, out) => {
      const batch = indices(key, out.length / 2);
      for (let i = 0; i < batch.length; i++) {
        out[2 * i] = points[2 * batch[i]];
        out[2 * i + 1] = points[2 * batch[i] + 1];
      }
    };
  };
  return {
    size: training.length,
    validationSize: validation.length,
    batch: filler(training),
    validationBatch: filler(validation),
  };
}
