// The measures: numbers taken of the generated samples, apart from the losses.
import type { Entry } from './descriptor';

/** A measure as data; its code lives in src/gan and src/math. */
export interface MetricEntry extends Entry {
  /** What data it can be taken on: a mixture with known modes, or any points. */
  readonly needs: 'mixture' | 'points';
  /** The numbers it gives, by the name of their column. */
  readonly yields: Readonly<Record<string, { readonly label: string; readonly text: string }>>;
}

export const metrics = {
  modes: {
    title: 'Modes covered',
    text: 'How many modes of the mixture the generator reaches, and what share of its samples is close to one. Taken on 2,500 samples.',
    formula: 'a mode is covered by at least 1 sample within 3σ of its centre',
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
    text: 'The Wasserstein-1 distance between 512 generated and 512 real points, by exact assignment, with the distance between two real sets as the floor that sampling leaves.',
    formula: 'W₁ = min over permutations π of (1/n) Σ ‖xᵢ − x̃_π(i)‖₂',
    needs: 'points',
    yields: {
      w1: { label: 'W₁', text: 'Generated against real.' },
      w1Floor: { label: 'W₁ floor', text: 'Real against real: not zero for finite samples.' },
    },
    parameters: {},
  },
} as const satisfies Record<string, MetricEntry>;

export type MetricId = keyof typeof metrics;
