// The options of all commands: for parsing, for the help, and for the types of the parsed values.
import { type OptionSpecs } from '../arguments';

const json = { text: 'print JSON lines and nothing else on stdout' } as const;

export const trainOptions = {
  steps: { value: 'N', text: 'generator updates (overrides the file)' },
  out: {
    value: 'DIR',
    text: 'run directory (default: .earthmover/runs/<time>-<name>); with several seeds, DIR-seed-1 and so on',
  },
  device: { value: 'D', text: 'device (overrides the file)' },
  seed: { value: 'N', text: 'seed (overrides the file)' },
  seeds: { value: 'N', text: 'number of runs, one after another, with consecutive seeds starting at --seed' },
  set: { value: 'path=value', many: true, text: 'override any other setting, for example --set critic.width=256' },
  json,
} as const satisfies OptionSpecs;

export const resumeOptions = {
  steps: { value: 'N', text: 'train until this total number of steps' },
  'use-current-model': {
    text: 'build the networks with your model files as they are now (default: as they were when the run began)',
  },
  'use-current-data': { text: 'train on the data as it is now, although it changed since the run began' },
  json,
} as const satisfies OptionSpecs;

export const forkOptions = {
  checkpoint: { value: 'STEP', text: 'the step of the checkpoint to begin with, or best (default: the newest)' },
  set: { value: 'path=value', many: true, text: 'change a setting, for example --set optimizer.learningRate=1e-4' },
  steps: { value: 'N', text: "total number of steps (default: the parent's)" },
  seed: { value: 'N', text: 'seed from the checkpoint on' },
  device: { value: 'D', text: 'device' },
  out: { value: 'DIR', text: 'run directory (default: .earthmover/runs/<time>-<name>)' },
  json,
} as const satisfies OptionSpecs;

export const stopOptions = { json } as const satisfies OptionSpecs;

const runSweepOptions = {
  on: {
    value: 'PLACE',
    text: 'where trials run: local (default), in processes of this machine; slurm, as jobs of a cluster',
  },
  'at-once': { value: 'N', text: 'trials that run at the same time (overrides the file)' },
  prepare: { text: 'read the data into the cache once, before the trials start: for images and archives' },
  failed: { text: 'also resume trials that failed' },
  diverged: { text: 'also resume trials that diverged, from their last checkpoints' },
  json,
} as const satisfies OptionSpecs;

export const sweepOptions = {
  'dry-run': { text: 'check all trials and show what would be trained, without starting anything' },
  max: { value: 'N', text: 'plan only the first N trials (overrides the file)' },
  out: { value: 'DIR', text: 'directory of the sweep (default: .earthmover/sweeps/<name>)' },
  ...runSweepOptions,
} as const satisfies OptionSpecs;

export const sweepResumeOptions = runSweepOptions;
export const sweepStatusOptions = {
  watch: { text: 'show it again and again until all trials have ended, or until Ctrl-C' },
  json,
} as const satisfies OptionSpecs;
export const sweepTableOptions = {
  by: {
    value: 'KEY',
    many: true,
    text: 'group by this setting, for example --by critic.width (default: cases and grid)',
  },
  all: { text: 'a row for each trial' },
  csv: { text: 'print CSV' },
  markdown: { text: 'print Markdown' },
  latex: { text: 'print LaTeX, for the package booktabs' },
  json,
} as const satisfies OptionSpecs;

export const sweepCancelOptions = { json } as const satisfies OptionSpecs;
export const sweepLogOptions = { json } as const satisfies OptionSpecs;
export const sweepTaskOptions = {
  diverged: { text: 'resume it also if it has diverged' },
  json,
} as const satisfies OptionSpecs;
export const sweepJobOptions = {} as const satisfies OptionSpecs;
export const sweepPrepareOptions = {} as const satisfies OptionSpecs;

export const exportOptions = {
  format: {
    value: 'F',
    text: 'tfjs (default): a folder for TensorFlow.js; onnx: one file; gif: an animation of the samples',
  },
  out: {
    value: 'PATH',
    text: 'a new folder or file (default: <run>-generator, <run>-generator.onnx, <run>-training.gif)',
  },
  step: { value: 'N', text: 'tfjs, onnx: use the last checkpoint up to this step (default: the last one)' },
  checkpoint: { value: 'best', text: 'tfjs, onnx: use the checkpoint that the run keeps by "checkpoints.best"' },
  batch: { value: 'N', text: 'onnx: fixed batch size (default: dynamic)' },
  json,
} as const satisfies OptionSpecs;

