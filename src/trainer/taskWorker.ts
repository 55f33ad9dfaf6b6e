// Entry of a worker thread of a run.
import { dataTaskHandlers } from '../data/workers/dataTasks';
import { serveTasks } from '../data/workers/serveTasks';
import { trainClassifier } from '../math/classifier';
import { frechetDistance } from '../math/frechetDistance';
import { kernelDistance } from '../math/kernelDistance';
import { compareManifolds } from '../math/manifolds';
import { imageSlicedWasserstein } from '../math/slicedWasserstein';
import { wasserstein1 } from '../math/wasserstein';
import type { TrainerTasks } from './workerTasks';

serveTasks<TrainerTasks>({
  ...dataTaskHandlers,
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
    const key = { seed: 0, stream: 'measure/classes', step: 0 };
    const { classify } = trainClassifier(training, dimensions, classCount, key);
    const right = classify(held.values).filter((found, i) => found === held.classes[i]).length;
    return { accuracy: right / held.classes.length, classes: classify(samples) };
  },
});
