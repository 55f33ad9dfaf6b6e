// All commands with their help texts. The code of a command is loaded when it is called.
import { type OptionSpecs } from '../arguments';
import { type Command } from '../command';
import {
  doctorOptions,
  installOptions,
  downloadOptions,
  evaluateOptions,
  exportOptions,
  graphOptions,
  lintOptions,
  previewOptions,
  reproduceOptions,
  resumeOptions,
  runsOptions,
  stopOptions,
  sweepCancelOptions,
  sweepLogOptions,
  sweepOptions,
  sweepResumeOptions,
  sweepStatusOptions,
  sweepTaskOptions,
  trainOptions,
} from './options';

const sweepArgument = 'SWEEP is the directory of a sweep, the name of one in .earthmover/sweeps, or its sweep file.';

export const commands = {
  train: entry({
    name: 'train',
    summary: 'Train an experiment file and write a run directory.',
    usage: 'earthmover train FILE [options]',
    arguments: [1, 1],
    options: trainOptions,
    details: [
      'FILE is an experiment file (*.gan.json). Ctrl-C saves a checkpoint and quits; a second Ctrl-C quits immediately.',
    ],
    load: async () => (await import('./train')).train,
  }),
  resume: entry({
    name: 'resume',
    summary: 'Continue a run from its last checkpoint.',
    usage: 'earthmover resume RUN [options]',
    arguments: [1, 1],
    options: resumeOptions,
    details: ['RUN is a run directory, or the name of one in .earthmover/runs.'],
    load: async () => (await import('./resume')).resume,
  }),
  stop: entry({
    name: 'stop',
    summary: 'Save a checkpoint of a run and stop it.',
    usage: 'earthmover stop RUN [options]',
    arguments: [1, 1],
    options: stopOptions,
    details: ['Waits until the run has ended. RUN is a run directory, or the name of one in .earthmover/runs.'],
    load: async () => (await import('./stop')).stop,
  }),
  runs: entry({
    name: 'runs',
    summary: 'List the runs of this folder, newest first.',
    usage: 'earthmover runs [options]',
    arguments: [0, 0],
    options: runsOptions,
    details: ['Runs are in .earthmover/runs. Prints the state, steps, duration and last checkpoint of each.'],
    load: async () => (await import('./runs')).runs,
  }),
  sweep: entry({
    name: 'sweep',
    summary: 'Train many variations of an experiment: settings × seeds.',
    usage: 'earthmover sweep FILE [options]',
    arguments: [1, 1],
    options: sweepOptions,
    details: [
      'FILE is a sweep file (*.sweep.json), see docs/sweeps.md. Plans its trials in .earthmover/sweeps/<name> and trains those that',
      'have not ended. The same command again continues; more seeds, samples or values add trials. Ctrl-C saves all of them.',
    ],
    load: async () => (await import('./sweep')).sweep,
  }),
  'sweep status': entry({
    name: 'sweep status',
    summary: 'Show how far a sweep is.',
    usage: 'earthmover sweep status SWEEP [options]',
    arguments: [1, 1],
    options: sweepStatusOptions,
    details: [sweepArgument],
    load: async () => (await import('./sweepStatus')).sweepStatus,
  }),
  'sweep resume': entry({
    name: 'sweep resume',
    summary: 'Train the trials of a sweep that have not ended.',
    usage: 'earthmover sweep resume SWEEP [options]',
    arguments: [1, 1],
    options: sweepResumeOptions,
    details: [sweepArgument, 'Uses the plan as it is; the sweep file is not read.'],
    load: async () => (await import('./sweep')).sweepResume,
  }),
  'sweep cancel': entry({
    name: 'sweep cancel',
    summary: 'Save and end the running trials of a sweep, and start no others.',
    usage: 'earthmover sweep cancel SWEEP [TRIAL...] [options]',
    arguments: [1, Infinity],
    options: sweepCancelOptions,
    details: [
      sweepArgument,
      'TRIAL is the number of a trial; without one, all are canceled. sweep resume continues them.',
    ],
    load: async () => (await import('./sweepCancel')).sweepCancel,
  }),
  'sweep log': entry({
    name: 'sweep log',
    summary: 'Print the log of a trial.',
    usage: 'earthmover sweep log SWEEP TRIAL [options]',
    arguments: [2, 2],
    options: sweepLogOptions,
    details: [sweepArgument, 'TRIAL is the number of a trial.'],
    load: async () => (await import('./sweepLog')).sweepLog,
  }),
  'sweep task': entry({
    name: 'sweep task',
    summary: 'Train, resume or skip one trial, whatever it needs.',
    usage: 'earthmover sweep task DIR TRIAL',
    arguments: [2, 2],
    options: sweepTaskOptions,
    hidden: true,
    details: [
      'What a pool or a cluster calls. The exit code is 0 if the trial has ended, or another process trains it.',
    ],
    load: async () => (await import('./sweepTask')).sweepTask,
  }),
  evaluate: entry({
    name: 'evaluate',
    summary: 'Compare generated with real samples: modes, W₁, SWD, FID, KID, precision, recall.',
    usage: 'earthmover evaluate RUN [options]',
    arguments: [1, 1],
    options: evaluateOptions,
    details: [
      'RUN is a run directory, or the name of one in .earthmover/runs. It may still be training: its last checkpoint is used.',
      'Adds the numbers, each with its protocol, to evaluations.jsonl in the run. docs/metrics.md explains the metrics, and how to',
      'export a feature network.',
    ],
    load: async () => (await import('./evaluate')).evaluate,
  }),
  export: entry({
    name: 'export',
    summary: 'Export the generator of a run (TensorFlow.js, ONNX), or a GIF of its training.',
    usage: 'earthmover export RUN [options]',
    arguments: [1, 1],
    options: exportOptions,
    details: [
      'RUN is a run directory, or the name of one in .earthmover/runs. It may still be training: the last checkpoint is exported.',
      'An ONNX file maps z [batch, latent] to samples [batch, ...] and documents its inputs and outputs in its metadata.',
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
      'Prints file:line:column for every problem. The exit code is 2 if there is an error, 0 if there are only warnings.',
      '--fix applies quick fixes to the files and prints the remaining problems.',
    ],
    load: async () => (await import('./lint')).lint,
  }),
  graph: entry({
    name: 'graph',
    summary: 'Show the computation graph of a training step and its cost.',
    usage: 'earthmover graph FILE [options]',
    arguments: [1, 1],
    options: graphOptions,
    details: ['Prints the graph as recorded and after optimization, then its nodes, FLOPs and bytes after each pass.'],
    load: async () => (await import('./graph')).graph,
  }),
  preview: entry({
    name: 'preview',
    summary: 'Preview the training data of an experiment file as an image.',
    usage: 'earthmover preview FILE [options]',
    arguments: [1, 1],
    options: previewOptions,
    details: [
      'Shows the data as training sees it, after resizing and flipping, and prints its size, range and classes.',
    ],
    load: async () => (await import('./preview')).preview,
  }),
  reproduce: entry({
    name: 'reproduce',
    summary: 'Reproduce a claim of the papers: trainings, numbers, a figure and a verdict.',
    usage: 'earthmover reproduce [ID] [options]',
    arguments: [0, 1],
    options: reproduceOptions,
    details: [
      'Without an ID, lists the claims, their sources and the time they take. The trainings are ordinary runs: interrupted ones',
      'are resumed, finished ones reused. Writes figure.svg, figure.png, report.md, result.json and data/*.csv.',
    ],
    load: async () => (await import('./reproduce')).reproduce,
  }),
  download: entry({
    name: 'download',
    summary: 'Download a public data set: mnist, fashion-mnist, kmnist, cifar-10, cifar-100.',
    usage: 'earthmover download [NAME...] [options]',
    arguments: [0, Infinity],
    options: downloadOptions,
    details: [
      'Without a name, lists the data sets. Files are verified against published checksums; interrupted downloads are resumed.',
      'Training itself never downloads anything.',
    ],
    load: async () => (await import('./download')).download,
  }),
  install: entry({
    name: 'install',
    summary: 'Install the native library for the tensorflow engine.',
    usage: 'earthmover install tensorflow [options]',
    arguments: [1, 1],
    options: installOptions,
    details: [
      'Prints what would be downloaded, from where, and its size. --yes downloads it and verifies the checksums that the',
      'server publishes. Only needed for "engine": "tensorflow".',
    ],
    load: async () => (await import('./install')).install,
  }),
  doctor: entry({
    name: 'doctor',
    summary: 'Check whether training works on this machine, and suggest fixes if not.',
    usage: 'earthmover doctor [options]',
    arguments: [0, 0],
    options: doctorOptions,
    details: ['The exit code is 0 unless training cannot work.'],
    load: async () => (await import('./doctor')).doctor,
  }),
} as const;

export type CommandName = keyof typeof commands;

/** Infers the type of the command's code from its options. */
function entry<O extends OptionSpecs>(command: Command<O>): Command<O> {
  return command;
}
