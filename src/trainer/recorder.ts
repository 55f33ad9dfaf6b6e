// Records steps in metrics.bin, TensorBoard's events and trainer events, in order, even if a metric of an earlier step
// is still being computed on another thread.
import type { TensorboardWriter } from '../run/tensorboardEvents';
import type { MetricsWriter } from '../run/metricsWriter';
import type { Listener, Row } from './trainerEvents';

export interface Recorder {
  /**
   * Records a step. Its row, and all later ones, wait for `metrics`; if that is rejected, the row has none. Resolves at
   * once, or when fewer than `maxPending` rows wait.
   */
  step(step: number, values: Row, metrics?: Promise<Row>): Promise<void>;
  /** Resolves when all rows are written; rejects if one cannot be written. */
  settled(): Promise<void>;
  /** The last value of each metric. */
  readonly metrics: Row;
}

interface PendingRow {
  readonly step: number;
  /** When the step ended: in Unix seconds, and in seconds of training. */
  readonly at: number;
  readonly wallTime: number;
  values: Row;
  ready: boolean;
}

/** Rows that may wait for a metric: they are lost if the process is killed. */
const maxPending = 10_000;

/** @param seconds the training time of this attempt */
export function createRecorder(
  curve: MetricsWriter,
  tensorboard: TensorboardWriter,
  listener: Listener,
  initial: Row,
  seconds: () => number,
): Recorder {
  const queue: PendingRow[] = [];
  let latest: Row = initial;
  let settled: Promise<void> = Promise.resolve();

  const write = ({ step, at, wallTime, values }: PendingRow): void => {
    curve.append(step, at, values);
    const known = Object.entries(values).filter(([, value]) => !Number.isNaN(value));
    tensorboard.scalars(step, at, Object.fromEntries(known));
    listener({ event: 'step', step, wallTime, values });
  };
  const drain = (): void => {
    while (queue[0]?.ready) write(queue.shift()!);
  };

  return {
    get metrics() {
      return latest;
    },
    step: async (step, values, metrics) => {
      const row: PendingRow = {
        ...{ step, at: Date.now() / 1000, wallTime: seconds() },
        ...{ values, ready: metrics === undefined },
      };
      queue.push(row);
      if (metrics) {
        const added = metrics
          .catch((): Row => ({}))
          .then((values) => {
            latest = { ...latest, ...values };
            row.values = { ...row.values, ...values };
            row.ready = true;
            drain();
          });
        settled = settled.then(() => added);
        // settled() reports the error; until then it must not end the process as an unhandled rejection.
        settled.catch(() => {});
      }
      drain();
      if (queue.length >= maxPending) await settled;
    },
    settled: () => settled,
  };
}
