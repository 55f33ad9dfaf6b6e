// What a distribution over the plane is.
import type { Key } from '../math/random';
import type { Mixture } from './source';

export interface Distribution {
  /** What it is, as the subject of a sentence ("8 Gaussians on a ring"). */
  readonly title: string;
  readonly mixture?: Mixture;
  /** Fills `out` ([n, 2], row-major) with independent samples. */
  draw(key: Key, out: Float32Array): void;
}
