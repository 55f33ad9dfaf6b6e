// Histograms of weights and gradients at a sample step, written by the trainer and drawn by the monitor.
import { type Check, count, finite, listOf, object, oneOf, orNull } from './check';

/** The distribution of a layer's values; numbers have four significant digits. */
export interface ValueSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The Euclidean norm. */
  readonly norm: number;
  /** Counts in bins of equal width over [min, max]; a single bin if all values are equal. */
  readonly counts: readonly number[];
  /** The number of values that are not finite, which all other fields ignore. */
  readonly bad: number;
}

export interface LayerSummary {
  readonly network: 'generator' | 'critic';
  readonly name: string;
  /** Null if no value is finite. */
  readonly weights: ValueSummary | null;
  /** Gradients of the network's loss for one separate batch; null if not computed, or none is finite. */
  readonly gradients: ValueSummary | null;
}

/** A line of histograms.jsonl. */
export interface StepSummary {
  readonly step: number;
  /** In the order of the networks. */
  readonly layers: readonly LayerSummary[];
}

/** Bins of a histogram. */
export const HISTOGRAM_BINS = 30;
/** The maximum number of layers per line; further layers are only in TensorBoard. */
export const MAX_LAYERS = 512;

const atMost =
  (length: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= length && check(value);

const values = object<ValueSummary>({
  min: finite,
  max: finite,
  mean: finite,
  norm: finite,
  counts: atMost(HISTOGRAM_BINS, listOf(count)),
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
export const isStepSummary = object<StepSummary>({ step: count, layers: atMost(MAX_LAYERS, listOf(layer)) });
