// The metrics: numbers computed from generated samples, in addition to the losses.
import type { Entry, MetricNumber } from './descriptor';
import { evaluationMetrics, type EvaluationMetricId } from './evaluationMetrics';
import { metricNumbers } from './metricNumbers';

/** A metric as data; its code is in src/trainer and src/math. */
export interface MetricEntry extends Entry {
  /** What it needs: a mixture with known modes, any points, images, labeled images, or a feature network. */
  readonly needs: 'mixture' | 'points' | 'images' | 'labels' | 'features';
  /** Computed only if the experiment names it. */
  readonly onRequest?: boolean;
  /** The numbers it yields, by the name of their column. */
  readonly yields: Readonly<Record<string, MetricNumber>>;
}

/** A metric of `earthmover evaluate` as one that is computed during training, if the experiment names it. */
function duringTraining<Id extends EvaluationMetricId>(id: Id) {
  return { ...evaluationMetrics[id], onRequest: true, parameters: {} } as const;
}

export const metrics = {
  modes: {
    title: 'Modes covered',
    text: 'Number of modes of the mixture that the generator covers, and the share of its samples that are close to a mode. Computed from 2,500 samples.',
    formula: 'a mode is covered if at least 1 sample is within 3σ of its center',
    source: 'Srivastava et al. 2017, VEEGAN (modes and high-quality samples, 2,500 samples)',
    needs: 'mixture',
    yields: {
      modes: { ...metricNumbers.modes, text: 'Modes with at least one sample within 3σ.' },
      highQuality: { ...metricNumbers.highQuality, text: 'Share of the samples within 3σ of any mode.' },
    },
    parameters: {},
  },
  w1: {
    title: 'Exact Wasserstein-1 distance',
    text: 'The Wasserstein-1 distance between 512 generated and 512 real points, by exact assignment. The floor is the same distance between two sets of real points; it is above zero because the sets are finite.',
    formula: 'W₁ = min over permutations π of (1/n) Σ ‖xᵢ − x̃_π(i)‖₂',
    needs: 'points',
    yields: {
      w1: { ...metricNumbers.w1, text: 'Between generated and real samples.' },
      w1Floor: {
        ...metricNumbers.w1Floor,
        text: 'Between two sets of real samples; above zero because the sets are finite.',
      },
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
      swd: { ...metricNumbers.swd, text: 'Between patches of generated and real images, in units of 10⁻³.' },
      swdFloor: { ...metricNumbers.swdFloor, text: 'Between patches of two sets of real images, in units of 10⁻³.' },
    },
    parameters: {},
  },
  classes: duringTraining('classes'),
  fid: duringTraining('fid'),
  kid: duringTraining('kid'),
  'precision-recall': duringTraining('precision-recall'),
  'density-coverage': duringTraining('density-coverage'),
} as const satisfies Record<string, MetricEntry>;

export type MetricId = keyof typeof metrics;

/** A metric that is computed by a process of its own, by a classifier or a feature network. */
export type EvaluatedMetricId = {
  [Id in MetricId]: (typeof metrics)[Id]['needs'] extends 'labels' | 'features' ? Id : never;
}[MetricId];

export const isEvaluated = (id: MetricId): id is EvaluatedMetricId =>
  metrics[id].needs === 'labels' || metrics[id].needs === 'features';

/** The numbers by which checkpoints can be compared: column → which value is better. */
export const rankedNumbers: Readonly<
  Record<string, { readonly metric: MetricId; readonly better: 'lower' | 'higher' }>
> = Object.fromEntries(
  (Object.entries(metrics) as [MetricId, MetricEntry][]).flatMap(([metric, { yields }]) =>
    Object.entries(yields).flatMap(([name, { better }]) => (better ? [[name, { metric, better }]] : [])),
  ),
);
