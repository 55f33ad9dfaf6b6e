// The options of every command, as data: the parser checks by them, the help prints them, the commands get their types.
import { type OptionSpecs } from '../arguments';

const json = { text: 'print JSON, one object a line, and nothing else on stdout' } as const;

export const trainOptions = {
  steps: { value: 'N', text: "generator updates, in place of the file's" },
  out: {
    value: 'DIR',
    text: 'the run directory itself (default: .earthmover/runs/<time>-<name>); with several seeds DIR-seed-1 and so on',
  },
  device: { value: 'D', text: "device, in place of the file's" },
  seed: { value: 'N', text: "seed, in place of the file's" },
  seeds: { value: 'N', text: 'train this many seeds, one after the other: --seed and those that follow it' },
  set: { value: 'path=value', many: true, text: 'any other setting: --set critic.width=256 --set objective=wgan' },
  json,
} as const satisfies OptionSpecs;

export const resumeOptions = {
  steps: { value: 'N', text: 'train on to this many steps in all' },
  json,
} as const satisfies OptionSpecs;

export const stopOptions = { json } as const satisfies OptionSpecs;

export const exportOptions = {
  format: {
    value: 'F',
    text: 'tfjs (default), a folder for TensorFlow.js; onnx, one file; gif, the pictures of the training, moving',
  },
  out: {
    value: 'PATH',
    text: 'a new folder or file (default: <run>-generator, <run>-generator.onnx, <run>-training.gif)',
  },
  step: { value: 'N', text: 'tfjs, onnx: the newest checkpoint that is not later (default: the last one)' },
  batch: { value: 'N', text: 'onnx: the one length of batch that the file takes (default: any)' },
  json,
} as const satisfies OptionSpecs;

export const runsOptions = { json } as const satisfies OptionSpecs;

export const lintOptions = {
  fix: { text: 'mend what has a quick fix, in the file' },
  json,
} as const satisfies OptionSpecs;

export const graphOptions = {
  step: { value: 'S', text: 'whose step: critic (default) or generator' },
  device: { value: 'D', text: "device, in place of the file's" },
  json: { text: 'print one JSON object, and nothing else on stdout' },
} as const satisfies OptionSpecs;

export const previewOptions = {
  out: { value: 'PNG', text: 'the picture (default: <name>-preview.png); held-out images go beside it' },
  json,
} as const satisfies OptionSpecs;

export const downloadOptions = {
  out: { value: 'DIR', text: 'the folder (default: the cache folder, where "path": "mnist" finds it)' },
  json,
} as const satisfies OptionSpecs;

export const installOptions = {
  yes: { text: 'download and install; without it the command says what it would do' },
  json,
} as const satisfies OptionSpecs;

export const doctorOptions = { json } as const satisfies OptionSpecs;
