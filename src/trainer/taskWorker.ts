// Entry of a worker thread of a run.
import { dataTaskHandlers } from '../data/workers/dataTasks';
import { serveTasks } from '../data/workers/serveTasks';
import { imageSlicedWasserstein } from '../math/slicedWasserstein';
import { wasserstein1 } from '../math/wasserstein';
import type { TrainerTasks } from './workerTasks';

serveTasks<TrainerTasks>({
  ...dataTaskHandlers,
  w1: ({ x, y, dimensions }) => wasserstein1(x, y, dimensions),
  swd: ({ x, y, shape, seed }) => imageSlicedWasserstein(x, y, shape, { seed, stream: 'measure/swd', step: 0 }).mean,
});
