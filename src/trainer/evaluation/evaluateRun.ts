// Evaluates the generator of a checkpoint: draws samples, compares them with real ones by metrics, and records the
// numbers with their protocol.
import path from 'node:path';
import { evaluationMetrics, type EvaluationMetricId } from '../../catalog';
import { createWorkerPool, dataDifference, identifyData, type DataSource } from '../../data';
import type { Experiment } from '../../experiment';
import { packageVersion } from '../../files/packageVersion';
import { openRun } from '../../run/directory';
import type { Protocol } from '../../protocol/metricProtocol';
import { appendEvaluation, type Evaluation, type MetricResult } from '../../run/evaluations';
import { openExportSource, type CheckpointChoice } from '../../run/export/exportFile';
import { grouped, list, plural } from '../../shared/text';
import { UserError } from '../../shared/userError';
import { openData } from '../openData';
import type { TrainerTasks, TrainerWorkerPool } from '../workerTasks';
import { openFeatureNetwork, type FeatureNetwork, type FeatureOptions } from './featureNetwork';
import { computeMetric, type EvaluatedSets, type Features } from './computeMetric';
import { dataProtocol } from './dataProtocol';
import { classifierData } from './imageClassifier';
import { openGeneratorSampler } from './generatorSampler';
import { collectSamples, sampleBytes, type SampleArray } from './sampleArray';

export interface EvaluationRequest {
  /** The run directory. */
  readonly run: string;
  /** By default the newest checkpoint. */
  readonly checkpoint?: CheckpointChoice;
  /** Number of generated samples, and of real ones if there are as many. */
  readonly samples?: number;
  /** By default the held-out split, if there is one. */
  readonly split?: 'training' | 'held-out';
  readonly seed: number;
  /** By default all that apply. */
  readonly metrics?: readonly EvaluationMetricId[];
  readonly features?: FeatureOptions;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  readonly signal: AbortSignal;
  /** Receives what is being done, as "Features of real images: 64 of 2500". */
  readonly progress: (text: string) => void;
}

export interface EvaluatedRun extends Evaluation {
  /** Notices for the user, in full sentences. */
  readonly notes: readonly string[];
}

