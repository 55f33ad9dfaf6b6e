// The tasks of the worker threads of a run: those of the data sources, and exact W₁ for the metrics.
import type { DataTasks, WorkerPool } from '../data';

export interface TrainerTasks extends DataTasks {
  /** Exact W₁ between two equally large sets of points, row-major [n, dimensions]. */
  w1: { payload: { x: Float32Array; y: Float32Array; dimensions: number }; result: number };
}

export type TrainerWorkerPool = WorkerPool<TrainerTasks>;
