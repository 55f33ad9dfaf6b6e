// The recorder: rows in order, whatever happens to the metrics of earlier ones.
import { describe, expect, it, vi } from 'vitest';
import { metrics as catalog } from '../catalog';
import type { MetricsWriter } from '../run/metricsWriter';
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { createRecorder } from './recorder';
import { createSampleMetrics } from './sampleMetrics';
import type { Row, TrainerEvent } from './trainerEvents';
import type { TrainerWorkerPool } from './workerTasks';

function createRecording(fullAt = Infinity) {
  const rows: [step: number, values: Row][] = [];
  const times: number[] = [];
  const events: TrainerEvent[] = [];
  const curve = {
    append: (step: number, wallTime: number, values: Row) => {
      if (step >= fullAt) throw new Error('the disk is full');
      rows.push([step, values]);
      times.push(wallTime);
    },
  } as unknown as MetricsWriter;
  const tensorboard = { scalars: () => {} } as unknown as TensorboardWriter;
  const recorder = createRecorder(
    curve,
    tensorboard,
    (event) => events.push(event),
    { modes: 3 },
    () => 0,
  );
  return { recorder, rows, times, events };
}

describe('the rows of a recorder', () => {
  it('wait for a metric, and are written in order', async () => {
    const { recorder, rows, events } = createRecording();
    let resolve: (values: Row) => void = () => {};
    await recorder.step(1, { loss: 1 });
    await recorder.step(2, { loss: 2 }, new Promise<Row>((done) => (resolve = done)));
    await recorder.step(3, { loss: 3 });
    expect(rows).toEqual([[1, { loss: 1 }]]);
    resolve({ w1: 0.5 });
    await recorder.settled();
    expect(rows.slice(1)).toEqual([
      [2, { loss: 2, w1: 0.5 }],
      [3, { loss: 3 }],
    ]);
    expect(events).toHaveLength(3);
    expect(recorder.metrics).toEqual({ modes: 3, w1: 0.5 });
  });

  it('have the time at which their step ended, not that of a metric they waited for', async () => {
    const { recorder, times } = createRecording();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1000);
    let resolve: (values: Row) => void = () => {};
    await recorder.step(1, { loss: 1 }, new Promise<Row>((done) => (resolve = done)));
    clock.mockReturnValue(2000);
    await recorder.step(2, { loss: 2 });
    clock.mockReturnValue(9000);
    resolve({ w1: 0.5 });
    await recorder.settled();
    clock.mockRestore();
    expect(times).toEqual([1, 2]);
  });

  it('are written without a metric that fails, and the last known value stays', async () => {
    const { recorder, rows } = createRecording();
    await recorder.step(1, { loss: 1 }, Promise.resolve({ w1: 0.5 }));
    await recorder.step(2, { loss: 2 }, Promise.reject(new Error('the thread died')));
    await recorder.step(3, { loss: 3 });
    await recorder.settled();
    expect(rows).toEqual([
      [1, { loss: 1, w1: 0.5 }],
      [2, { loss: 2 }],
      [3, { loss: 3 }],
    ]);
    expect(recorder.metrics).toEqual({ modes: 3, w1: 0.5 });
  });

  it('make training wait when ten thousand of them wait', async () => {
    const { recorder, rows } = createRecording();
    let resolve: (values: Row) => void = () => {};
    await recorder.step(1, {}, new Promise<Row>((done) => (resolve = done)));
    for (let step = 2; step < 10_000; step++) await recorder.step(step, {});
    let isWaiting = true;
    const step = recorder.step(10_000, {}).then(() => (isWaiting = false));
    await new Promise((done) => setTimeout(done, 20));
    expect(isWaiting).toBe(true);
    expect(rows).toEqual([]);
    resolve({});
    await step;
    expect(rows).toHaveLength(10_000);
  });

  it('that cannot be written end the run, not the process', async () => {
    const { recorder, rows } = createRecording(2);
    await recorder.step(1, {}, Promise.resolve({}));
    await recorder.settled();
    await expect(recorder.step(2, {})).rejects.toThrow('the disk is full');
    await recorder.step(3, {}, Promise.resolve({}));
    await expect(recorder.settled()).rejects.toThrow('the disk is full');
    expect(rows).toEqual([[1, {}]]);
  });
});

describe('metrics of samples', () => {
  /** Two-dimensional data whose worker threads fail as told. */
  function createContext(run: () => Promise<number>) {
    const data = { shape: [2], batch: () => {}, mixture: { centers: new Float32Array(16), sigma: 0.1 } };
    const workers = { run } as unknown as TrainerWorkerPool;
    return { data, workers, seed: 1 } as unknown as Parameters<typeof createSampleMetrics>[1];
  }
  const samples = new Float32Array(2 * 2500);

  it('that fail have no value, the others do; the failure is reported once', async () => {
    const failures: string[] = [];
    let calls = 0;
    const context = createContext(() =>
      ++calls > 4 ? Promise.resolve(0.25) : Promise.reject(new Error('the thread died')),
    );
    const compute = createSampleMetrics(['modes', 'w1'], context, (metric, error) =>
      failures.push(`${metric}: ${(error as Error).message}`),
    );
    for (let i = 0; i < 2; i++) expect(Object.keys(await compute(samples))).toEqual(Object.keys(catalog.modes.yields));
    expect(failures).toEqual(['w1: the thread died']);
    // The threads are well again: the distance between two real sets is computed again too.
    expect(await compute(samples)).toMatchObject({ w1: 0.25, w1Floor: 0.25 });
  });
});
