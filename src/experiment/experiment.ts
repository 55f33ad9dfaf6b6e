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

/** One experiment with nothing left open. Written and read again as an experiment file it is itself. */
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
  /** Critic updates before each generator update. */
  readonly criticSteps: CriticSteps;
  readonly optimizer: { readonly generator: Optimizer; readonly critic: Optimizer };
  readonly batchSize: number;
  /** Generator updates. */
  readonly steps: number;
  readonly seed: number;
  /** Runs to train, with this seed and those that follow; 1 in the experiment of each run. */
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

/** The experiments that a training of several seeds consists of, each of which stands alone. One seed gives the experiment itself. */
export function eachSeed(experiment: Experiment): Experiment[] {
  return Array.from({ length: experiment.seeds }, (_, k) => ({
    ...experiment,
    seed: experiment.seed + k,
    seeds: 1,
  }));
}
