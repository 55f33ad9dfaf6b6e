// The thresholds of the health watch, which warns about a run that trains but does not learn.
import type { Descriptors, Values } from './descriptor';

const threshold = { type: 'number', nullable: true, exclusiveMinimum: 0 } as const;

/** Each is the threshold of the warning of the same name; null turns the warning off. */
export const healthSettings = {
  unscaledData: {
    ...threshold,
    default: 100,
    exclusiveMinimum: 1,
    maximum: 1e30,
    text: 'Warn at the start if the root mean square of the data is above this, or below its inverse.',
  },
  explodingEstimate: {
    ...threshold,
    default: 1000,
    maximum: 1e30,
    text: 'Warn if the estimate is on average above this many times the size of a sample (the norm, at least 1).',
  },
  saturatedDiscriminator: {
    ...threshold,
    default: 0.01,
    maximum: 1,
    text: 'Warn if the estimate is on average within this share of its largest value, that is, the discriminator makes no errors. Only for objectives with a largest value, such as log 2.',
  },
  deadCritic: {
    ...threshold,
    default: 1e-5,
    maximum: 1,
    text: 'Warn if the mean gradient norm ‖∇D‖ of the critic is below this. Without a penalty, the gradient of its weights is compared with "vanishedGradient".',
  },
  vanishedGradient: {
    ...threshold,
    default: 1e-7,
    maximum: 1,
    text: 'Warn if the root mean square of the gradient of the generator weights is below this. Optimizers add 1e-8 to the size of a gradient, so smaller ones move nothing.',
  },
  collapsedSamples: {
    ...threshold,
    default: 0.1,
    maximum: 1,
    text: 'Warn if the standard deviation of the generated samples is below this share of that of real ones.',
  },
  gradientNorm: {
    ...threshold,
    default: 3,
    exclusiveMinimum: 1,
    maximum: 1e6,
    text: 'Warn if the mean gradient norm differs by this factor from what a gradient penalty gives at its optimum, k + W/(2λ) with W = estimate / gradient norm. Only for Wasserstein critics.',
  },
  memorizingCritic: {
    ...threshold,
    default: 0.5,
    maximum: 1e6,
    text: 'Warn if the estimate on training samples exceeds that on held-out samples by this share of itself. Only with "data.validation".',
  },
  laggingCritic: {
    ...threshold,
    default: 1,
    maximum: 1e6,
    text: 'Warn if the critic updates of a step still raise the estimate by this share of its largest average so far. Only for Wasserstein critics with a fixed number of several updates.',
  },
} as const satisfies Descriptors;

export type HealthConfig = Values<typeof healthSettings>;
