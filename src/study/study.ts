// A study: the trainings that a claim of a paper needs, what is measured on them, and how it is drawn.
import type { TopLevelSpec } from 'vega-lite';
import type { Experiment, ExperimentFile } from '../experiment';
import { median } from '../math/median';
import type { Table } from '../shared/table';
import type { StepSummary } from '../protocol/histograms';

/** How large a study is run; the default is the size that docs/reproductions.md reports. */
export interface StudySize {
  readonly seeds: readonly number[];
  /** Factor on the steps of every training, in (0, 1]. */
  readonly scale: number;
  /** The number of cases of a counted study; without one, its own. */
  readonly count?: number;
}

/**
 * The content of an experiment file without its seed. "initialWeights" may name an earlier trial of the study, which
 * means its run of the same seed, and after it "@step", one of its checkpoints.
 */
export type Trial = DeepReadonly<Omit<ExperimentFile, 'seed' | 'seeds' | '$schema'>>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** Thrown when a study is interrupted: what is trained is kept. */
export class StudyInterrupted extends Error {}

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
  /** D(x) of its critic at the end, for samples row-major [n, ...shape]. */
  scores(samples: Float32Array): Promise<Float32Array>;
  /** Weights and gradients of its layers at the sample steps. */
  readonly histograms: readonly StepSummary[];
  /** The last sample grid, as PNG. */
  readonly samples: Buffer;
}

/** The results of a trial, one per seed. */
export type Results = Readonly<Record<string, readonly TrialResult[]>>;

export interface Conclusion {
  /** Whether the claim was seen here. */
  readonly holds: boolean;
  /** The result here, in one sentence. */
  readonly verdict: string;
  /** The measured numbers, by file name. */
  readonly tables: Readonly<Record<string, Table>>;
  /** In Vega-Lite; its data inline. */
  readonly figure: TopLevelSpec;
}

/** The settings of an experiment file that replace those of all trainings of a study. */
export interface OwnSettings {
  /** The absolute path of the file, from whose folder its paths start. */
  readonly file: string;
  readonly settings: Partial<Trial>;
}

export interface Study {
  /** The settings that an experiment file can replace, since the study does not vary them; or why it takes no file. */
  readonly takes: readonly (keyof Trial & keyof Experiment)[] | string;
  /** The trainings, by name. */
  readonly trials: Readonly<Record<string, Trial>>;
  readonly conclude: (results: Results) => Conclusion | Promise<Conclusion>;
}

/** A study of as many cases as asked for, each a function of its index: a larger number only adds cases. */
export interface CountedStudy {
  readonly count: number;
  /** What is counted, in the plural. */
  readonly cases: string;
  readonly of: (count: number) => Study;
}

/** A trial with its steps scaled, at least 20, and everything that follows from the steps in proportion. */
export function scaled(trial: Trial, scale: number): Trial {
  const fewer = (steps: number, least: number): number => Math.max(least, Math.round(steps * scale));
  const steps = fewer(trial.steps ?? 1000, 20);
  const every = (given: number | undefined, least: number) => (given === undefined ? steps : fewer(given, least));
  return {
    ...trial,
    steps,
    samples: { ...trial.samples, every: every(trial.samples?.every, 5) },
    checkpoints: { keep: 1, ...trial.checkpoints, every: every(trial.checkpoints?.every, 5), minutes: null },
  };
}

/** The step of the checkpoint of a scaled trial that stands for `step` of the trial itself. */
export function scaledCheckpoint({ steps = 1000, checkpoints }: Trial, step: number, scale: number): number {
  const every = checkpoints?.every ?? steps;
  const nearest = Math.max(1, Math.round((step * scale) / every)) * every;
  return Math.min(steps, nearest);
}

/**
 * The norm of the gradient of a network's loss with respect to its parameters, at each sample step. It is taken on
 * samples of its own, so its variance is not that of the training.
 */
export function gradientNorms({ histograms }: TrialResult, network: 'generator' | 'critic'): [number, number][] {
  return histograms.map(({ step, layers }) => {
    const squares = layers.map((layer) => (layer.network === network ? (layer.gradients?.norm ?? 0) ** 2 : 0));
    return [step, Math.sqrt(squares.reduce((a, b) => a + b, 0))];
  });
}

/** A number per seed as text: the median, and the range if there is one. */
export function overSeeds(values: readonly number[], text: (value: number) => string): string {
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  return low === high ? low : `${text(median(values))} (${low} to ${high})`;
}

/** A share as text, with a digit more below a tenth. */
export const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;

/** The mean of the finite values among the last share of a column. */
export function lastMean(values: Float32Array, share = 0.1): number {
  const last = values.subarray(Math.floor(values.length * (1 - share))).filter(Number.isFinite);
  return last.reduce((a, b) => a + b, 0) / last.length;
}
