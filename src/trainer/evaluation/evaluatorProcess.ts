// Entry of the evaluator: a process of its own that computes metrics of a classifier and of a feature network for a
// run. It is a process because ONNX Runtime cannot be used in a thread, and so that a network of the user that crashes
// it, or takes all memory, does not end the training.
import os from 'node:os';
import { accuracyOf, trainClassifier, type Classifier } from '../../math/classifier';
import { sizeOfShape } from '../../shared/shape';
import { isUserError } from '../../shared/userError';
import { messageOf } from '../../shared/thrownValue';
import { classifierKey, metricTaskHandlers } from '../metricTasks';
import type { MetricTasks } from '../workerTasks';
import type { Row } from '../trainerEvents';
import { computeMetric, type MetricInput } from './computeMetric';
import type { EvaluatorReply, EvaluatorRequest, EvaluatorSetup, LabeledBytes } from './evaluatorMessages';
import { openFeatureNetwork, type FeatureNetwork } from './featureNetwork';
import type { ImageClassifier } from './imageClassifier';
import { sampleArrayOf, type SampleArray } from './sampleArray';

// Ctrl-C reaches all processes of a terminal: the trainer decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
try {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not allowed here: it competes with the training for the cores.
}

let evaluator: Promise<Evaluator> | undefined;
process.on('message', (request: EvaluatorRequest) => {
  const reply = (message: EvaluatorReply): void => void process.send?.(message);
  answer(request).then(reply, (error: unknown) =>
    reply({ kind: 'failed', message: messageOf(error), isUserError: isUserError(error) }),
  );
});

async function answer(request: EvaluatorRequest): Promise<EvaluatorReply> {
  if (request.kind === 'open') {
    evaluator = openEvaluator(request);
    const { network } = await evaluator;
    return { kind: 'opened', features: network?.protocol() ?? null };
  }
  if (!evaluator) throw new Error('assertion failed: the evaluator is not open');
  return { kind: 'measured', values: await (await evaluator).measure(request.generated) };
}

interface Evaluator {
  readonly network: FeatureNetwork | null;
  measure(generated: Uint8ClampedArray): Promise<Row>;
}

async function openEvaluator({ metrics, shape, seed, features, real, labeled }: EvaluatorSetup): Promise<Evaluator> {
  const images = (bytes: Uint8ClampedArray): SampleArray =>
    sampleArrayOf(bytes, bytes.length / sizeOfShape(shape), shape);
  const realImages = images(real);
  const network = features && (await openFeatureNetwork(features, shape));
  const featuresOf = async (samples: SampleArray, count = samples.count): Promise<Float32Array> =>
    network ? network.features(samples, count, () => {}) : new Float32Array(0);
  // A network that cannot be used fails here, before the training starts.
  await featuresOf(realImages, 1);
  let realFeatures: Float32Array | undefined;
  const classifier = labeled && lazyClassifier(labeled, sizeOfShape(shape));
  return {
    network,
    measure: async (bytes) => {
      const generated = images(bytes);
      const input: MetricInput = {
        generated,
        real: realImages,
        floor: null,
        run: async <K extends keyof MetricTasks>(task: K, payload: MetricTasks[K]['payload']) =>
          metricTaskHandlers[task](payload),
        classifier,
        features: network && {
          generated: await featuresOf(generated),
          real: (realFeatures ??= await featuresOf(realImages)),
          protocol: network.protocol(),
        },
        seed,
      };
      const rows: Row[] = [];
      for (const id of metrics) rows.push((await computeMetric(id, input)).values);
      return Object.assign({}, ...rows) as Row;
    },
  };
}

/** Trained when it is first used. */
function lazyClassifier(
  { training, held, classCount, realClasses }: LabeledBytes,
  dimensions: number,
): ImageClassifier {
  const set = ({ bytes, classes }: LabeledBytes['held']) => ({
    values: Float32Array.from(bytes, (byte) => byte / 255),
    classes,
  });
  const data = { training: set(training), held: set(held), dimensions, classCount, realClasses };
  let trained: { readonly classifier: Classifier; readonly accuracy: number } | undefined;
  return {
    data,
    classify: (samples) => {
      if (!trained) {
        const classifier = trainClassifier(data.training, dimensions, classCount, classifierKey);
        trained = { classifier, accuracy: accuracyOf(classifier, data.held) };
      }
      return Promise.resolve({ accuracy: trained.accuracy, classes: trained.classifier.classify(samples) });
    },
  };
}
