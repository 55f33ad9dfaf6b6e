// The settings of an experiment that are not entries of a table: sizes, lengths, the seed, engine and device.
import type { Descriptors, Values } from './descriptor';
import { featureRanges } from './evaluationMetrics';
import { rankedNumbers } from './metrics';

/** Settings at the top level of the file. */
export const runSettings = {
  batchSize: {
    type: 'integer',
    default: 64,
    minimum: 1,
    maximum: 65_536,
    unit: 'samples',
    text: 'Samples per batch.',
  },
  steps: {
    type: 'integer',
    default: 2000,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Length of training. A step is one generator update and the critic updates before it.',
  },
  seed: {
    type: 'integer',
    default: 1,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    text: 'Seed of all random numbers. The same seed gives the same run on the same engine and device with the same number of threads.',
  },
  seeds: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 100,
    unit: 'runs',
    text: 'Number of runs to train one after the other, with consecutive seeds starting at "seed". The monitor shows their spread as a band.',
  },
  stepCosine: {
    type: 'boolean',
    default: false,
    text: 'Also record the cosine between each step of the critic and the gradient of its loss. Below 0 the step goes against the gradient, to which only momentum can lead; Arjovsky, Chintala and Bottou 2017, section 4.2, saw that when training became unstable.',
  },
  engine: {
    type: 'choice',
    options: ['auto', 'onnx', 'tensorflow'],
    default: 'auto',
    text: 'Compute engine: "onnx" (the choice of "auto") compiles the training steps for ONNX Runtime; "tensorflow" runs them operation by operation with TensorFlow, on CUDA or the CPU (see: earthmover install tensorflow).',
  },
  device: {
    type: 'choice',
    options: ['auto', 'cpu', 'webgpu', 'wasm', 'cuda'],
    default: 'auto',
    text: 'Compute device: "webgpu" is any GPU, "cuda" an NVIDIA GPU with CUDA 13 (experimental, see: earthmover install cuda), "wasm" the CPU without native libraries (slow). "auto" is webgpu if there is a GPU, else cpu, else wasm.',
  },
  threads: {
    type: 'integer',
    default: 'auto',
    auto: true,
    minimum: 1,
    maximum: 1024,
    example: 2,
    unit: 'threads',
    text: 'Threads of the engine; "auto" depends on the machine. Runs are reproducible bit for bit with the same number of threads.',
  },
  convolutions: {
    type: 'choice',
    options: ['fast', 'accurate'],
    default: 'fast',
    text: 'Winograd\'s algorithm for convolutions of kernel 4 and stride 2, or 3 and 1: "fast" computes tiles of 4 × 4 outputs, with a relative rounding error of about 1e-6; "accurate" computes tiles of 2 × 2, with less than half of that error.',
  },
} as const satisfies Descriptors;

/** The latent vector, the input of the generator. */
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
    text: 'Distribution of the numbers: "normal" is N(0, 1), "uniform" is U[−1, 1], "uniform01" is U[0, 1].',
  },
} as const satisfies Descriptors;

/** Settings that stabilize training, in addition to the constraint. */
export const stabilizationSettings = {
  ema: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: 0,
    exclusiveMaximum: 1,
    example: 0.999,
    text: 'Decay of the exponential moving average (EMA) of the generator weights that samples and exports use; null uses the current weights.',
  },
  labelSmoothing: {
    type: 'number',
    default: null,
    nullable: true,
    exclusiveMinimum: 0,
    maximum: 0.5,
    example: 0.1,
    text: 'One-sided label smoothing, for objectives with labels: fraction α by which the label of real samples moves toward that of generated ones. The reported loss is not smoothed. null turns it off.',
  },
} as const satisfies Descriptors;

/** Weight decay. */
export const weightDecaySettings = {
  rate: {
    type: 'number',
    default: 1e-3,
    exclusiveMinimum: 0,
    maximum: 1,
    text: 'Decay rate δ, for every trainable parameter.',
  },
  coupling: {
    type: 'choice',
    options: ['coupled', 'decoupled'],
    default: 'coupled',
    text: '"coupled" adds δw to the gradient, like a penalty of δ/2‖w‖²; "decoupled" subtracts αδw from the weight separately, as in PyTorch\'s AdamW, so Adam and RMSProp do not rescale it. The λ of Loshchilov and Hutter, who do not multiply it by α, is αδ here.',
  },
  appliesTo: {
    type: 'choice',
    options: ['critic', 'generator', 'both'],
    default: 'critic',
    text: 'The networks whose weights decay.',
  },
} as const satisfies Descriptors;

