// What the health watch looks for: each check measures how far a quantity is beyond its threshold, and says what was
// seen and what to try.
import { estimateOf, objectives, type HealthConfig } from '../catalog';
import type { Experiment } from '../experiment';
import { standardError, type Average } from './averages';

/** Statistics of a set of samples. */
export interface SampleStatistics {
  /** The root mean square of all numbers. */
  readonly rootMeanSquare: number;
  readonly min: number;
  readonly max: number;
  /** √E‖x − Ex‖²: the standard deviation of samples about their mean. */
  readonly deviation: number;
  /** √E‖x‖² */
  readonly norm: number;
}

/** What the watch averages, and over how many rows or sample steps. */
export const windows = {
  // Of every row:
  estimate: 50,
  size: 50, // |estimate|
  peak: 1, // the largest average size so far
  gradientNorm: 50,
  // Of the rows of sample steps:
  trainingEstimate: 5,
  heldOutEstimate: 5,
  gap: 5, // of these two
  w1: 1,
  // Of sample steps:
  deviation: 3,
  generatorGradient: 3, // root mean square over weights
  criticGradient: 3,
  lag: 10, // what the critic updates of the step add to the estimate
} as const;

export type Quantity = keyof typeof windows;
export type Averages = { readonly [Q in Quantity]?: Average };

export interface HealthContext {
  readonly experiment: Experiment;
  /** Of real samples. */
  readonly data: SampleStatistics;
}

export interface Check {
  /** The measured value relative to its threshold: the event is raised at 1. Undefined if too little is known. */
  severity(seen: Averages): number | undefined;
  message(seen: Averages): string;
}

/** The check for a threshold; null where it does not apply. */
type MakeCheck = (threshold: number, context: HealthContext) => Check | null;

