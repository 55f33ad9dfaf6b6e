// How often the critic is updated before each update of the generator: a number, the authors' schedule, or until it is optimal.
import type { Descriptors, Values } from './descriptor';

/** The usual number (n_critic). */
export const criticStepsNumber = {
  type: 'integer',
  default: 5,
  minimum: 1,
  maximum: 10_000,
  unit: 'critic updates',
  text: 'Critic updates before each generator update (n_critic). 5 for Wasserstein objectives.',
} as const;

/** What main.py of the authors of WGAN does: many updates for the first generator updates and now and then, the usual number else. */
export const authorsSchedule = {
  text: '100 updates for the first 25 steps and after every 500 steps, else 5: so that the critic starts near its optimum, and is brought back to it.',
  source: 'martinarjovsky/WassersteinGAN, main.py',
  first: 25,
  every: 500,
  many: 100,
  usual: 5,
} as const;

/** Updates until the critic gains nothing more: the mean of the estimate over a window of updates is compared with that over the window before. */
export const untilOptimalSettings = {
  tolerance: {
    type: 'number',
    default: 0.01,
    exclusiveMinimum: 0,
    maximum: 1,
    text: 'The critic is taken to be optimal when the mean of the estimate changes by less than this share of itself from one window to the next.',
  },
  window: {
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 1000,
    unit: 'critic updates',
    text: 'Updates that a mean is taken over; each step has at least two windows. Estimates of single batches scatter too much to be compared.',
  },
  max: {
    type: 'integer',
    default: 200,
    minimum: 1,
    maximum: 10_000,
    unit: 'critic updates',
    text: 'Updates after which the generator is updated in any case.',
  },
} as const satisfies Descriptors;

export type UntilOptimal = Values<typeof untilOptimalSettings>;

/** The training rule of the critic. */
export type CriticSteps = number | 'authors' | { readonly untilOptimal: UntilOptimal };