/** Throws a UserError for what the user can fix; an abort rejects with any error. Records the numbers in the run. */
export async function evaluateRun(request: EvaluationRequest): Promise<EvaluatedRun> {
  const { run, checkpoint: choice = Infinity, signal, progress } = request;
  const source = await openExportSource(run, choice);
  const { directory, experiment, checkpoint } = source;
  const workers = createWorkerPool<TrainerTasks>(request.taskWorker, 2);
  const onAbort = (): void => void workers.close();
  signal.addEventListener('abort', onAbort);
  try {
    const folder = path.dirname(path.resolve(source.source.path));
    const data = await openData(experiment, {
      ...{ source: source.source, folder, workers, signal, notice: progress },
      keepsPath: true,
    });
    try {
      const notes = [...source.damaged];
      const { identity, changed } = await dataIdentity(directory, data);
      if (changed !== undefined) notes.push(`The data changed since the run began: it ${changed}.`);
      const { metrics, skipped } = chosenMetrics(request, data);
      const plan = planSamples(request, experiment, data, metrics);
      notes.push(...skipped, ...plan.notes);
      const { generatedSets, notices } = await drawSets(request, source, data, plan);
      notes.push(...notices);
      const common = {
        split: plan.split,
        data: dataProtocol(experiment, identity),
        shape: data.shape,
        seed: request.seed,
        version: packageVersion(),
      };
      const results = await computeAll(request, plan.metrics, generatedSets, common, { data, workers });
      const evaluation = { step: checkpoint.step, wallTime: Date.now() / 1000, results };
      signal.throwIfAborted();
      appendEvaluation(directory, evaluation);
      return { ...evaluation, notes };
    } finally {
      data.close?.();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await workers.close();
  }
}

async function dataIdentity(directory: string, data: DataSource) {
  const identity = await identifyData(data.files);
  return { identity, changed: dataDifference(openRun(directory).manifest.data, identity) };
}

/** What the data or the command line must have for a metric: whether it is there, and what to say if not. */
function availability({ features }: EvaluationRequest, { shape, mixture, labels }: DataSource) {
  const isImages = shape.length === 3;
  return {
    mixture: [mixture !== undefined, 'needs data from a mixture with known modes, such as gaussians-ring'],
    points: [!isImages, 'needs points, and the data is images'],
    images: [isImages, 'needs images, and the data is points'],
    labels: [isImages && labels !== undefined, 'needs images with classes, such as digits, or files with labels'],
    features: [
      isImages && features !== undefined,
      isImages
        ? 'needs a feature network: --features FILE.onnx (docs/metrics.md)'
        : 'needs images, and the data is points',
    ],
  } as const satisfies Record<(typeof evaluationMetrics)[EvaluationMetricId]['needs'], readonly [boolean, string]>;
}

function chosenMetrics(request: EvaluationRequest, data: DataSource) {
  const available = availability(request, data);
  const ids = Object.keys(evaluationMetrics) as EvaluationMetricId[];
  const applicable = ids.filter((id) => available[evaluationMetrics[id].needs][0]);
  const refused = request.metrics?.find((id) => !applicable.includes(id));
  if (refused !== undefined) {
    const [, reason] = available[evaluationMetrics[refused].needs];
    throw new UserError('metric', `The metric ${refused} ${reason}. With this run: --metrics ${applicable.join(',')}`);
  }
  const metrics = request.metrics ?? applicable;
  const isIdle = request.features !== undefined && !metrics.some((id) => evaluationMetrics[id].needs === 'features');
  return { metrics, skipped: isIdle ? ['--features is not used: none of the metrics needs a feature network.'] : [] };
}

interface Plan {
  readonly metrics: readonly EvaluationMetricId[];
  readonly split: Protocol['split'];
  readonly generated: number;
  readonly real: number;
  /** Further real samples, for the floor of a distance. */
  readonly floor: number;
  readonly notes: readonly string[];
}

const defaultSamples = 2500;
/** Real samples that are drawn at once. */
const realBatch = 64;
const wholeBatches = (count: number): number => Math.ceil(count / realBatch);
const maxBytes = 2 ** 31;

/** How many samples to draw from where. */
function planSamples(
  { samples, split: wanted, metrics: named }: EvaluationRequest,
  { data: config }: Experiment,
  data: DataSource,
  metrics: readonly EvaluationMetricId[],
): Plan {
  const hasHeldOut = config.validation > 0 && data.validationSize > 0 && Number.isFinite(data.validationSize);
  if (wanted === 'held-out' && !hasHeldOut)
    throw new UserError('split', 'The run has no held-out samples (its "data.validation" is 0). Use --split training.');
  const split = !Number.isFinite(data.size) ? 'distribution' : (wanted ?? (hasHeldOut ? 'held-out' : 'training'));
  const size = split === 'held-out' ? data.validationSize : data.size;
  const most = Math.max(...metrics.map((id) => evaluationMetrics[id].most));
  const generated = Math.min(samples ?? defaultSamples, most);
  const real = Math.min(generated, size);
  const distances = metrics.filter((id) => id === 'w1' || id === 'swd').map((id) => evaluationMetrics[id].most);
  const floor = Math.max(0, Math.min(real, Math.max(0, ...distances), size - wholeBatches(real) * realBatch));
  const total = sampleBytes(generated + real + floor, data.shape);
  if (total > maxBytes) {
    const possible = Math.floor((generated * maxBytes) / total);
    throw new UserError(
      'samples',
      `${grouped(generated)} samples of [${data.shape.join(', ')}] are too many for the memory: use --samples ${possible} or fewer.`,
    );
  }
  const tooFew = metrics.filter((id) => evaluationMetrics[id].least > Math.min(generated, real));
  if (tooFew.length > 0 && (named || tooFew.length === metrics.length)) {
    const [id] = tooFew;
    throw new UserError(
      'samples',
      `The metric ${id} needs at least ${evaluationMetrics[id].least} generated and real samples, and there are ${generated} and ${real}. Raise --samples, or choose --split training.`,
    );
  }
  const limited =
    generated < (samples ?? 0) ? [`${plural(most, 'sample')} are used, the most that these metrics can use.`] : [];
  const fewer = `The ${split} split has only ${plural(real, 'sample')}; ${grouped(generated)} were generated.`;
  return {
    metrics: metrics.filter((id) => !tooFew.includes(id)),
    split,
    generated,
    real,
    floor,
    notes: [
      ...limited,
      ...(real < generated ? [fewer] : []),
      ...(tooFew.length > 0 ? [`There are too few samples for ${list(tooFew)}.`] : []),
    ],
  };
}

async function drawSets(
  { seed, run, signal, progress }: EvaluationRequest,
  source: Awaited<ReturnType<typeof openExportSource>>,
  data: DataSource,
  plan: Plan,
): Promise<{ readonly generatedSets: EvaluatedSets; readonly notices: readonly string[] }> {
  const { checkpoint } = source;
  const sampler = await openGeneratorSampler(source, data.shape);
  const counted = (what: string, total: number, done: number): void => {
    signal.throwIfAborted();
    progress(`${what}: ${done} of ${total}`);
  };
  try {
    const generated = await collectSamples(
      plan.generated,
      data.shape,
      sampler.batch,
      async (k, out) => {
        counted('Generated samples', plan.generated, k * sampler.batch);
        out.set(await sampler.draw({ seed, stream: 'evaluate/z', step: k }));
      },
      () => {
        throw new UserError(
          'not-finite',
          `The generator of step ${checkpoint.step} gives samples that are not numbers (NaN or infinite). Choose an earlier checkpoint with --step.`,
        );
      },
    );
    const fill = plan.split === 'held-out' ? data.validationBatch : data.batch;
    const drawReal = (count: number, first: number): Promise<SampleArray> =>
      collectSamples(
        count,
        data.shape,
        realBatch,
        (k, out) => {
          counted('Real samples', count, k * realBatch);
          fill({ seed, stream: 'evaluate/real', step: first + k }, out);
        },
        () => {
          throw new UserError('not-finite', `The data of ${run} has values that are not numbers.`);
        },
      );
    const real = await drawReal(plan.real, 0);
    // Batches after the real ones, so that no sample is in both sets while there are enough.
    const floor = plan.floor > 0 ? await drawReal(plan.floor, wholeBatches(plan.real)) : null;
    return { generatedSets: { generated, real, floor }, notices: sampler.notices };
  } finally {
    await sampler.dispose();
  }
}

async function computeAll(
  { features: options, seed, signal, progress }: EvaluationRequest,
  metrics: readonly EvaluationMetricId[],
  sets: EvaluatedSets,
  common: Omit<Protocol, 'generated' | 'real'>,
  { data, workers }: { readonly data: DataSource; readonly workers: TrainerWorkerPool },
): Promise<MetricResult[]> {
  const ofFeatures = metrics.filter((id) => evaluationMetrics[id].needs === 'features');
  const most = Math.max(0, ...ofFeatures.map((id) => evaluationMetrics[id].most));
  const network = options && most > 0 ? await openFeatureNetwork(options, common.shape) : null;
  try {
    const featuresOf = async (name: string, samples: SampleArray, featureNetwork: FeatureNetwork) => {
      const count = Math.min(most, samples.count);
      return featureNetwork.features(samples, count, (done) => {
        signal.throwIfAborted();
        progress(`Features of ${name} images: ${done} of ${count}`);
      });
    };
    const features: Features | null = network && {
      generated: await featuresOf('generated', sets.generated, network),
      real: await featuresOf('real', sets.real, network),
      protocol: network.protocol(),
    };
    const labeled = metrics.includes('classes') ? classifierData(data) : null;
    const classifier = labeled && {
      data: labeled,
      classify: (samples: Float32Array) => workers.run('classify', { ...labeled, samples }),
    };
    const results: MetricResult[] = [];
    for (const id of metrics) {
      signal.throwIfAborted();
      progress(`Computing ${id}`);
      const { values, ...protocol } = await computeMetric(id, {
        ...{ ...sets, mixture: data.mixture, run: workers.run, classifier, features, seed },
      });
      results.push({ metric: id, values, protocol: { ...common, ...protocol } });
    }
    return results;
  } finally {
    await network?.dispose();
  }
}
