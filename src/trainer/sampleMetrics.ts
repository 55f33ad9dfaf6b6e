// The metrics of generated samples, compared with fixed real samples so that they are comparable over a run.
import { isEvaluated, type EvaluatedMetricId, type MetricId } from '../catalog';
import type { Experiment } from '../experiment';
import type { DataSource } from '../data';
import type { TrainerWorkerPool } from './workerTasks';
import { countModes } from '../math/modes';
import type { Row } from './trainerEvents';

/** A metric that a thread computes within a moment; the others have a process of their own (evaluator.ts). */
export type QuickMetricId = Exclude<MetricId, EvaluatedMetricId>;

/** Samples that each metric uses; for distances, samples in each of the two sets. */
export const metricSampleCounts: { readonly [M in QuickMetricId]: number } = { modes: 2500, w1: 512, swd: 128 };

export interface MetricContext {
  readonly data: DataSource;
  readonly workers: TrainerWorkerPool;
  readonly seed: number;
}

/** The metrics of an experiment that are computed at once. */
export const quickMetrics = ({ metrics }: Experiment): QuickMetricId[] =>
  metrics.filter((id): id is QuickMetricId => !isEvaluated(id));

/** Computes a metric of `samples`, [n, ...shape]; on a worker thread if that takes long. */
type ComputeMetric = (samples: Float32Array) => Promise<Row>;

const makers: { readonly [M in QuickMetricId]: (context: MetricContext) => ComputeMetric } = {
  modes: ({ data: { mixture } }) => {
    if (!mixture) throw new Error('assertion failed: modes are counted for a mixture');
    return async (samples) => {
      const { covered, highQuality } = countModes(
        samples.subarray(0, 2 * metricSampleCounts.modes),
        mixture.centers,
        mixture.sigma,
      );
      return { modes: covered, highQuality };
    };
  },
  w1: (context) => {
    const { data, workers } = context;
    const dimensions = data.shape[0];
    return withFloor('w1', context, (x, y) => workers.run('w1', { x, y, dimensions }));
  },
  swd: (context) => {
    const { data, workers, seed } = context;
    const [height, width, channels] = data.shape;
    return withFloor('swd', context, (x, y) => workers.run('swd', { x, y, shape: { height, width, channels }, seed }));
  },
};

/**
 * A distance of generated samples from real ones, and its floor: the distance between two real sets, which no generator
 * can be expected to undercut.
 */
function withFloor(
  id: 'w1' | 'swd',
  { data, seed }: MetricContext,
  distance: (x: Float32Array, y: Float32Array) => Promise<number>,
): ComputeMetric {
  const real = (step: number): Float32Array => {
    const samples = new Float32Array(metricSampleCounts[id] * data.shape.reduce((a, b) => a * b));
    data.batch({ seed, stream: `measure/${id}`, step }, samples);
    return samples;
  };
  const [x, other] = [real(0), real(1)];
  let floor: Promise<number> | undefined;
  return async (samples) => {
    floor ??= distance(x, other);
    const [value, least] = await Promise.all([distance(x, samples.slice(0, x.length)), floor]).catch(
      (error: unknown) => {
        floor = undefined;
        throw error;
      },
    );
    return { [id]: value, [`${id}Floor`]: least };
  };
}

/**
 * Computes all metrics of an experiment. One that fails has no values; `onFailure` receives the reason, once per
 * metric.
 */
export function createSampleMetrics(
  ids: readonly QuickMetricId[],
  context: MetricContext,
  onFailure: (metric: QuickMetricId, error: unknown) => void,
): ComputeMetric {
  const failed = new Set<QuickMetricId>();
  const all = ids.map((id) => ({ id, compute: makers[id](context) }));
  const computed = async ({ id, compute }: (typeof all)[number], samples: Float32Array): Promise<Row> => {
    try {
      return await compute(samples);
    } catch (error) {
      if (!failed.has(id)) onFailure(id, error);
      failed.add(id);
      return {};
    }
  };
  return async (samples) =>
    Object.assign({}, ...(await Promise.all(all.map((metric) => computed(metric, samples))))) as Row;
}
