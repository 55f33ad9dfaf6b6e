// What a run records of its networks' weights and gradients at a sample step: the trainer writes it, the page draws it.
import { type Check, count, finite, listOf, object, oneOf, orNull } from './check';

/** How the values of a layer lie, numbers with four digits. */
export interface ValueSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Their Euclidean norm. */
  readonly norm: number;
  /** How many lie in each of equal parts of [min, max]; a single part where all values are the same. */
  readonly counts: readonly number[];
  /** Values that are not finite, which are left out of all else. */
  readonly bad: number;
}

export interface LayerSummary {
  readonly network: 'generator' | 'critic';
  readonly name: string;
  /** Null without a finite value. */
  readonly weights: ValueSummary | null;
  /** Of the loss that the network is trained on, for one fresh batch; null where none was taken, or none is finite. */
  readonly gradients: ValueSummary | null;
}

/** A line of histograms.jsonl. */
export interface StepSummary {
  readonly step: number;
  /** In the order in which the networks have them. */
  readonly layers: readonly LayerSummary[];
}

/** Parts of a histogram. */
export const HISTOGRAM_BINS = 30;
/** Layers of a line, at most: of a network with more, those after are seen in TensorBoard only. */
export const MAX_LAYERS = 512;

const most =
  (length: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= length && check(value);

const values = object<ValueSummary>({
  min: finite,
  max: finite,
  mean: finite,
  norm: finite,
  counts: most(HISTOGRAM_BINS, listOf(count)),
  bad: count,
});

const name: Check = (value) => typeof value === 'string' && value.length <= 200;

const layer = object<LayerSummary>({
  network: oneOf('generator', 'critic'),
  name,
  weights: orNull(values),
  gradients: orNull(values),
});

/** Whether a value is a `StepSummary`. */
export const isStepSummary = object<StepSummary>({ step: count, layers: most(MAX_LAYERS, listOf(layer)) });