const checkpoint = {
  value: 'STEP',
  text: 'use the last checkpoint up to this step, or the "best" one (default: the last one)',
} as const;

const truncation = {
  value: 'T',
  text: 'redraw normal latent numbers beyond T; for uniform ones, the share of their range that is used (default: none)',
} as const;

export const sampleOptions = {
  count: { value: 'N', text: 'number of samples (default: 16)' },
  seed: { value: 'N', text: 'seed of the first sample; the others have the next ones (default: 0)' },
  truncation,
  near: {
    value: 'R',
    text: 'samples near the first: the share of the way from it to the others, above 0 and at most 1',
  },
  format: {
    value: 'F',
    text: 'png (default): a folder with an image of each sample, for points one plot; grid: one image; npz: an array for NumPy',
  },
  checkpoint,
  out: { value: 'PATH', text: 'a new folder or file (default: <run>-samples, .png or .npz)' },
  json,
} as const satisfies OptionSpecs;

export const interpolateOptions = {
  from: { value: 'N', text: 'seed of the first sample (default: 0)' },
  to: { value: 'N', text: 'seed of the last sample (default: 1)' },
  steps: { value: 'N', text: 'number of samples, including both ends (default: 8)' },
  truncation,
  format: { value: 'F', text: 'png (default): a strip; gif: an animation there and back' },
  checkpoint,
  out: { value: 'PATH', text: 'a new file (default: <run>-interpolation.png or .gif)' },
  json,
} as const satisfies OptionSpecs;

export const evaluateOptions = {
  step: { value: 'N', text: 'use the last checkpoint up to this step (default: the last one)' },
  checkpoint: { value: 'best', text: 'use the checkpoint that the run keeps by "checkpoints.best"' },
  samples: { value: 'N', text: 'number of generated samples, and of real ones if there are as many (default: 2500)' },
  split: { value: 'S', text: 'real samples: held-out (default, where there is one) or training' },
  metrics: { value: 'LIST', text: 'metrics, separated by commas (default: all that apply)' },
  features: { value: 'FILE.onnx', text: 'network that computes features of images, for fid, kid and the others' },
  layer: { value: 'NAME', text: 'output of the feature network (default: the only one)' },
  range: { value: 'R', text: 'values that it expects: -1..1 (default), 0..1, 0..255 or imagenet' },
  seed: { value: 'N', text: 'seed of the samples (default: 0)' },
  compare: { value: 'RUN', text: 'show the numbers of another evaluated run beside them, if the protocol is the same' },
  json,
} as const satisfies OptionSpecs;

export const runsOptions = { json } as const satisfies OptionSpecs;

export const lintOptions = {
  fix: { text: 'apply quick fixes to the files' },
  json,
} as const satisfies OptionSpecs;

export const graphOptions = {
  step: { value: 'S', text: 'critic (default) or generator' },
  device: { value: 'D', text: 'device (overrides the file)' },
  json: { text: 'print one JSON object, and nothing else on stdout' },
} as const satisfies OptionSpecs;

export const previewOptions = {
  out: { value: 'PNG', text: 'the image file (default: <name>-preview.png); held-out images get a second file' },
  json,
} as const satisfies OptionSpecs;

export const reproduceOptions = {
  out: { value: 'DIR', text: 'folder of the reproduction (default: .earthmover/reproductions/ID)' },
  seeds: { value: 'N', text: 'number of seeds per training (default: 1)' },
  scale: { value: 'S', text: 'factor on the number of steps, above 0 and at most 1, for a quick look' },
  count: { value: 'N', text: 'number of random architectures of "robustness" (default: 12)' },
  json,
} as const satisfies OptionSpecs;

export const downloadOptions = {
  out: { value: 'DIR', text: 'target folder (default: the cache folder, where "path": "mnist" finds the data set)' },
  json,
} as const satisfies OptionSpecs;

export const installOptions = {
  yes: { text: 'download and install; without it the command only prints what it would do' },
  dir: { value: 'DIR', text: 'folder of the CUDA libraries (default: the data folder, where training finds them)' },
  'dry-run': { text: 'only print what would be done, whatever the other options' },
  remove: { text: 'remove the CUDA libraries that this command has installed' },
  json,
} as const satisfies OptionSpecs;

export const doctorOptions = { json } as const satisfies OptionSpecs;
