// Toy distributions over the plane: mixtures of Gaussians, the Swiss roll and a vertical line.
import type { DataConfig } from '../../catalog';
import { fillIntegers, fillNormal, fillUniform, substream, type Key } from '../../math/random';

export interface Distribution {
  /** The subject of a sentence ("8 Gaussians on a ring"). */
  readonly title: string;
  readonly mixture?: Mixture;
  /** Fills `out` ([n, 2], row-major) with independent samples. */
  sample(key: Key, out: Float32Array): void;
}

/** A mixture of equally likely isotropic Gaussians, for the metrics that count its modes. */
export interface Mixture {
  /** Centers of the modes, row-major [modes, 2]. */
  readonly centers: Float32Array;
  /** Standard deviation of each mode, in data units. */
  readonly sigma: number;
}

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

// gan_toy.py is in the code of Gulrajani et al. 2017: github.com/igul222/improved_wgan_training.

/**
 * Centers at `radius` and angles 2πm/modes, noise N(0, sigma²), all times `scale`; the defaults are the eight
 * Gaussians of gan_toy.py.
 */
function gaussiansRing({ modes, radius, sigma, scale }: DataConfig<'gaussians-ring'>): Distribution {
  const centers = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centers[2 * m] = scale * radius * Math.cos((2 * Math.PI * m) / modes);
    centers[2 * m + 1] = scale * radius * Math.sin((2 * Math.PI * m) / modes);
  }
  return gaussianMixture(`${modes} Gaussians on a ring`, { centers, sigma: scale * sigma });
}

/**
 * Centers `spacing` apart on a `side` by `side` grid around the origin, noise N(0, sigma²), all times `scale`; the
 * defaults are the 25 Gaussians of gan_toy.py.
 */
function gaussiansGrid({ side, spacing, sigma, scale }: DataConfig<'gaussians-grid'>): Distribution {
  const modes = side * side;
  const centers = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centers[2 * m] = scale * spacing * (Math.floor(m / side) - (side - 1) / 2);
    centers[2 * m + 1] = scale * spacing * ((m % side) - (side - 1) / 2);
  }
  return gaussianMixture(`${modes} Gaussians on a grid`, { centers, sigma: scale * sigma });
}

/** The mixture of N(cₘ, σ²I) with equal weights. */
function gaussianMixture(title: string, mixture: Mixture): Distribution {
  const { centers, sigma } = mixture;
  const modes = centers.length / 2;
  let mode = new Uint32Array(0);
  return {
    title,
    mixture,
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

/**
 * t = 1.5π(1 + 2u) with u ~ U[0, 1); the points (t cos t, t sin t) + N(0, noise²), all times `scale`: dimensions 0
 * and 2 of scikit-learn's make_swiss_roll, as in gan_toy.py.
 */
function swissRoll({ noise, scale }: DataConfig<'swiss-roll'>): Distribution {
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

/** x = (theta, z) with z ~ U[0, 1): the real distribution of example 1 in Arjovsky, Chintala, Bottou 2017. */
function verticalLine({ theta }: DataConfig<'vertical-line'>): Distribution {
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
