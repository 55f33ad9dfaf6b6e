// The metrics of `earthmover evaluate`: numbers that compare samples of a checkpoint with real samples.
import type { Entry, MetricNumber } from './descriptor';
import { metricNumbers } from './metricNumbers';

/** A metric as data; its code is in src/trainer/evaluation and src/math. */
interface EvaluationMetricEntry extends Omit<Entry, 'parameters'> {
  /** What it needs: a mixture with known modes, points, images, labeled images, or a feature network. */
  readonly needs: 'mixture' | 'points' | 'images' | 'labels' | 'features';
  /** The most samples of each set that it uses, the first ones. */
  readonly most: number;
  /** The fewest samples of each set that it needs. */
  readonly least: number;
  /** The numbers it yields, by the name of their column. */
  readonly yields: Readonly<Record<string, MetricNumber>>;
}

export const evaluationMetrics = {
  modes: {
    title: 'Modes covered',
    text: 'Number of modes of the mixture with at least one sample within 3σ, and the share of samples within 3σ of any mode.',
    source: 'Srivastava et al. 2017, VEEGAN',
    needs: 'mixture',
    most: 2500,
    least: 1,
    yields: {
      modes: { ...metricNumbers.modes, text: 'Modes with at least one sample within 3σ.' },
      highQuality: { ...metricNumbers.highQuality, text: 'Share of the samples within 3σ of any mode.' },
    },
  },
  w1: {
    title: 'Exact Wasserstein-1 distance',
    text: 'The Wasserstein-1 distance between the two sets of points, by exact assignment. The floor is the distance between two real sets, if there are enough real samples.',
    formula: 'W₁ = min over permutations π of (1/n) Σ ‖xᵢ − x̃_π(i)‖₂',
    needs: 'points',
    most: 1024,
    least: 1,
    yields: {
      w1: { ...metricNumbers.w1, text: 'Between generated and real samples.' },
      w1Floor: { ...metricNumbers.w1Floor, text: 'Between two sets of real samples.' },
    },
  },
  swd: {
    title: 'Sliced Wasserstein distance',
    text: 'Between image patches of 7 × 7 pixels, as the mean over the levels of a Laplacian pyramid, times 1000. The floor is the distance between two real sets, if there are enough real samples.',
    source: 'Karras et al. 2018, Progressive Growing of GANs, section 5',
    needs: 'images',
    most: 1024,
    least: 1,
    yields: {
      swd: { ...metricNumbers.swd, text: 'Between patches of generated and real images, in units of 10⁻³.' },
      swdFloor: { ...metricNumbers.swdFloor, text: 'Between patches of two sets of real images, in units of 10⁻³.' },
    },
  },
  classes: {
    title: 'Class coverage',
    text: 'Number of classes with at least one generated sample, and the divergence of their histogram from that of the real classes, by a perceptron that is trained on the labeled data. No number can be better than the classifier, whose accuracy on held-out images is beside it.',
    formula: 'KL(p ‖ q) = Σ p log(p/q) of generated classes p and real classes q',
    source: 'Che et al. 2017, Mode Regularized GANs; Srivastava et al. 2017, VEEGAN',
    needs: 'labels',
    most: 10_000,
    least: 1,
    yields: {
      classes: { ...metricNumbers.classes, text: 'Classes with at least one sample.' },
      classDivergence: {
        ...metricNumbers.classDivergence,
        text: 'KL(generated ‖ real) of the histograms of classes, in nats.',
      },
      accuracy: { ...metricNumbers.accuracy, text: 'Share of held-out real images that it classifies correctly.' },
    },
  },
  fid: {
    title: 'Fréchet distance of features',
    text: 'The distance between two Gaussians with the means and covariances of the features. It is the FID of the literature if the features are those of its Inception network. It is biased upward for few samples: compare only equal numbers.',
    formula: '‖μ − μ̃‖² + tr(Σ + Σ̃ − 2(ΣΣ̃)^½)',
    source: 'Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule; equal to pytorch-fid',
    needs: 'features',
    most: 50_000,
    least: 2,
    yields: { fid: { ...metricNumbers.fid, text: 'Between the features of generated and real images.' } },
  },
  kid: {
    title: 'Kernel distance of features',
    text: 'The unbiased squared maximum mean discrepancy under a cubic kernel, over 100 random subsets of 1,000 samples (of half of them, if there are fewer than 2,000). It can be negative.',
    formula: 'k(x, y) = (xᵀy/d + 1)³',
    source: 'Bińkowski et al. 2018, Demystifying MMD GANs; equal to torch-fidelity',
    needs: 'features',
    most: 50_000,
    least: 4,
    yields: {
      kid: { ...metricNumbers.kid, text: 'Mean over the subsets.' },
      kidDeviation: {
        ...metricNumbers.kidDeviation,
        text: 'Standard deviation over the subsets; they overlap, so it is not the standard error of the mean.',
      },
    },
  },
  'precision-recall': {
    title: 'Precision and recall',
    text: 'Share of generated samples in the manifold of the real ones, and of real samples in the manifold of the generated: around each sample a ball to its third neighbor.',
    source: 'Kynkäänniemi et al. 2019, Improved Precision and Recall Metric, k = 3; equal to prdc',
    needs: 'features',
    most: 10_000,
    least: 4,
    yields: {
      precision: { ...metricNumbers.precision, text: 'Share of generated samples that look real.' },
      recall: { ...metricNumbers.recall, text: 'Share of real samples that the generator could make.' },
    },
  },
  'density-coverage': {
    title: 'Density and coverage',
    text: 'Mean number of real balls around a generated sample divided by k, and share of real balls with a generated sample in them: around each real sample a ball to its fifth neighbor. Less sensitive to outliers than precision and recall.',
    source: 'Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, k = 5; equal to prdc',
    needs: 'features',
    most: 10_000,
    least: 6,
    yields: {
      density: { ...metricNumbers.density, text: 'About 1 for the real distribution; can be above 1.' },
      coverage: { ...metricNumbers.coverage, text: 'Share of real samples with a generated one near them.' },
    },
  },
} as const satisfies Record<string, EvaluationMetricEntry>;

export type EvaluationMetricId = keyof typeof evaluationMetrics;

/** The values that a feature network can expect; "imagenet" is 0 to 1, normalized by the statistics of ImageNet. */
export const featureRanges = ['-1..1', '0..1', '0..255', 'imagenet'] as const;

export type FeatureRange = (typeof featureRanges)[number];
