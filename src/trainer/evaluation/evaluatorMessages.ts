// What the trainer and the evaluator process send each other.
import type { EvaluatedMetricId } from '../../catalog';
import type { FeatureProtocol } from '../../protocol/metricProtocol';
import type { Row } from '../trainerEvents';
import type { FeatureOptions } from './featureNetwork';

/** The first request: what stays the same over a run. */
export interface EvaluatorSetup {
  readonly kind: 'open';
  readonly metrics: readonly EvaluatedMetricId[];
  /** Shape of an image. */
  readonly shape: readonly number[];
  readonly seed: number;
  /** Null if no metric needs them. */
  readonly features: FeatureOptions | null;
  /** Bytes of real images, row-major [n, ...shape]. */
  readonly real: Uint8ClampedArray;
  /** Null if no metric needs a classifier. */
  readonly labeled: LabeledBytes | null;
}

/** Labeled images as bytes, row-major [n, ...shape]. */
export interface LabeledBytes {
  readonly training: { readonly bytes: Uint8ClampedArray; readonly classes: Uint8Array };
  readonly held: { readonly bytes: Uint8ClampedArray; readonly classes: Uint8Array };
  readonly classCount: number;
  readonly realClasses: Uint8Array;
}

export type EvaluatorRequest =
  | EvaluatorSetup
  /** Bytes of generated images. */
  | { readonly kind: 'measure'; readonly generated: Uint8ClampedArray };

export type EvaluatorReply =
  | { readonly kind: 'opened'; readonly features: FeatureProtocol | null }
  | { readonly kind: 'measured'; readonly values: Row }
  | { readonly kind: 'failed'; readonly message: string; readonly isUserError: boolean };
