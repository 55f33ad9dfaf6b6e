// Finite sets of points in the plane as a data source, and their batches.
import type { Batches, DataSource } from '../dataSource';
import { epochs, split } from '../epochs';
import type { PointSamples } from '../sampleSet';

export interface PointSourceOptions {
  /** Share of the points that are held out. */
  readonly validation: number;
  readonly seed: number;
  /** Sentences for the log, given the number of held-out points. */
  readonly notes: (held: number) => readonly string[];
}

/** Room for n points, [n, 2], in memory that threads share. */
export const allocatePoints = (n: number): Float32Array => new Float32Array(new SharedArrayBuffer(8 * n));

/** The data source of points in shared memory, [n, 2]. */
export function createPointSource(points: Float32Array, { validation, seed, notes }: PointSourceOptions): DataSource {
  const sampleSet = { kind: 'points', points, validation, seed } as const;
  const batches = pointBatches(sampleSet);
  return { shape: [2], notes: notes(batches.validationSize), sampleSet, ...batches };
}

export function pointBatches({ points, validation: share, seed }: PointSamples): Batches {
  const { training, validation } = split(points.length / 2, share, seed);
  const fillBatch = (samples: Uint32Array): Batches['batch'] => {
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
    batch: fillBatch(training),
    validationBatch: fillBatch(validation),
  };
}
