// The metrics: numbers computed from generated samples, in addition to the losses.
import type { Entry } from './descriptor';

/** A metric as data; its code is in src/trainer and src/math. */
export interface MetricEntry extends Entry {
  /** The data it needs: a mixture with known modes, any points, or images. */
  readonly needs: 'mixture' | 'points' | 'images';
  /** Computed only if the experiment names it. */
  readonly onRequest?: boolean;
  /** The numbers it yields, by the name of their column. */
  readonly yields: Readonly<Record<string, { readonly label: string; readonly text: string }>>;
}

export const metrics = {
  modes: {
    title: 'Modes covered',
    text: 'Number of modes of the mixture that the generator covers, and the share of its samples that are close to a mode. Computed from 2,500 samples.',
    formula: 'a mode is covered if at least 1 sample is within 3σ of its center',
    source: 'Srivastava et al. 2017, VEEGAN (modes and high-quality samples, 2,500 samples)',
    needs: 'mixture',
    yields: {
      modes: { label: 'modes', text: 'Modes with at least one sample within 3σ.' },
      highQuality: { label: 'high quality', text: 'Share of the samples within 3σ of any mode.' },
    },
    parameters: {},
  },
  w1: {
    title: 'Exact Wasserstein-1 distance',
    text: 'The Wasserstein-1 distance between 512 generated and 512 real points, by exact assignment. The floor is the same distance between two sets of real points; it is above zero because the sets are finite.',
    formula: 'W₁ = min over permutations π of (1/n) Σ ‖xᵢ − x̃_π(i)‖₂',
    needs: 'points',
    yields: {
      w1: { label: 'W₁', text: 'Between generated and real samples.' },
      w1Floor: { label: 'W₁ floor', text: 'Between two sets of real samples; above zero because the sets are finite.' },
    },
    parameters: {},
  },
  swd: {
    title: 'Sliced Wasserstein distance',
    text: 'The sliced Wasserstein distance between patches of 128 generated and 128 real images, as the mean over the levels of a Laplacian pyramid, in units of 10⁻³. Values of different image sizes cannot be compared. The floor is the same distance between two sets of real images.',
    formula: 'SWD = E over directions θ of W₁(θ·p, θ·p̃), with normalized 7×7 patches p',
    source:
      'Karras et al. 2018, Progressive Growing of GANs, section 5; here with 32 patches per image and 128 directions',
    needs: 'images',
    onRequest: true,
    yields: {
      swd: { label: 'SWD', text: 'Between patches of generated and real images, in units of 10⁻³.' },
      swdFloor: { label: 'SWD floor', text: 'Between patches of two sets of real images, in units of 10⁻³.' },
    },
    parameters: {},
  },
} as const satisfies Record<string, MetricEntry>;

export type MetricId = keyof typeof metrics;
