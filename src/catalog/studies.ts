// The studies: claims of the papers that `earthmover reproduce` runs and draws.

/** A claim as data; how it is run, measured and drawn is in src/study under the same id. */
export interface StudyEntry {
  readonly title: string;
  /** What the paper says, in one sentence. */
  readonly claim: string;
  /** Paper, and section, figure or table. */
  readonly source: string;
  /** Minutes on two cores, at the default number of steps and seeds. */
  readonly minutes: number;
}

export const studies = {
  'parallel-lines': {
    title: 'Parallel lines',
    claim:
      'Between two parallel lines at distance |θ|, the Wasserstein distance is |θ|, but JS is log 2, TV is 1 and KL is infinite for every θ other than 0.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Example 1 and figure 1',
    minutes: 2,
  },
  distances: {
    title: 'The order of distances',
    claim:
      'KL is the strongest distance and W the weakest: a sequence that converges in KL converges in JS and TV, and every such sequence converges in W, but not the reverse.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Theorem 2',
    minutes: 0.1,
  },
  saturation: {
    title: 'A discriminator saturates',
    claim:
      'Between two distributions that are far apart, the discriminator of a GAN saturates and its gradient vanishes; the critic converges to a linear function with clean gradients everywhere.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, figure 2',
    minutes: 1,
  },
  'vanishing-gradients': {
    title: 'Vanishing gradients',
    claim:
      'The better the discriminator, the smaller the gradient of the generator; the −log D trick replaces it by one of large variance, which is that of KL − 2 JS.',
    source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, figures 2 and 3, theorem 2.5',
    minutes: 4,
  },
  'value-surface': {
    title: 'Level sets of critics',
    claim:
      'A critic with weight clipping learns simple functions that miss the higher moments of the data; one with a gradient penalty does not.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, figure 1a',
    minutes: 6,
  },
  architectures: {
    title: 'Three generators',
    claim:
      'WGAN trains a DCGAN, a DCGAN without batch normalization and a multilayer perceptron; the GAN fails or collapses on the harder ones.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, section 4.3 and figures 5 to 7',
    minutes: 12,
  },
  'weight-clipping': {
    title: 'What weight clipping does',
    claim:
      'In a deep critic with weight clipping the gradients explode or vanish, and the weights gather at ±c; a gradient penalty keeps them stable.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, section 3 and figure 1b',
    minutes: 4,
  },
  noise: {
    title: 'Instance noise',
    claim:
      'Noise on real and generated samples makes their supports overlap: JS becomes a smooth function of the distance, with a gradient.',
    source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, section 3',
    minutes: 2,
  },
  'mode-collapse': {
    title: 'Mode collapse',
    claim:
      'A critic that is trained well cannot be fooled by a generator that collapses: in no experiment was there mode collapse.',
    source:
      'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, section 4.3; Goodfellow 2016, NIPS tutorial, section 3.2.5',
    minutes: 6,
  },
  correlation: {
    title: 'The estimate and sample quality',
    claim:
      'The estimate of W falls as the samples improve; the JS estimate of a GAN correlates poorly with their quality.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, section 4.2 and figures 3 and 4',
    minutes: 5,
  },
  robustness: {
    title: 'Random architectures',
    claim: 'WGAN-GP trains most of 200 random architectures on which the GAN fails.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, section 5.1 and table 2',
    minutes: 8,
  },
  calibration: {
    title: 'Comparing critics',
    claim:
      'The estimate is K·W, with a constant K of the critic: critics of different shape are comparable after division by the ratio of their constants, unless K depends on W, as under a gradient penalty.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, section 4.2 (the scaling factor depends on the critic)',
    minutes: 3,
  },
  momentum: {
    title: 'Momentum on a clipped critic',
    claim:
      'With momentum or a high learning rate WGAN training is unstable at times, and only then the cosine between the step of Adam and the gradient is negative.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, section 4.2',
    minutes: 4,
  },
  overfitting: {
    title: 'A critic that overfits',
    claim:
      'On a small data set, the estimates on training samples and on held-out samples part: the critic overfits first.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, section 5.6 and figure 5b',
    minutes: 4,
  },
} as const satisfies Record<string, StudyEntry>;

export type StudyId = keyof typeof studies;
