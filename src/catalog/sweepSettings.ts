// The settings of sweep files that are not settings of an experiment: samples, the result, limits, Slurm.
import type { Descriptors, Values } from './descriptor';
import { rankedNumbers } from './metrics';

/** The most trials of a sweep. */
export const maxTrials = 10_000;

/** The size of a random sample of settings. */
export const sampleSettings = {
  count: {
    type: 'integer',
    minimum: 1,
    maximum: maxTrials,
    example: 20,
    unit: 'samples',
    text: 'Number of samples. Each is a function of its index and "seed" alone, so a larger count adds samples and changes none.',
  },
  seed: {
    type: 'integer',
    default: 1,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    text: 'Seed of the samples; it does not affect the seeds of the trainings.',
  },
} as const satisfies Descriptors;

/** Columns whose scale is that of the critic, the constraint and the objective. */
export const criticColumns = [
  'estimate',
  'normalizedEstimate',
  'lowerBound',
  'validationEstimate',
  'gradientNorm',
  'criticLoss',
  'generatorLoss',
] as const;

/** The number by which trials are compared. */
export const resultSettings = {
  metric: {
    type: 'choice',
    options: [...Object.keys(rankedNumbers), ...criticColumns],
    text: 'Column of the curve by which trials are compared. The estimate and the losses of the critic can only rank trials with the same critic, constraint and objective.',
  },
  goal: {
    type: 'choice',
    options: ['auto', 'minimize', 'maximize'],
    default: 'auto',
    text: 'Whether smaller or larger values are better; "auto" knows it for each metric of the samples, and minimizes the others.',
  },
  value: {
    type: 'choice',
    options: ['last', 'best', 'tail'],
    default: 'last',
    text: 'The value of a trial: "last" is the last one, "best" the best one, "tail" the mean over the last part of the training, which fluctuates less.',
  },
  tail: {
    type: 'number',
    default: 0.2,
    exclusiveMinimum: 0,
    maximum: 1,
    text: 'Share of the training that "value": "tail" averages.',
  },
} as const satisfies Descriptors;

/** What a sweep may use. */
export const limitsSettings = {
  trials: {
    type: 'integer',
    default: null,
    nullable: true,
    minimum: 1,
    maximum: maxTrials,
    example: 100,
    unit: 'trials',
    text: 'Plan only the first trials; null plans all. A larger limit adds the others later.',
  },
  minutes: {
    type: 'number',
    default: null,
    nullable: true,
    exclusiveMinimum: 0,
    maximum: 30_000,
    example: 60,
    unit: 'minutes',
    text: 'Time for one call on this machine: then running trials are saved and the rest waits for the next call. null sets no limit.',
  },
  atOnce: {
    type: 'integer',
    default: null,
    nullable: true,
    minimum: 1,
    maximum: 10_000,
    example: 2,
    unit: 'trials',
    text: 'Trials that run at the same time. null: on this machine its cores divided by the threads of a trial, on a cluster as many as it allows.',
  },
} as const satisfies Descriptors;

/** Options of sbatch that have a key of their own; all are optional. */
export const slurmSettings = {
  partition: { type: 'string', example: 'gpu', text: 'Partition (sbatch --partition).' },
  account: { type: 'string', example: 'gan', text: 'Account (sbatch --account).' },
  time: {
    type: 'string',
    example: '2:00:00',
    text: 'Time limit of a job (sbatch --time). A trial that needs longer is saved before, requeued and resumed.',
  },
  cpus: {
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    example: 2,
    unit: 'cores',
    text: 'Cores of a trial (sbatch --cpus-per-task), and its threads if its experiment leaves "threads" at "auto". Default: the threads of a trial.',
  },
  ranks: {
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    example: 4,
    unit: 'processes',
    text: 'Processes that train a trial together over MPI, each with an equal part of every batch (sbatch --ntasks). Default: 1.',
  },
  memory: { type: 'string', example: '4G', text: 'Memory of a job (sbatch --mem).' },
  gres: { type: 'string', example: 'gpu:1', text: 'Generic resources such as GPUs (sbatch --gres).' },
  each: {
    type: 'integer',
    auto: true,
    minimum: 1,
    maximum: 10_000,
    example: 4,
    unit: 'trials',
    text: 'Trials that a job trains one after another; "auto" makes short trials share a job. Default: "auto".',
  },
  requeue: {
    type: 'boolean',
    text: 'Whether a job that ran out of time or was preempted is requeued and resumed. Default: true.',
  },
  node: {
    type: 'path',
    example: '/shared/node/bin/node',
    text: 'Node.js on the compute nodes. Default: the one that runs this command.',
  },
} as const satisfies Descriptors;

export type SampleConfig = Values<typeof sampleSettings>;
export type ResultConfig = Values<typeof resultSettings>;
export type LimitsConfig = Values<typeof limitsSettings>;
