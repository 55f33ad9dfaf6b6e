// The tasks of the worker threads of a run: those of the data sources, and distances for the metrics.
import type { DataTasks, WorkerPool } from '../data';
import type { LabeledSet } from '../math/classifier';
import type { ImageShape } from '../math/laplacianPyramid';
import type { Manifolds } from '../math/manifolds';

export interface TrainerTasks extends DataTasks, MetricTasks {}

export interface MetricTasks {
  /** Exact W₁ between two equally large sets of points, row-major [n, dimensions]. */
  w1: { payload: { x: Float32Array; y: Float32Array; dimensions: number }; result: number };
  /** Sliced Wasserstein distance between equally many images, [n, ...shape]. */
  swd: { payload: { x: Float32Array; y: Float32Array; shape: ImageShape; seed: number }; result: number };
  frechetDistance: { payload: FeatureSets; result: number };
  kernelDistance: { payload: FeatureSets & { seed: number }; result: { mean: number; deviation: number } };
  compareManifolds: { payload: FeatureSets & { neighbors: number }; result: Manifolds };
  /** Trains a classifier on images of [0, 1], [n, dimensions], and classifies `samples`. */
  classify: { payload: ClassifyRequest; result: { accuracy: number; classes: Uint8Array } };
}

interface ClassifyRequest {
  training: LabeledSet;
  /** For the accuracy. */
  held: LabeledSet;
  samples: Float32Array;
  dimensions: number;
  classCount: number;
}

/** Features of real and of generated samples, row-major [n, dimensions]. */
interface FeatureSets {
  real: Float32Array;
  generated: Float32Array;
  dimensions: number;
}

export type TrainerWorkerPool = WorkerPool<TrainerTasks>;
