// The resolved experiment: plain JSON with every default filled in, which is what the trainer runs.
import type {
  CheckpointsConfig,
  ConstraintConfig,
  Convolutions,
  CriticSteps,
  DataConfig,
  Device,
  Engine,
  EvaluationConfig,
  HealthConfig,
  InstanceNoiseConfig,
  LatentConfig,
  MetricId,
  NetworkConfig,
  ObjectiveConfig,
  OptimizerConfig,
  PresetId,
  Role,
  StabilizationConfig,
  WeightDecayConfig,
} from '../catalog';

/** An experiment with all settings. Written to an experiment file and read again it stays the same. */
export interface Experiment {
  readonly name: string;
  readonly preset: PresetId | null;
  readonly data: DataConfig;
  readonly latent: LatentConfig;
  readonly generator: NetworkConfig;
  readonly critic: NetworkConfig;
  readonly objective: ObjectiveConfig;
  readonly constraint: readonly ConstraintConfig[];
  readonly stabilization: StabilizationConfig & {
    readonly instanceNoise: InstanceNoiseConfig | null;
    readonly weightDecay: WeightDecayConfig | null;
  };
  /** Run directories or checkpoints with the weights to start with; null for random ones. */
  readonly initialWeights: { readonly [R in Role]: string | null };
  /** Critic updates per generator update. */
  readonly criticSteps: CriticSteps;
  readonly optimizer: { readonly generator: OptimizerConfig; readonly critic: OptimizerConfig };
  readonly batchSize: number;
  /** Generator updates. */
  readonly steps: number;
  readonly seed: number;
  /** Number of runs, with this seed and the next ones; 1 in the experiment of each run. */
  readonly seeds: number;
  /** Whether the cosine of the critic's step and its gradient is recorded. */
  readonly stepCosine: boolean;
  readonly samples: {
    readonly every: number;
    readonly batchNormStatistics: 'moving' | 'batch';
    readonly grid: readonly [rows: number, columns: number];
  };
  readonly checkpoints: CheckpointsConfig;
  readonly metrics: readonly MetricId[];
  /** For the metrics of a classifier or of features. */
  readonly evaluation: EvaluationConfig;
  /** Thresholds of the health watch; null where a warning is off. */
  readonly health: HealthConfig;
  readonly engine: Engine;
  readonly device: Device;
  readonly threads: number | 'auto';
  readonly convolutions: Convolutions;
}

/** One experiment per seed, each with `seeds: 1`. */
export function experimentPerSeed(experiment: Experiment): Experiment[] {
  return Array.from({ length: experiment.seeds }, (_, k) => ({
    ...experiment,
    seed: experiment.seed + k,
    seeds: 1,
  }));
}
