// The number of critic updates before each generator update: a number, the WGAN paper's schedule, or until the critic
// is optimal.
import type { Descriptors, Values } from './descriptor';

/** A constant number (n_critic). */
export const criticStepsNumber = {
  type: 'integer',
  default: 5,
  minimum: 1,
  maximum: 10_000,
  unit: 'critic updates',
  text: 'Critic updates before each generator update (n_critic). 5 for Wasserstein objectives.',
} as const;

/** The WGAN paper's schedule: many updates at the start and every few hundred steps, else the usual number. */
export const authorsSchedule = {
  text: '100 critic updates in each of the first 25 steps and in one of every 500 steps, else 5, so that the critic starts near its optimum and returns to it.',
  source: 'martinarjovsky/WassersteinGAN, main.py',
  first: 25,
  every: 500,
  many: 100,
  usual: 5,
} as const;

/**
 * Updates until the critic stops improving: the mean of the estimate over a window of updates is compared with that of
 * the previous window.
 */
export const untilOptimalSettings = {
  tolerance: {
    type: 'number',
    default: 0.01,
    exclusiveMinimum: 0,
    maximum: 1,
    text: 'The critic counts as optimal when the mean of the estimate changes by less than this fraction from one window to the next.',
  },
  window: {
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 1000,
    unit: 'critic updates',
    text: 'Critic updates per window; every step takes at least two windows. Estimates from single batches are too noisy to compare.',
  },
  max: {
    type: 'integer',
    default: 200,
    minimum: 1,
    maximum: 10_000,
    unit: 'critic updates',
    text: 'Maximum number of critic updates per step.',
  },
} as const satisfies Descriptors;

type UntilOptimal = Values<typeof untilOptimalSettings>;

/** The number of critic updates per step. */
export type CriticSteps = number | 'authors' | { readonly untilOptimal: UntilOptimal };
