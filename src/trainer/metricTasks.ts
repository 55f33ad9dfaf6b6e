// The computations of the metrics, which run in worker threads or in the evaluator process.
import type { TaskHandlers } from '../data/workers/serveTasks';
import { accuracyOf, trainClassifier } from '../math/classifier';
import { frechetDistance } from '../math/frechetDistance';
import { kernelDistance } from '../math/kernelDistance';
import { compareManifolds } from '../math/manifolds';
import { imageSlicedWasserstein } from '../math/slicedWasserstein';
import type { Key } from '../math/random';
import { wasserstein1 } from '../math/wasserstein';
import type { MetricTasks } from './workerTasks';

export const metricTaskHandlers: TaskHandlers<MetricTasks> = {
  w1: ({ x, y, dimensions }) => wasserstein1(x, y, dimensions),
  swd: ({ x, y, shape, seed }) => imageSlicedWasserstein(x, y, shape, { seed, stream: 'measure/swd', step: 0 }).mean,
  frechetDistance: ({ real, generated, dimensions }) => frechetDistance(real, generated, dimensions),
  kernelDistance: ({ real, generated, dimensions, seed }) => {
    const size = Math.min(1000, ...[real, generated].map((set) => Math.floor(set.length / dimensions / 2)));
    const key = { seed, stream: 'measure/kid', step: 0 };
    return kernelDistance(real, generated, dimensions, { subsets: 100, size, key });
  },
  compareManifolds: ({ real, generated, dimensions, neighbors }) =>
    compareManifolds(real, generated, dimensions, neighbors),
  classify: ({ training, held, samples, dimensions, classCount }) => {
    const classifier = trainClassifier(training, dimensions, classCount, classifierKey);
    return { accuracy: accuracyOf(classifier, held), classes: classifier.classify(samples) };
  },
};

/** Of the weights of the classifier: the same for all runs, so that their numbers can be compared. */
export const classifierKey: Key = { seed: 0, stream: 'measure/classes', step: 0 };
