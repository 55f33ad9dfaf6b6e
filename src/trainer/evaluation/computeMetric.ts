// Computes the metrics of an evaluation, on worker threads.
import { evaluationMetrics, type EvaluationMetricId } from '../../catalog';
import { labeledImages, type DataSource } from '../../data';
import { classifierEpochs, hiddenUnits, histogramDivergence } from '../../math/classifier';
import { countModes } from '../../math/modes';
import type { FeatureProtocol, Protocol } from '../../run/evaluations';
import { sizeOfShape } from '../../shared/shape';
import type { TrainerWorkerPool } from '../workerTasks';
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
  readonly data: DataSource;
  readonly workers: TrainerWorkerPool;
  readonly features: Features | null;
  readonly seed: number;
}

/** The numbers by name, and the part of their protocol that depends on the metric. */
export interface MetricOutput extends Pick<Protocol, 'generated' | 'real' | 'features' | 'classifier'> {
  readonly values: Readonly<Record<string, number>>;
}

type Compute = (input: MetricInput, most: number) => Promise<MetricOutput>;

const computers: { readonly [M in EvaluationMetricId]: Compute } = {
  modes: async ({ generated, data: { mixture } }, most) => {
    if (!mixture) throw new Error('assertion failed: modes are counted for a mixture');
    const count = Math.min(most, generated.count);
    const { covered, highQuality } = countModes(generated.read(0, count), mixture.centers, mixture.sigma);
    return { values: { modes: covered, highQuality }, generated: count, real: 0 };
  },
  w1: (input, most) =>
    distance('w1', input, most, (x, y) => input.workers.run('w1', { x, y, dimensions: input.data.shape[0] })),
  swd: (input, most) => {
    const [height, width, channels] = input.data.shape;
    const shape = { height, width, channels };
    return distance('swd', input, most, (x, y) => input.workers.run('swd', { x, y, shape, seed: input.seed }));
  },
  classes: classCoverage,
  fid: (input, most) =>
    ofFeatures(input, most, async (sets) => ({ fid: await input.workers.run('frechetDistance', sets) })),
  kid: (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { mean, deviation } = await input.workers.run('kernelDistance', { ...sets, seed: input.seed });
      return { kid: mean, kidDeviation: deviation };
    }),
  'precision-recall': (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { precision, recall } = await input.workers.run('compareManifolds', { ...sets, neighbors: 3 });
      return { precision, recall };
    }),
  'density-coverage': (input, most) =>
    ofFeatures(input, most, async (sets) => {
      const { density, coverage } = await input.workers.run('compareManifolds', { ...sets, neighbors: 5 });
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

/** Images that the classifier is trained on and tested with: at most so many, and so many bytes. */
const labeledCount = 12_000;
const labeledBytes = 2 ** 28;

async function classCoverage({ generated, data, workers }: MetricInput, most: number): Promise<MetricOutput> {
  const dimensions = sizeOfShape(data.shape);
  const labeled = labeledImages(data, Math.min(labeledCount, Math.floor(labeledBytes / (4 * dimensions))), 0);
  if (!labeled) throw new Error('assertion failed: classes of images without labels');
  const { classes, values } = labeled;
  const classCount = Math.max(...classes) + 1;
  const trained = Math.ceil(classes.length * (5 / 6));
  const part = (from: number, to: number) => ({
    values: values.subarray(from * dimensions, to * dimensions),
    classes: classes.subarray(from, to),
  });
  const count = Math.min(most, generated.count);
  const found = await workers.run('classify', {
    training: part(0, trained),
    held: part(trained, classes.length),
    samples: generated.read(0, count).map((value) => (value + 1) / 2),
    dimensions,
    classCount,
  });
  const histogram = (all: Uint8Array): Float64Array => {
    const counts = new Float64Array(classCount);
    for (const each of all) counts[each]++;
    return counts;
  };
  const [made, real] = [histogram(found.classes), histogram(data.labels?.classes ?? classes)];
  return {
    values: {
      classes: made.filter((samples) => samples > 0).length,
      classDivergence: histogramDivergence(made, real),
      accuracy: found.accuracy,
    },
    generated: count,
    real: 0,
    classifier: `perceptron of ${hiddenUnits} units, ${classifierEpochs} epochs, ${trained} images`,
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
