// Everything that a step leaves behind: its row in the curve, TensorBoard's copy, the event for whoever listens. Rows come in
// order, also where a measure of an earlier one is still being taken on another thread.
import type { TensorboardWriter } from '../run/tensorboardEvents';
import type { MetricsWriter } from '../run/metricsWriter';
import type { Listener, Row } from './trainerEvents';

export interface Recorder {
  /** Records a step. A row waits for `metrics`, and later rows wait for it. */
  step(step: number, values: Row, metrics?: Promise<Row>): void;
  /** Resolves when every row is written; rejects with what went wrong in a measure. */
  settled(): Promise<void>;
  /** The last value of every measure. */
  readonly metrics: Row;
}

interface Waiting {
  readonly step: number;
  readonly wallTime: number;
  values: Row;
  ready: boolean;
}

/** @param seconds how long this attempt has trained */
export function createRecorder(
  metrics: MetricsWriter,
  events: TensorboardWriter,
  listener: Listener,
  initial: Row,
  seconds: () => number,
): Recorder {
  const queue: Waiting[] = [];
  let latest: Row = initial;
  let measured: Promise<void> = Promise.resolve();

  const write = ({ step, wallTime, values }: Waiting): void => {
    const now = Date.now() / 1000;
    metrics.append(step, now, values);
    const known = Object.entries(values).filter(([, value]) => !Number.isNaN(value));
    events.scalars(step, now, Object.fromEntries(known));
    listener({ event: 'step', step, wallTime, values });
  };
  const drain = (): void => {
    while (queue[0]?.ready) write(queue.shift()!);
  };

  return {
    get metrics() {
      return latest;
    },
    step(step, values, metrics) {
      const row: Waiting = { step, wallTime: seconds(), values, ready: metrics === undefined };
      queue.push(row);
      if (metrics) {
        const taken = metrics.then((more) => {
          latest = { ...latest, ...more };
          row.values = { ...row.values, ...more };
          row.ready = true;
          drain();
        });
        measured = measured.then(() => taken);
        // Whoever waits in settled() hears of it; until then it must not end the process.
        measured.catch(() => {});
      }
      drain();
    },
    settled: () => measured,
  };
}
