// The checkpoint with the best value of a metric ("checkpoints.best"). Which one it is follows from the curves and the
// checkpoints on the disk, so that no crash can leave a wrong record of it.
import { rankedNumbers } from '../catalog';
import type { BestCheckpoint } from '../protocol/status';
import { listCheckpoints } from './checkpoints';
import { runPaths } from './directory';
import { openRunMetrics } from './runMetrics';

/** Whether `value` is better than that of the best checkpoint so far; equal values are not. */
export const isBetter = (name: string, value: number, best: number): boolean =>
  rankedNumbers[name].better === 'lower' ? value < best : value > best;

/**
 * The best checkpoint of a run up to step `atMost` by the number `name`, the first of equal ones; null if no checkpoint
 * has a value. Throws a UserError if there is no curve, or it is damaged.
 */
export async function findBestCheckpoint(
  directory: string,
  name: string,
  atMost = Infinity,
): Promise<BestCheckpoint | null> {
  const saved = new Set(listCheckpoints(runPaths(directory).checkpoints).map(({ step }) => step));
  const metrics = await openRunMetrics(directory);
  try {
    const { step, columns } = await metrics.read();
    const values = Object.hasOwn(columns, name) ? columns[name] : [];
    let best: BestCheckpoint | null = null;
    values.forEach((value, row) => {
      if (!Number.isFinite(value) || step[row] > atMost || !saved.has(step[row])) return;
      if (best === null || isBetter(name, value, best.value)) best = { metric: name, step: step[row], value };
    });
    return best;
  } finally {
    await metrics.close();
  }
}