/** Gaussian noise that is added to the inputs of the critic and fades out. */
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
    options: ['linear', 'cosine', 'exponential', 'constant'],
    default: 'linear',
    text: 'How σ decreases: "linear" and "cosine" reach 0, "exponential" falls to a thousandth, "constant" stays the same.',
  },
  steps: {
    type: 'integer',
    default: null,
    nullable: true,
    minimum: 1,
    maximum: 100_000_000,
    example: 1000,
    unit: 'generator updates',
    text: 'Steps until the noise has faded out; null means the whole run.',
  },
} as const satisfies Descriptors;

/** How often samples are drawn and metrics computed. */
export const samplesSettings = {
  every: {
    type: 'integer',
    default: 200,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Steps between sample images; metrics are computed at the same steps.',
  },
  batchNormStatistics: {
    type: 'choice',
    options: ['moving', 'batch'],
    default: 'moving',
    text: 'Mean and variance for batch normalization in the generator when samples are drawn: "moving" uses the moving averages from training, "batch" those of the drawn samples, as during training.',
  },
} as const satisfies Descriptors;

/** The size of the sample grid. */
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

/** How often a checkpoint is saved. */
export const checkpointsSettings = {
  every: {
    type: 'integer',
    default: 500,
    minimum: 1,
    maximum: 100_000_000,
    unit: 'generator updates',
    text: 'Steps between checkpoints; another one is saved at the end.',
  },
  minutes: {
    type: 'number',
    default: 10,
    exclusiveMinimum: 0,
    maximum: 100_000,
    nullable: true,
    unit: 'minutes of training',
    text: 'Also save a checkpoint when this time has passed since the last one, at the end of a step, so that slow steps are not lost. Pauses do not count; null saves by steps only.',
  },
  keep: {
    type: 'integer',
    default: 3,
    minimum: 1,
    maximum: 10_000,
    unit: 'checkpoints',
    text: 'Number of latest checkpoints to keep; older ones are deleted.',
  },
  best: {
    type: 'choice',
    options: Object.keys(rankedNumbers),
    default: null,
    nullable: true,
    text: 'Also keep the checkpoint with the best value of this number, which one of the "metrics" must yield; a checkpoint is then saved at every sample step. Commands name it by --checkpoint best. null keeps the latest only.',
  },
} as const satisfies Descriptors;

/** How the metrics of a classifier or of features are computed during training. */
export const evaluationSettings = {
  samples: {
    type: 'integer',
    default: 1000,
    minimum: 1,
    maximum: 50_000,
    unit: 'samples',
    text: 'Number of generated samples, and of real ones if there are as many. Numbers of few samples are biased (FID upward) and can only be compared with those of equally many.',
  },
  features: {
    type: 'path',
    default: null,
    nullable: true,
    example: './inception.onnx',
    text: 'An ONNX file with a network that computes features of images, relative to the experiment file. Needed by fid, kid, precision-recall and density-coverage.',
  },
  layer: {
    type: 'string',
    default: null,
    nullable: true,
    example: 'pool',
    text: 'The output of that network to use; null if it has only one.',
  },
  range: {
    type: 'choice',
    options: featureRanges,
    default: '-1..1',
    text: 'The values that the network expects; "imagenet" is 0 to 1, normalized by torchvision\'s mean and deviation.',
  },
} as const satisfies Descriptors;

export type RunSettings = Values<typeof runSettings>;
export type Engine = RunSettings['engine'];
export type Device = RunSettings['device'];
export type Convolutions = RunSettings['convolutions'];
export type LatentConfig = Values<typeof latentSettings>;
export type StabilizationConfig = Values<typeof stabilizationSettings>;
export type CheckpointsConfig = Values<typeof checkpointsSettings>;
export type EvaluationConfig = Values<typeof evaluationSettings>;
export type InstanceNoiseConfig = Values<typeof instanceNoiseSettings>;
export type WeightDecayConfig = Values<typeof weightDecaySettings>;
