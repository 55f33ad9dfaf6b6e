// A study: the trainings that a claim of a paper needs, what is measured on them, and how it is drawn.
import type { TopLevelSpec } from 'vega-lite';
import type { ExperimentFile } from '../experiment';
import type { StepSummary } from '../protocol/histograms';

/** How large a study is run; the default is the size that docs/reproductions.md reports. */
export interface StudySize {
  readonly seeds: readonly number[];
  /** Factor on the steps of every training, in (0, 1]. */
  readonly scale: number;
}

/** The content of an experiment file without its seed. */
export type Trial = DeepReadonly<Omit<ExperimentFile, 'seed' | 'seeds' | '$schema'>>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A training of a study. */
export interface Training {
  readonly name: string;
  readonly trial: Trial;
  readonly seed: number;
  /** Where its run directory is or will be. */
  readonly directory: string;
}

/** A training that has ended. */
export interface TrialResult {
  /** The run directory. */
  readonly directory: string;
  readonly seed: number;
  /** Values of a column of its curve, one per step; NaN where it has none. */
  column(name: string): Float32Array;
  /** Weights and gradients of its layers at the sample steps. */
  readonly histograms: readonly StepSummary[];
  /** The last sample grid, as PNG. */
  readonly samples: Buffer;
}

/** The results of a trial, one per seed. */
export type Results = Readonly<Record<string, readonly TrialResult[]>>;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Conclusion {
  /** Whether the claim was seen here. */
  readonly holds: boolean;
  /** What came out here, in one sentence. */
  readonly verdict: string;
  /** The measured numbers, by file name. */
  readonly tables: Readonly<Record<string, Table>>;
  /** In Vega-Lite; its data inline. */
  readonly figure: TopLevelSpec;
}

export interface Study {
  /** The trainings, by name. */
  readonly trials: Readonly<Record<string, Trial>>;
  readonly conclude: (results: Results) => Conclusion | Promise<Conclusion>;
}

/** A trial with its steps scaled, at least 20, and everything that follows from the steps in proportion. */
export function scaled(trial: Trial, scale: number): Trial {
  const steps = Math.max(20, Math.round((trial.steps ?? 1000) * scale));
  return {
    ...trial,
    steps,
    samples: { every: steps, ...trial.samples },
    checkpoints: { every: steps, keep: 1, ...trial.checkpoints },
  };
}

/** The mean of the finite values among the last share of a column. */
export function lastMean(values: Float32Array, share = 0.1): number {
  const last = values.subarray(Math.floor(values.length * (1 - share))).filter(Number.isFinite);
  return last.reduce((a, b) => a + b, 0) / last.length;
}
