// Measures the files of a run: a long curve, the status, and a checkpoint.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCheckpoint, writeCheckpoint } from '../src/run/checkpoints';
import { followMetrics, openMetrics } from '../src/run/metricsReader';
import { createMetrics, resumeMetrics } from '../src/run/metricsWriter';
import { startStatus } from '../src/run/status';
import { median } from './statistics';

const columns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'w1'].map((name) => ({
  name,
  label: name,
  unit: '',
}));
/** Values in a checkpoint: 64 MiB. */
const values = 1 << 24;

/** Prints the median milliseconds of each operation, with a curve of `rows` rows. */
export async function benchmarkRunFiles(rows: number, rounds: number, log: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-bench-'));
  const times = new Map<string, number[]>();
  const timed = async (name: string, work: () => unknown): Promise<void> => {
    const startedAt = performance.now();
    await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - startedAt]);
  };
  try {
    for (let round = 0; round < rounds; round++) await measureRun(path.join(folder, `${round}`), rows, timed);
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const [name, all] of times) log(`${name.padEnd(40)} ${median(all).toFixed(1).padStart(9)} ms`);
}

type Timed = (name: string, work: () => unknown) => Promise<void>;

async function measureRun(folder: string, rows: number, timed: Timed): Promise<void> {
  const checkpoints = path.join(folder, 'checkpoints');
  const tensors = { x: { dtype: 'float32', shape: [values], data: new Float32Array(values).fill(0.5) } } as const;
  const content = { step: 1, seed: 1, record: {}, tensors, files: { 'generator/weights.bin': new Uint8Array(values) } };
  await timed('write a checkpoint of 80 MiB', () => writeCheckpoint(checkpoints, content));
  await timed('read and verify it', () => openCheckpoint(checkpoints));

  const file = path.join(folder, 'metrics.bin');
  const row = Object.fromEntries(columns.map(({ name }, c) => [name, c / 3]));
  await timed(`write ${rows} rows`, () => {
    const writer = createMetrics(file, columns);
    for (let step = 1; step <= rows; step++) writer.append(step, step, row);
    writer.close();
  });
  await timed('read them', async () => {
    const metrics = await openMetrics(file);
    await metrics.read();
    await metrics.close();
  });
  await timed('follow them, until the first state', async () => {
    await new Promise<void>((resolve) => {
      const following = followMetrics(file, () => {
        following.stop();
        resolve();
      });
    });
  });
  await timed('resume them', () => resumeMetrics(file, columns, rows - 1).close());

  const status = startStatus(folder, { attempt: 1, step: 0, steps: 10 });
  for (let i = 0; i < 20; i++) await timed('write the status', () => status.acknowledge('command'));
}
