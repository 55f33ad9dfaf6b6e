// The commands: what the help says of each, and where its code is. Nothing is loaded before it is called.
import { type OptionSpecs } from '../arguments';
import { type Command } from '../command';
import {
  doctorOptions,
  installOptions,
  downloadOptions,
  exportOptions,
  graphOptions,
  lintOptions,
  previewOptions,
  resumeOptions,
  runsOptions,
  stopOptions,
  trainOptions,
} from './options';

export const commands = {
  train: entry({
    name: 'train',
    summary: 'Train an experiment file into a run directory.',
    usage: 'earthmover train FILE [options]',
    arguments: [1, 1],
    options: trainOptions,
    details: [
      'FILE is an experiment file (*.gan.json). Ctrl-C saves a checkpoint and ends; a second Ctrl-C ends at once.',
    ],
    load: async () => (await import('./train')).train,
  }),
  resume: entry({
    name: 'resume',
    summary: 'Go on with a run from its last checkpoint.',
    usage: 'earthmover resume RUN [options]',
    arguments: [1, 1],
    options: resumeOptions,
    details: ['RUN is a run directory, or the name of one in .earthmover/runs.'],
    load: async () => (await import('./resume')).resume,
  }),
  stop: entry({
    name: 'stop',
    summary: 'Ask a run that is training to save a checkpoint and end.',
    usage: 'earthmover stop RUN [options]',
    arguments: [1, 1],
    options: stopOptions,
    details: ['Returns when the run has ended. RUN is a run directory, or the name of one in .earthmover/runs.'],
    load: async () => (await import('./stop')).stop,
  }),
  runs: entry({
    name: 'runs',
    summary: 'List the runs of this folder, newest first.',
    usage: 'earthmover runs [options]',
    arguments: [0, 0],
    options: runsOptions,
    details: ['Those in .earthmover/runs: how each stands, its steps, the time it took, and its last checkpoint.'],
    load: async () => (await import('./runs')).runs,
  }),
  export: entry({
    name: 'export',
    summary: 'Take the generator of a run away as a TensorFlow.js model or an ONNX file, or its pictures as a GIF.',
    usage: 'earthmover export RUN [options]',
    arguments: [1, 1],
    options: exportOptions,
    details: [
      'RUN is a run directory, or the name of one in .earthmover/runs. It may still be training: the last checkpoint is taken.',
      'An ONNX file takes z [batch, latent] and gives samples [batch, ...]; what it says of itself is in its metadata.',
    ],
    load: async () => (await import('./export')).exportRun,
  }),
  lint: entry({
    name: 'lint',
    summary: 'Check experiment files without training them.',
    usage: 'earthmover lint FILE|FOLDER... [options]',
    arguments: [1, Infinity],
    options: lintOptions,
    details: [
      'Prints file:line:column for every problem. Exit code 2 if there is an error; warnings alone give 0.',
      '--fix writes the quick fixes into the files; what is left is printed.',
    ],
    load: async () => (await import('./lint')).lint,
  }),
  graph: entry({
    name: 'graph',
    summary: 'Show what a training step computes, and what it costs.',
    usage: 'earthmover graph FILE [options]',
    arguments: [1, 1],
    options: graphOptions,
    details: [
      'Prints the graph as it was recorded and after the passes over it, then nodes, operations and bytes after each pass.',
    ],
    load: async () => (await import('./graph')).graph,
  }),
  preview: entry({
    name: 'preview',
    summary: 'Draw the data of an experiment file as training will see them.',
    usage: 'earthmover preview FILE [options]',
    arguments: [1, 1],
    options: previewOptions,
    details: ['After resizing and flipping, in the range that training sees; with counts, range and classes.'],
    load: async () => (await import('./preview')).preview,
  }),
  download: entry({
    name: 'download',
    summary: 'Get a public data set by name: mnist, fashion-mnist, kmnist, cifar-10, cifar-100.',
    usage: 'earthmover download [NAME...] [options]',
    arguments: [0, Infinity],
    options: downloadOptions,
    details: [
      'Without a name it lists the data sets. Files are checked against the published checksums; a download that broke off',
      'goes on where it stopped. Training itself never downloads.',
    ],
    load: async () => (await import('./download')).download,
  }),
  install: entry({
    name: 'install',
    summary: 'Install the native part of the tensorflow engine.',
    usage: 'earthmover install tensorflow [options]',
    arguments: [1, 1],
    options: installOptions,
    details: [
      'Says what it would download, from where and how much; with --yes it does so, and checks what came against the checksum',
      'that the server publishes. Needed for "engine": "tensorflow" alone.',
    ],
    load: async () => (await import('./install')).install,
  }),
  doctor: entry({
    name: 'doctor',
    summary: 'Say what works on this machine, and what to do about the rest.',
    usage: 'earthmover doctor [options]',
    arguments: [0, 0],
    options: doctorOptions,
    details: ['Exit code 0 unless training cannot work here.'],
    load: async () => (await import('./doctor')).doctor,
  }),
} as const;

export type CommandName = keyof typeof commands;

/** Ties the type of a command's code to its options. */
function entry<O extends OptionSpecs>(command: Command<O>): Command<O> {
  return command;
}
