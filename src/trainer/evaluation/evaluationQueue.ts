// Generated images whose metrics are computed by the evaluator while training continues, in the order of their steps.
import type { Row } from '../trainerEvents';
import type { Evaluator } from './evaluator';

/** Images of a step, as bytes [n, ...shape]. */
export interface PendingImages {
  readonly step: number;
  readonly images: Uint8ClampedArray;
}

export interface EvaluationQueue {
  /** Adds the images of a step. Resolves at once, or when fewer than `maxPending` wait. */
  add(pending: PendingImages): Promise<void>;
  /** Those without metrics so far: a checkpoint keeps them, so that a resumed run computes them again. */
  readonly pending: readonly PendingImages[];
  /** The last value of each metric. */
  readonly metrics: Row;
  /** Resolves when none is pending; rejects if metrics cannot be written. */
  settled(): Promise<void>;
}

/** Sets of images in memory; training waits for the first of them before it adds another one. */
const maxPending = 4;

/**
 * @param write receives the metrics, in the order of steps
 * @param onFailure receives the error of images without metrics; whether they remain pending, for a resumed run
 */
export function createEvaluationQueue(
  evaluator: Pick<Evaluator, 'measure'>,
  initial: Row,
  write: (step: number, values: Row) => void,
  onFailure: (step: number, error: unknown) => boolean,
): EvaluationQueue {
  let pending: readonly PendingImages[] = [];
  let metrics = initial;
  let last: Promise<void> = Promise.resolve();
  /** One promise for each set of images that waits, the first one first. */
  const waiting: Promise<void>[] = [];
  const removed = (step: number): void => void (pending = pending.filter((each) => each.step !== step));

  const evaluate = async ({ step, images }: PendingImages): Promise<void> => {
    let values: Row;
    try {
      values = await evaluator.measure(images);
    } catch (error) {
      if (!onFailure(step, error)) removed(step);
      return;
    }
    metrics = { ...metrics, ...values };
    removed(step);
    write(step, values);
  };
  return {
    add: async (images) => {
      pending = [...pending, images];
      last = last.then(() => evaluate(images));
      const ended = last.finally(() => void waiting.shift());
      // settled() reports the error; until then it must not end the process as an unhandled rejection.
      ended.catch(() => {});
      waiting.push(ended);
      if (waiting.length > maxPending) await waiting[0];
    },
    get pending() {
      return pending;
    },
    get metrics() {
      return metrics;
    },
    settled: () => last,
  };
}
