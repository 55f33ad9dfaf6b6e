// The resolved experiment: plain JSON with every default filled in, which is what the trainer runs.
import type {
  Constraint,
  CriticSteps,
  Data,
  Device,
  Engine,
  InstanceNoise,
  Latent,
  MetricId,
  Network,
  Objective,
  Optimizer,
  PresetId,
  Stabilization,
  WeightDecay,
} from '../catalog';

/** An experiment with all settings. Written to an experiment file and read again it stays the same. */
export interface Experiment {
  readonly name: string;
  readonly preset: PresetId | null;
  readonly data: Data;
  readonly latent: Latent;
  readonly generator: Network;
  readonly critic: Network;
  readonly objective: Objective;
  readonly constraint: readonly Constraint[];
  readonly stabilization: Stabilization & {
    readonly instanceNoise: InstanceNoise | null;
    readonly weightDecay: WeightDecay | null;
  };
  /** Critic updates per generator update. */
  readonly criticSteps: CriticSteps;
  readonly optimizer: { readonly generator: Optimizer; readonly critic: Optimizer };
  readonly batchSize: number;
  /** Generator updates. */
  readonly steps: number;
  readonly seed: number;
  /** Number of runs, with this seed and the next ones; 1 in the experiment of each run. */
  readonly seeds: number;
  readonly samples: {
    readonly every: number;
    readonly batchNormStatistics: 'moving' | 'batch';
    readonly grid: readonly [rows: number, columns: number];
  };
  readonly checkpoints: { readonly every: number; readonly keep: number };
  readonly metrics: readonly MetricId[];
  readonly engine: Engine;
  readonly device: Device;
  readonly threads: number | 'auto';
}

/** One experiment per seed, each with `seeds: 1`. */
export function eachSeed(experiment: Experiment): Experiment[] {
  return Array.from({ length: experiment.seeds }, (_, k) => ({
    ...experiment,
    seed: experiment.seed + k,
    seeds: 1,
  }));
}
