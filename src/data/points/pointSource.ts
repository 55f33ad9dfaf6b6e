// Finite sets of points as a data source, and their batches.
import type { Batches, DataSource } from '../dataSource';
import { epochs, split } from '../epochs';
import type { PointSamples } from '../sampleSet';

export interface PointSourceOptions {
  /** Share of the points that are held out. */
  readonly validation: number;
  readonly seed: number;
  readonly files?: DataSource['files'];
  /** Sentences for the log, given the number of held-out points. */
  readonly notes: (held: number) => readonly string[];
}

/** Room for n points, [n, dimensions], in memory that threads share. */
export const allocatePoints = (n: number, dimensions: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * n * dimensions));

/** The data source of points in shared memory, [n, dimensions]. */
export function createPointSource(
  points: Float32Array,
  dimensions: number,
  { validation, seed, files, notes }: PointSourceOptions,
): DataSource {
  const sampleSet = { kind: 'points', points, dimensions, validation, seed } as const;
  const batches = pointBatches(sampleSet);
  return { shape: [dimensions], files, notes: notes(batches.validationSize), sampleSet, ...batches };
}

export function pointBatches({ points, dimensions: d, validation: share, seed }: PointSamples): Batches {
  const { training, validation } = split(points.length / d, share, seed);
  const fillBatch = (samples: Uint32Array): Batches['batch'] => {
    const indices = epochs(samples);
    return (key, out) => {
      const batch = indices(key, out.length / d);
      for (let i = 0; i < batch.length; i++) {
        for (let k = 0; k < d; k++) out[d * i + k] = points[d * batch[i] + k];
      }
    };
  };
  return {
    size: training.length,
    validationSize: validation.length,
    batch: fillBatch(training),
    validationBatch: fillBatch(validation),
  };
}
