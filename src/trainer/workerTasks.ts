// The tasks of the worker threads of a run: those of the data sources, and distances for the metrics.
import type { DataTasks, WorkerPool } from '../data';
import type { ImageShape } from '../math/laplacianPyramid';

export interface TrainerTasks extends DataTasks {
  /** Exact W₁ between two equally large sets of points, row-major [n, dimensions]. */
  w1: { payload: { x: Float32Array; y: Float32Array; dimensions: number }; result: number };
  /** Sliced Wasserstein distance between equally many images, [n, ...shape]. */
  swd: { payload: { x: Float32Array; y: Float32Array; shape: ImageShape; seed: number }; result: number };
}

export type TrainerWorkerPool = WorkerPool<TrainerTasks>;
