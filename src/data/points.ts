// Points of the plane drawn from a distribution: afresh for every batch, or once into a finite data set.
import { substream, type Key } from '../math/random';
import type { DataContext } from './context';
import { epochs, split } from './epochs';
import { count } from './notes';
import type { DataSource, Mixture } from './source';

/** A distribution over the plane. */
export interface Distribution {
  /** What it is, as the subject of a sentence ("8 Gaussians on a ring"). */
  readonly title: string;
  readonly mixture?: Mixture;
  /** Fills `out` ([n, 2], row-major) with independent samples. */
  draw(key: Key, out: Float32Array): void;
}

/** Parameters that all sources of points share. */
export interface PointParameters {
  /** Size of the finite data set; null draws afresh. */
  readonly samples: number | null;
  /** Share of a finite data set that is held out. */
  readonly validation: number;
}

/** The data source of a distribution. */
export function openPoints(of: Distribution, parameters: PointParameters, { seed }: DataContext): DataSource {
  return parameters.samples === null ? endless(of) : finite(of, parameters.samples, parameters.validation, seed);
}

function endless({ title, mixture, draw }: Distribution): DataSource {
  return {
    shape: [2],
    size: Infinity,
    validationSize: Infinity,
    mixture,
    notes: [`${title}, drawn afresh for every batch.`],
    batch: draw,
    validationBatch: (key, out) => draw(substream(key, 'validation'), out),
  };
}

function finite({ title, mixture, draw }: Distribution, n: number, share: number, seed: number): DataSource {
  const points = new Float32Array(2 * n);
  draw({ seed, stream: 'samples', step: 0 }, points);
  const notes = (held: number) => [`${title}, ${count(n, 'point')} drawn once; ${count(held, 'point')} held out.`];
  return { ...finitePoints(points, { validation: share, seed, notes }), mixture };
}

export interface FinitePoints {
  /** Share held out. */
  readonly validation: number;
  readonly seed: number;
  /** Sentences for the log, by the number of points held out. */
  readonly notes: (held: number) => readonly string[];
}

/** The data source of given points, [n, 2]. */
export function finitePoints(points: Float32Array, { validation: share, seed, notes }: FinitePoints): DataSource {
  const { training, validation } = split(points.length / 2, share, seed);
  const filler = (samples: Uint32Array): DataSource['batch'] => {
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
    shape: [2],
    size: training.length,
    validationSize: validation.length,
    notes: notes(validation.length),
    batch: filler(training),
    validationBatch: filler(validation),
  };
}
