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
  overfitting: {
    title: 'A critic that overfits',
    claim:
      'On a small data set, the estimates on training samples and on held-out samples part: the critic overfits first.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, section 5.6 and figure 5b',
    minutes: 4,
  },
} as const satisfies Record<string, StudyEntry>;

export type StudyId = keyof typeof studies;
