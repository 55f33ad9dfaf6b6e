// A summary of a run for a language model: its state, its curve in a few points, and its notices.
import path from 'node:path';
import { readManifestAsync, runPaths } from '../../run/directory';
import { isUserError } from '../../shared/userError';
import type { Metrics } from '../../run/metricsReader';
import { openRunMetrics } from '../../run/runMetrics';
import { inside } from '../../run/diskAccess';
import { listSamples } from '../../run/sampleImages';
import { findLiveness, readStatusAsync } from '../../run/status';
import { noNotices, readNewNotices, samplePath } from '../monitor/runFiles';
import { shownState } from '../runs/describe';

/** null if not finite, as JSON has no such numbers. */
type Measured = number | null;

interface CurveSummary {
  /** Steps of the points, evenly spaced over the run, including the last step. */
  readonly steps: readonly number[];
  readonly estimate: readonly Measured[];
  /** Every column at the last step. */
  readonly last: Readonly<Record<string, Measured>>;
}

/** @param points maximum number of points of the curve */
export async function runSummary(directory: string, points: number) {
  const { experiment, seed, source } = await readManifestAsync(directory);
  const status = await readStatusAsync(directory);
  const paths = runPaths(directory);
  const notices = (await readNewNotices(paths.notices, noNotices)).content.slice(-10);
  const samples = inside(directory, 'samples');
  const { steps: sampleImages } = await listSamples(samples);
  return {
    run: path.basename(directory),
    directory,
    name: (experiment as { name?: unknown }).name,
    experiment: source.path,
    seed,
    state: status ? shownState({ status, liveness: await findLiveness(status) }) : 'starting',
    step: status?.step ?? 0,
    steps: status?.steps ?? null,
    secondsPerStep: status?.medianStepSeconds ?? null,
    device: status?.device ?? null,
    message: status?.message ?? null,
    errors: status?.errors ?? [],
    metrics: status?.metrics ?? {},
    bestCheckpoint: status?.best ?? null,
    notices: notices.map(({ step, level, message }) => ({ step, level, message })),
    curve: await curveOf(directory, points),
    sampleImages:
      sampleImages.length === 0
        ? null
        : { count: sampleImages.length, latest: samplePath(samples, sampleImages[sampleImages.length - 1]) },
  };
}

async function curveOf(directory: string, points: number): Promise<CurveSummary | null> {
  let metrics: Metrics;
  try {
    metrics = await openRunMetrics(directory);
  } catch (error) {
    // A run has no curve before its first step.
    if (!isUserError(error)) throw error;
    return null;
  }
  try {
    const { rows } = metrics;
    if (rows === 0) return null;
    const wanted = spread(rows, Math.max(1, points));
    const all = await Promise.all(wanted.map((row) => metrics.read(row, row + 1)));
    const read = all.filter(({ count }) => count > 0);
    if (read.length === 0) return null;
    const { columns } = read[read.length - 1];
    return {
      steps: read.map(({ step }) => step[0]),
      estimate: read.map((row) => measured(row.columns.estimate?.[0])),
      last: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, measured(values[0])])),
    };
  } finally {
    await metrics.close();
  }
}

/** At most `count` of `rows` indices, evenly spaced, including the last. */
export function spread(rows: number, count: number): number[] {
  const many = Math.min(rows, count);
  return Array.from({ length: many }, (_, i) => Math.round(((i + 1) * rows) / many) - 1);
}

const measured = (value: number | undefined): Measured =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