export const checks: { readonly [S in keyof HealthConfig]: MakeCheck } = {
  unscaledData: (threshold, { experiment, data: { rootMeanSquare, min, max } }) => ({
    severity: () => Math.max(rootMeanSquare / threshold, 1 / (threshold * rootMeanSquare)),
    message: () =>
      `The data is far from unit scale: its root mean square is ${short(rootMeanSquare)} (from ${short(min)} to ` +
      `${short(max)}). Networks start with outputs around 1, so training will be very slow or fail. ` +
      ('standardize' in experiment.data ? 'Set "data.standardize" to true.' : 'Scale it to about 1.'),
  }),

  explodingEstimate: (threshold, { data: { norm } }) => ({
    severity: ({ size }) => atLeast(10, size, ({ mean }) => mean / (threshold * Math.max(1, norm))),
    message: ({ size }) =>
      `The estimate explodes: its size is ${short(size!.mean)} on average, and samples have a norm of ${short(norm)}. ` +
      'Try a lower critic learning rate, a gradient penalty or spectral normalization, or optimizers without momentum.',
  }),

  saturatedDiscriminator: (threshold, { experiment: { objective } }) => {
    const { theory, label } = estimateOf(objective);
    if (!theory) return null;
    const left = ({ mean }: Average): number => 1 - mean / theory.value;
    return {
      severity: ({ estimate }) => atLeast(50, estimate, (average) => ratio(threshold, left(average))),
      message: ({ estimate }) =>
        `The discriminator is saturated: ${label} is ${short(estimate!.mean)} on average, ${percent(left(estimate!))} ` +
        `below its largest value ${theory.label}, so it tells all samples apart and the gradient of the generator ` +
        'vanishes. Try instance noise, a gradient penalty, fewer critic steps, or the "wgan" objective.',
    };
  },

  deadCritic: (threshold, { experiment: { health } }) => ({
    severity: ({ gradientNorm, criticGradient }) =>
      atLeast(20, gradientNorm, ({ mean }) => ratio(threshold, mean)) ??
      atLeast(2, criticGradient, ({ mean }) => ratio(health.vanishedGradient ?? 1e-7, mean)),
    message: ({ estimate, gradientNorm, criticGradient, w1 }) => {
      const gradient = gradientNorm
        ? `its gradient norm ‖∇D‖ is ${short(gradientNorm.mean)}`
        : `the gradient of its weights is ${short(criticGradient!.mean)}`;
      const exact = w1 ? `, although the exact Wasserstein distance is ${short(w1.mean)}` : '';
      return (
        `The critic is dead: ${gradient} and the estimate ${short(estimate?.mean ?? 0)}${exact}. The generator learns ` +
        'nothing from it. Try a lower critic learning rate, "leaky-relu", another initializer, a larger clipping ' +
        'bound "c", or data scaled to about 1, and start a new run.'
      );
    },
  }),

  vanishedGradient: (threshold) => ({
    severity: ({ generatorGradient }) => atLeast(2, generatorGradient, ({ mean }) => ratio(threshold, mean)),
    message: ({ generatorGradient }) =>
      `The gradient of the generator has vanished: the root mean square over its weights is ` +
      `${short(generatorGradient!.mean)}, so it no longer learns. Try the "wgan" objective with a gradient penalty, ` +
      'the "non-saturating" objective, instance noise, or fewer layers.',
  }),

  collapsedSamples: (threshold, { data }) => ({
    // In its first steps, a generator of images gives almost the same gray image for every latent vector.
    severity: ({ deviation, estimate }) =>
      estimate?.count === windows.estimate
        ? atLeast(3, deviation, ({ mean }) => ratio(threshold * data.deviation, mean))
        : undefined,
    message: ({ deviation }) =>
      `The samples have collapsed: their standard deviation is ${short(deviation!.mean)}, that of real samples ` +
      `${short(data.deviation)}. Try a lower learning rate of the generator, more critic steps, or the "wgan" objective ` +
      'with a gradient penalty.',
  }),

  gradientNorm: (threshold, { experiment: { objective, constraint } }) => {
    const [penalty] = constraint.filter(({ kind }) => kind !== 'clip' && kind !== 'spectral-norm');
    if (!objectives[objective.kind].lipschitz || penalty?.kind !== 'gradient-penalty') return null;
    const { lambda, target: k, sides } = penalty;
    // The optimum of K·W − λ(K − k)² is K = k + W/(2λ). With the estimate E = K·W: K² − kK − E/(2λ) = 0.
    const optimal = ({ mean }: Average): number => (k + Math.sqrt(k * k + (2 * Math.max(0, mean)) / lambda)) / 2;
    return {
      severity: ({ gradientNorm, estimate }) =>
        atLeast(windows.gradientNorm, gradientNorm, ({ mean }) => {
          const expected = optimal(estimate!);
          const factor = sides === 'one' ? mean / expected : Math.max(mean / expected, expected / mean);
          return factor / threshold;
        }),
      message: ({ gradientNorm, estimate }) =>
        `The gradient norm ‖∇D‖ is ${short(gradientNorm!.mean)} on average; with λ = ${lambda} and an estimate of ` +
        `${short(estimate!.mean)} it would be ${short(optimal(estimate!))} at the optimum of the critic, so the ` +
        `estimate is not near the distance. Try more critic steps, a lower critic learning rate, or a larger λ.`,
    };
  },

  memorizingCritic: (threshold) => ({
    severity: ({ trainingEstimate, gap }) =>
      atLeast(4, gap, (average) => significant(average) / (threshold * Math.abs(trainingEstimate!.mean))),
    message: ({ trainingEstimate, heldOutEstimate }) =>
      `The critic memorizes the training samples: the estimate is ${short(trainingEstimate!.mean)} on them, and ` +
      `${short(heldOutEstimate!.mean)} on held-out samples. Try more data, a smaller critic, fewer critic steps, or a ` +
      'larger penalty; samples of earlier checkpoints may be better.',
  }),

  laggingCritic: (threshold, { experiment: { objective, criticSteps } }) => {
    if (!objectives[objective.kind].lipschitz || typeof criticSteps !== 'number' || criticSteps < 2) return null;
    return {
      // Near its end, the estimate of a good training is noise, which every critic follows: hence the largest one.
      severity: ({ lag, peak }) =>
        atLeast(windows.lag, lag, (average) => significant(average) / (threshold * peak!.mean)),
      message: ({ lag, peak }) =>
        `The critic is far from converged: the ${criticSteps} updates of a step still raise the estimate by ` +
        `${short(lag!.mean)}, and its average was ${short(peak!.mean)} at most, so it is not the distance yet. Try more ` +
        'critic steps, or a higher learning rate of the critic.',
    };
  },
};

/** Events that explain others, which are not raised while their cause lasts. */
export const causes: { readonly [S in keyof HealthConfig]?: readonly (keyof HealthConfig)[] } = {
  explodingEstimate: ['unscaledData'],
  vanishedGradient: ['deadCritic'],
  collapsedSamples: ['unscaledData', 'deadCritic'],
  gradientNorm: ['unscaledData', 'explodingEstimate', 'deadCritic'],
  laggingCritic: ['unscaledData', 'explodingEstimate', 'deadCritic'],
};

/** `severity` of an average over at least `count` values. */
const atLeast = (
  count: number,
  average: Average | undefined,
  severity: (average: Average) => number,
): number | undefined => (average && average.count >= count ? severity(average) : undefined);

/** For a value that must not be below its threshold. */
const ratio = (threshold: number, value: number): number => (value <= 0 ? Infinity : threshold / value);

/** The mean, or 0 if it is within three standard errors of 0, that is, may be noise of the batches. */
const significant = (average: Average): number =>
  Math.abs(average.mean) > 3 * standardError(average) ? average.mean : 0;

/** Three significant digits. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${short(100 * share)} %`;
