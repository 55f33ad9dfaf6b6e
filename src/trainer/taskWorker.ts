// Entry of a worker thread of a run.
import { dataTaskHandlers } from '../data/workers/dataTasks';
import { serveTasks } from '../data/workers/serveTasks';
import { metricTaskHandlers } from './metricTasks';
import type { TrainerTasks } from './workerTasks';

serveTasks<TrainerTasks>({ ...dataTaskHandlers, ...metricTaskHandlers });
