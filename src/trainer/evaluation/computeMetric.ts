// Computes the metrics of an evaluation.
import { evaluationMetrics, type EvaluationMetricId } from '../../catalog';
import type { DataSource } from '../../data';
import { histogramDivergence } from '../../math/classifier';
import { countModes } from '../../math/modes';
import type { FeatureProtocol, Protocol } from '../../protocol/metricProtocol';
import type { MetricTasks } from '../workerTasks';
import { classifierProtocol, type ImageClassifier } from './imageClassifier';
import type { SampleArray } from './sampleArray';

export interface EvaluatedSets {
  readonly generated: SampleArray;
  readonly real: SampleArray;
  /** Other real samples. */
  readonly floor: SampleArray | null;
}

/** Row-major [n, dimensions]. */
export interface Features {
  readonly generated: Float32Array;
  readonly real: Float32Array;
  readonly protocol: FeatureProtocol;
}

export interface MetricInput extends EvaluatedSets {
  readonly mixture?: DataSource['mixture'];
  /** Runs a computation, such as on a worker thread. */
  readonly run: <K extends keyof MetricTasks>(
    task: K,
    payload: MetricTasks[K]['payload'],
  ) => Promise<MetricTasks[K]['result']>;
  readonly classifier: ImageClassifier | null;
  readonly features: Features | null;
  readonly seed: number;
}

/** The numbers by name, and the part of their protocol that depends on the metric. */
export interface MetricOutput extends Pick<Protocol, 'generated' | 'real' | 'features' | 'classifier'> {
  readonly values: Readonly<Record<string, number>>;
}

type Compute = (input: MetricInput, most: number) => Promise<MetricOutput>;

const computers: { readonly [M in EvaluationMetricId]: Compute } = {
  modes: async ({ generated, mixture }, most) => {
    if (!mixture) throw new Error('assertion failed: modes are counted for a mixture');
    const count = Math.min(most, generated.count);
    const { covered, highQuality } = countModes(generated.read(0, count), mixture.centers, mixture.sigma);
    return { values: { modes: covered, highQuality }, generated: count, real: 0 };
  },
  w1: (input, most) =>
    distance('w1', input, most, (x, y) => input.run('w1', { x, y, dimensions: input.real.shape[0] })),
  swd: (input, most) => {
    const [height, width, channels] = input.real.shape;
    const shape = { height, width, channels };
    return distance('swd', input, most, (x, y) => input.run('swd', { x, y, shape, seed: input.seed }));
  },
  classes: classCoverage,
  fid: (input, most) => ofFeatures(input, most, async (sets) => ({ fid: await input.run('frechetDistance', sets) })),
  kid: (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { mean, deviation } = await input.run('kernelDistance', { ...sets, seed: input.seed });
      return { kid: mean, kidDeviation: deviation };
    }),
  'precision-recall': (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { precision, recall } = await input.run('compareManifolds', { ...sets, neighbors: 3 });
      return { precision, recall };
    }),
  'density-coverage': (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { density, coverage } = await input.run('compareManifolds', { ...sets, neighbors: 5 });
      return { density, coverage };
    }),
};

export const computeMetric = (id: EvaluationMetricId, input: MetricInput): Promise<MetricOutput> =>
  computers[id](input, evaluationMetrics[id].most);

/** A distance of equally many samples, and its floor between two real sets if there are enough real samples. */
async function distance(
  name: 'w1' | 'swd',
  { generated, real, floor }: EvaluatedSets,
  most: number,
  between: (x: Float32Array, y: Float32Array) => Promise<number>,
): Promise<MetricOutput> {
  const count = Math.min(most, generated.count, real.count);
  const x = real.read(0, count);
  const [value, least] = await Promise.all([
    between(x, generated.read(0, count)),
    floor && floor.count >= count ? between(x, floor.read(0, count)) : null,
  ]);
  return {
    values: { [name]: value, ...(least === null ? {} : { [`${name}Floor`]: least }) },
    generated: count,
    real: count,
  };
}

async function classCoverage({ generated, classifier }: MetricInput, most: number): Promise<MetricOutput> {
  if (!classifier) throw new Error('assertion failed: classes of images without labels');
  const { classCount, realClasses } = classifier.data;
  const count = Math.min(most, generated.count);
  const found = await classifier.classify(generated.read(0, count).map((value) => (value + 1) / 2));
  const histogram = (all: Uint8Array): Float64Array => {
    const counts = new Float64Array(classCount);
    for (const each of all) counts[each]++;
    return counts;
  };
  const [made, real] = [histogram(found.classes), histogram(realClasses)];
  return {
    values: {
      classes: made.filter((samples) => samples > 0).length,
      classDivergence: histogramDivergence(made, real),
      accuracy: found.accuracy,
    },
    generated: count,
    real: 0,
    classifier: classifierProtocol(classifier.data),
  };
}

interface FeatureSets {
  readonly real: Float32Array;
  readonly generated: Float32Array;
  readonly dimensions: number;
}

async function ofFeatures(
  { features }: MetricInput,
  most: number,
  compute: (sets: FeatureSets) => Promise<MetricOutput['values']>,
): Promise<MetricOutput> {
  if (!features) throw new Error('assertion failed: a metric of features without a feature network');
  const { dimensions } = features.protocol;
  const [real, generated] = [features.real, features.generated].map((set) => set.subarray(0, most * dimensions));
  return {
    values: await compute({ real, generated, dimensions }),
    generated: generated.length / dimensions,
    real: real.length / dimensions,
    features: features.protocol,
  };
}
