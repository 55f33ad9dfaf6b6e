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
} as const satisfies Record<string, StudyEntry>;

export type StudyId = keyof typeof studies;
