// The settings of an experiment that belong to no table: sizes, lengths, the seed, where it runs.
import type { Descriptors, Values } from './descriptor';

/** Settings at the top of the file. */
export const runSettings = {
  batchSize: {
    type: 'integer',
    default: 64,
    minimum: 1,
    maximum: 65_536,
    unit: 'samples',
    text: 'Samples per update.',
  },
  steps: {
    type: 'integer',
    default: 2000,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Length of the training. A step is one generator update with the critic updates before it.',
  },
  seed: {
    type: 'integer',
    default: 1,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    text: 'The same seed gives the same run, for the same engine, device and number of threads.',
  },
  seeds: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 100,
    unit: 'runs',
    text: 'Runs to train one after the other, with this seed and those that follow it. The monitor draws a band over them.',
  },
  engine: {
    type: 'choice',
    options: ['auto', 'onnx', 'tensorflow'],
    default: 'auto',
    text: 'What computes: "onnx" compiles the steps for ONNX Runtime and is what "auto" takes; "tensorflow" runs them one operation after the other, with TensorFlow on CUDA or a processor (see: earthmover install tensorflow).',
  },
  device: {
    type: 'choice',
    options: ['auto', 'cpu', 'webgpu', 'wasm', 'cuda'],
    default: 'auto',
    text: 'Where it computes: "webgpu" is a GPU of any maker, "cuda" one of NVIDIA with its libraries installed (experimental), "wasm" a processor without native libraries, slowly. "auto" takes webgpu where there is a GPU, else cpu, else wasm.',
  },
  threads: {
    type: 'integer',
    default: 'auto',
    auto: true,
    minimum: 1,
    maximum: 1024,
    example: 2,
    unit: 'threads',
    text: 'Threads of the engine; "auto" fits the machine. Runs repeat bit for bit with the same number of threads.',
  },
} as const satisfies Descriptors;

/** What the generator starts from. */
export const latentSettings = {
  size: {
    type: 'integer',
    default: { points: 2, images: 128 },
    example: 64,
    minimum: 1,
    maximum: 65_536,
    unit: 'numbers',
    text: 'Numbers per latent vector. Default: 2 for points, 128 for images.',
  },
  distribution: {
    type: 'choice',
    options: ['normal', 'uniform', 'uniform01'],
    default: 'normal',
    text: 'Where they come from: "normal" is N(0, 1), "uniform" is U[−1, 1], "uniform01" is U[0, 1].',
  },
} as const satisfies Descriptors;

/** What steadies training, apart from the constraint. */
export const stabilizationSettings = {
  ema: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: 0,
    exclusiveMaximum: 1,
    example: 0.999,
    text: 'Decay of the moving average of the generator that samples and exports are taken from; null uses the generator itself.',
  },
  labelSmoothing: {
    type: 'number',
    default: null,
    nullable: true,
    exclusiveMinimum: 0,
    maximum: 0.5,
    example: 0.1,
    text: 'Share α by which the label of real samples is moved to that of generated ones, for objectives with labels; generated samples keep theirs. The loss that is reported stays unsmoothed. null trains on the labels themselves.',
  },
} as const satisfies Descriptors;

/** Weights pulled to zero. */
export const weightDecaySettings = {
  rate: {
    type: 'number',
    default: 1e-3,
    exclusiveMinimum: 0,
    maximum: 1,
    text: 'Strength δ of the decay, on every trainable parameter.',
  },
  coupling: {
    type: 'choice',
    options: ['coupled', 'decoupled'],
    default: 'coupled',
    text: '"coupled" adds δw to the gradient, as a penalty of δ/2‖w‖² would; "decoupled" takes αδw from the weight beside the update, which Adam and RMSProp then do not rescale.',
  },
  appliesTo: {
    type: 'choice',
    options: ['critic', 'generator', 'both'],
    default: 'critic',
    text: 'Whose weights decay.',
  },
} as const satisfies Descriptors;

/** Gaussian noise on real and generated samples before the critic, fading out. */
export const instanceNoiseSettings = {
  sigma: {
    type: 'number',
    default: 0.1,
    exclusiveMinimum: 0,
    maximum: 1000,
    text: 'Standard deviation σ of the noise at the first step, in units of the data.',
  },
  schedule: {
    type: 'choice',
    options: ['linear', 'cosine', 'exponential'],
    default: 'linear',
    text: 'How σ fades: "linear" and "cosine" reach 0, "exponential" falls to a thousandth.',
  },
  steps: {
    type: 'integer',
    default: null,
    nullable: true,
    minimum: 1,
    maximum: 100_000_000,
    example: 1000,
    unit: 'generator updates',
    text: 'Steps that the fading takes; null takes the whole run.',
  },
} as const satisfies Descriptors;

/** How often samples are drawn and measures taken. */
export const samplesSettings = {
  every: {
    type: 'integer',
    default: 200,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Steps between sample pictures; measures are taken at the same steps.',
  },
  batchNormStatistics: {
    type: 'choice',
    options: ['moving', 'batch'],
    default: 'moving',
    text: 'What batch normalization in the generator takes mean and variance from when samples are drawn: "moving" are the averages over the training, "batch" those of the drawn samples, as in training.',
  },
} as const satisfies Descriptors;

/** The two sides of the grid of samples. */
export const gridSettings = {
  rows: { type: 'integer', default: 8, minimum: 1, maximum: 32, unit: 'samples', text: 'Rows of the sample grid.' },
  columns: {
    type: 'integer',
    default: 8,
    minimum: 1,
    maximum: 32,
    unit: 'samples',
    text: 'Columns of the sample grid.',
  },
} as const satisfies Descriptors;

/** How often the full state is saved. */
export const checkpointsSettings = {
  every: {
    type: 'integer',
    default: 500,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Steps between checkpoints; one more is saved at the end.',
  },
  keep: {
    type: 'integer',
    default: 3,
    minimum: 1,
    maximum: 10_000,
    unit: 'checkpoints',
    text: 'Newest checkpoints kept; older ones are removed.',
  },
} as const satisfies Descriptors;

export type RunSettings = Values<typeof runSettings>;
export type Engine = RunSettings['engine'];
export type Device = RunSettings['device'];
export type LatentConfig = Values<typeof latentSettings>;
export type StabilizationConfig = Values<typeof stabilizationSettings>;
export type InstanceNoiseConfig = Values<typeof instanceNoiseSettings>;
export type WeightDecayConfig = Values<typeof weightDecaySettings>;
