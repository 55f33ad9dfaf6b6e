import { type Key, fillIntegers, fillNormal, substream, fillUniform } from '../../math/random';
import type { Mixture } from '../dataSource';
import type { DataConfig } from '../../catalog';

// What a distribution over the plane is.

export interface Distribution {
  /** What it is, as the subject of a sentence ("8 Gaussians on a ring"). */
  readonly title: string;
  readonly mixture?: Mixture;
  /** Fills `out` ([n, 2], row-major) with independent samples. */
  sample(key: Key, out: Float32Array): void;
}

// The distributions over the plane by the id of their data source.
export type DistributionId = 'gaussians-ring' | 'gaussians-grid' | 'swiss-roll' | 'vertical-line';

type Maker<K extends DistributionId> = (data: DataConfig<K>) => Distribution;

const makers: { readonly [K in DistributionId]: Maker<K> } = {
  'gaussians-ring': gaussiansRing,
  'gaussians-grid': gaussiansGrid,
  'swiss-roll': swissRoll,
  'vertical-line': verticalLine,
};

export const distributionOf = <K extends DistributionId>(data: DataConfig<K>): Distribution =>
  (makers[data.source as K] as Maker<K>)(data);

// Samples of a mixture of equally likely isotropic Gaussians in the plane.

/** The mixture of N(cₘ, σ²I) with equal weights; `centers` ([modes, 2]) and `sigma` in data units. */
export function gaussians(title: string, centers: Float32Array, sigma: number): Distribution {
  const modes = centers.length / 2;
  let mode = new Uint32Array(0);
  return {
    title,
    mixture: { centers, sigma },
    sample(key, out) {
      const n = out.length / 2;
      if (mode.length !== n) mode = new Uint32Array(n);
      fillIntegers(mode, modes, substream(key, 'modes')); // m ~ U{0 … modes−1}
      fillNormal(out, key, 0, sigma);
      for (let i = 0; i < n; i++) {
        out[2 * i] += centers[2 * mode[i]]; // x = cₘ + σ z
        out[2 * i + 1] += centers[2 * mode[i] + 1];
      }
    },
  };
}

// Gaussians with centers on a circle: the eight of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).

/** Centres at `radius` and angles 2πm/modes, noise N(0, sigma²), all times `scale`. */
export function gaussiansRing({ modes, radius, sigma, scale }: DataConfig<'gaussians-ring'>): Distribution {
  const centers = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centers[2 * m] = scale * radius * Math.cos((2 * Math.PI * m) / modes);
    centers[2 * m + 1] = scale * radius * Math.sin((2 * Math.PI * m) / modes);
  }
  return gaussians(`${modes} Gaussians on a ring`, centers, scale * sigma);
}

// Gaussians with centers on a square grid: the twenty-five of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).

/** Centres `spacing` apart on a `side` by `side` grid around the origin, noise N(0, sigma²), all times `scale`. */
export function gaussiansGrid({ side, spacing, sigma, scale }: DataConfig<'gaussians-grid'>): Distribution {
  const modes = side * side;
  const centers = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centers[2 * m] = scale * spacing * (Math.floor(m / side) - (side - 1) / 2);
    centers[2 * m + 1] = scale * spacing * ((m % side) - (side - 1) / 2);
  }
  return gaussians(`${modes} Gaussians on a grid`, centers, scale * sigma);
}

// A noisy spiral in the plane: dimensions 0 and 2 of scikit-learn's make_swiss_roll, as gan_toy.py in Gulrajani et al.'s code takes them.

/** t = 1.5π(1 + 2u) with u ~ U[0, 1); the points (t cos t, t sin t) + N(0, noise²), all times `scale`. */
export function swissRoll({ noise, scale }: DataConfig<'swiss-roll'>): Distribution {
  let u = new Float32Array(0);
  return {
    title: 'A Swiss roll',
    sample(key, out) {
      const n = out.length / 2;
      if (u.length !== n) u = new Float32Array(n);
      fillUniform(u, substream(key, 'along'));
      fillNormal(out, key, 0, scale * noise);
      for (let i = 0; i < n; i++) {
        const t = 1.5 * Math.PI * (1 + 2 * u[i]); // t = 1.5π(1 + 2u)
        out[2 * i] += scale * t * Math.cos(t);
        out[2 * i + 1] += scale * t * Math.sin(t);
      }
    },
  };
}

// A vertical line in the plane: the real distribution of example 1 in Arjovsky, Chintala, Bottou 2017.

/** x = (theta, z) with z ~ U[0, 1). */
export function verticalLine({ theta }: DataConfig<'vertical-line'>): Distribution {
  let z = new Float32Array(0);
  return {
    title: `A vertical line at ${theta}`,
    sample(key, out) {
      const n = out.length / 2;
      if (z.length !== n) z = new Float32Array(n);
      fillUniform(z, key);
      for (let i = 0; i < n; i++) {
        out[2 * i] = theta; // x = (theta, z)
        out[2 * i + 1] = z[i];
      }
    },
  };
}
