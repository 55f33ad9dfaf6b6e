// The curves of a run: metrics.bin, and the metrics of samples that a process of its own computes later, which are in
// sampleMetrics.bin, as further columns.
import { runPaths } from './directory';
import { isRunError } from './errors';
import { openMetrics, type Column, type Metrics, type Rows } from './metricsReader';

/** Columns of sampleMetrics.bin, at some of the steps of the curve. */
export interface SampleMetrics {
  readonly columns: readonly Column[];
  readonly rows: Pick<Rows, 'step' | 'columns'>;
}

/** Opens the curves of a run as one table. Throws a UserError as `openMetrics` does. */
export async function openRunMetrics(directory: string): Promise<Metrics> {
  const { metrics, sampleMetrics } = runPaths(directory);
  const later = await readSampleMetrics(sampleMetrics);
  const curve = await openMetrics(metrics);
  if (later === null) return curve;
  return {
    ...curve,
    columns: [...curve.columns, ...later.columns],
    read: async (from, to) => {
      const rows = await curve.read(from, to);
      return { ...rows, columns: { ...rows.columns, ...columnsAt(rows.step, later) } };
    },
  };
}

/** Null if there is no such file, or it is damaged: the curve is shown without it. */
export async function readSampleMetrics(file: string): Promise<SampleMetrics | null> {
  try {
    const metrics = await openMetrics(file);
    try {
      return { columns: metrics.columns, rows: await metrics.read() };
    } finally {
      await metrics.close();
    }
  } catch (error) {
    if (isRunError(error)) return null;
    throw error;
  }
}

/** The values at `steps`, in ascending order, by column; NaN where there are none. */
export function columnsAt(steps: ArrayLike<number>, { columns, rows }: SampleMetrics): Record<string, Float32Array> {
  const filled = columns.map(({ name }) => [name, new Float32Array(steps.length).fill(NaN)] as const);
  for (let i = 0, k = 0; i < steps.length && k < rows.step.length; ) {
    if (rows.step[k] < steps[i]) k++;
    else if (rows.step[k] > steps[i]) i++;
    else {
      for (const [name, values] of filled) values[i] = rows.columns[name][k];
      i++;
    }
  }
  return Object.fromEntries(filled);
}
