// The trainer: an experiment into a run directory, or a run directory on from its last checkpoint.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { packageVersion } from '../files/packageVersion';
import { createWorkerPool } from '../data';
import type { TrainerTasks, TrainerWorkerPool } from './workerTasks';
import { parseExperiment, type Experiment } from '../experiment';
import { copyTensors, openCheckpoint, type Checkpoint } from '../run/checkpoints';
import { createRun, openRun, resumeRun, runPaths } from '../run/directory';
import { alreadyARun, runError } from '../run/errors';
import { tensorboardFiles, readTensorboardFile } from '../run/tensorboardEvents';
import { rewindHistograms } from '../run/histograms';
import { openMetrics } from '../run/metricsReader';
import { rewindNotices } from '../run/notices';
import { rewindSampleImages } from '../run/sampleImages';
import { liveness, readStatus } from '../run/status';
import type { CheckpointRecord } from './checkpointContent';
import { readTensors } from './checkpointContent';
import type { EndEvent, Listener, Row } from './trainerEvents';
import type { ExperimentSource } from './inputErrors';
import type { Progress } from './trainingLoop';
import { openSession, type Session } from './session';
import { runAttempt } from './runAttempt';

export type { EndEvent, Listener } from './trainerEvents';
export { exportAnimation } from '../run/export/animation';
export { exportOnnx } from './exportOnnx';
export { compileStepGraph } from './stepGraph';

interface Common {
  /** The run directory. */
  readonly directory: string;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  /** Path of the bundled worker that draws batches ahead, dist/prefetch-worker.cjs; null to draw them between the updates. */
  readonly prefetchWorker: string | null;
  readonly listener: Listener;
  /** Aborted = interrupted: the step is finished, a checkpoint saved, and the run ends. */
  readonly signal: AbortSignal;
}

export interface TrainRequest extends Common {
  readonly experiment: Experiment;
  readonly source: ExperimentSource;
}

export interface ResumeRequest extends Common {
  /** A new last step, to go on further than the run was meant to. */
  readonly steps?: number;
}

/**
 * Trains an experiment into a new run directory. Throws an InputError or RunError for what the user can mend before
 * anything is written; after that what goes wrong stands in status.json too.
 */
export async function train(request: TrainRequest): Promise<EndEvent> {
  const { experiment, source, directory } = request;
  if (readStatus(directory) !== null) throw alreadyARun(directory);
  return withSession(request, experiment, source, async (session, workers) => {
    const manifest = {
      experiment,
      source: { path: path.resolve(source.path), text: source.text },
      versions: versions(session),
      seed: experiment.seed,
      engine: session.engine.name,
      device: session.engine.device,
      adapter: session.engine.adapter,
    };
    const owned = createRun(directory, manifest, experiment.steps);
    const from = { step: 0, criticUpdates: 0, metrics: {} };
    return runAttempt({ ...request, session, workers, owned, from, warnings: [] });
  });
}

/** Goes on with a run from its newest good checkpoint; rows, pictures and notes after it are made again. */
export async function resume(request: ResumeRequest): Promise<EndEvent> {
  const opened = openRun(request.directory);
  const { status } = opened;
  const state = status && liveness(status);
  if (status && (state === 'alive' || state === 'stalled')) {
    const message = `${opened.directory} is being trained now, by process ${status.pid}. Stop it first: earthmover stop ${opened.directory}`;
    throw runError('locked', message);
  }
  const recorded = opened.manifest.experiment as Experiment;
  const asked = request.steps === undefined ? recorded : { ...recorded, steps: request.steps };
  const experiment = validated(asked, opened.directory);
  const { checkpoints, metrics } = runPaths(opened.directory);
  // A checkpoint whose row was lost would leave a gap in the curve: the one before it makes the row again.
  const written = await lastStep(metrics);
  const found = await openCheckpoint(checkpoints, written ?? Infinity);
  const { checkpoint, damaged } = found.checkpoint ? found : await openCheckpoint(checkpoints);
  // Beginning again would throw away a curve that a user may still want: that is theirs to decide.
  if (!checkpoint && damaged.length > 0)
    throw runError(
      'damaged',
      `${damaged.join('\n')}\nNo checkpoint of this run is whole. Begin a new run from its experiment file: ${opened.manifest.source.path}`,
    );
  return withSession(request, experiment, opened.manifest.source, async (session, workers) => {
    const from = checkpoint ? await restore(session, checkpoint) : { step: 0, criticUpdates: 0, metrics: {} };
    const owned = resumeRun(opened, from.step, experiment.steps);
    rewindSampleImages(opened.directory, from.step);
    rewindNotices(opened.directory, from.step);
    rewindHistograms(opened.directory, from.step);
    const beginning = checkpoint ? [] : ['No checkpoint was saved: the run begins again at its first step.'];
    const warnings = [...damaged, ...beginning, ...damagedEvents(opened.directory)];
    return runAttempt({ ...request, session, workers, owned, from, warnings });
  });
}

/** A run's experiment was resolved by this program, or by an older one that knew fewer settings; one that was edited since, or by a newer one, is refused. */
function validated(recorded: Experiment, directory: string): Experiment {
  const file = runPaths(directory).experiment;
  const { experiment, problems } = parseExperiment(JSON.stringify(recorded, null, 2), file);
  if (experiment) return experiment;
  throw runError(
    'damaged',
    `${file} does not hold a valid experiment: ${problems[0].message} Begin a new run from the experiment file.`,
  );
}

/** The step of the last whole row of the curve; null where there is no curve. */
async function lastStep(file: string): Promise<number | null> {
  if (!existsSync(file)) return null;
  const curve = await openMetrics(file);
  try {
    return curve.rows === 0 ? 0 : (await curve.read(curve.rows - 1)).step[0];
  } finally {
    await curve.close();
  }
}

/** What is wrong with the event files of earlier attempts. A very long one is not looked at: reading it would delay the start. */
function damagedEvents(directory: string): string[] {
  const small = tensorboardFiles(directory).filter((file) => statSync(file).size <= 64 * 2 ** 20);
  return small.flatMap((file) => readTensorboardFile(file).problem ?? []);
}

async function restore(session: Session, checkpoint: Checkpoint): Promise<Progress & { metrics: Row }> {
  const tensors = await readTensors(session);
  copyTensors(checkpoint, tensors);
  await session.state.write(
    Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array])),
  );
  const { criticUpdates, metrics } = checkpoint.record as CheckpointRecord;
  const known = Object.entries(metrics).map(([name, value]) => [name, value ?? NaN] as const);
  return { step: checkpoint.step, criticUpdates, metrics: Object.fromEntries(known) };
}

async function withSession(
  { taskWorker, listener, signal }: Common,
  experiment: Experiment,
  source: ExperimentSource,
  use: (session: Session, workers: TrainerWorkerPool) => Promise<EndEvent>,
): Promise<EndEvent> {
  const threads = experiment.threads === 'auto' ? 4 : experiment.threads;
  const workers = createWorkerPool<TrainerTasks>(taskWorker, threads);
  const note = (message: string): void => listener({ event: 'notice', level: 'info', message });
  try {
    const session = await openSession(experiment, {
      source,
      folder: path.dirname(path.resolve(source.path)),
      workers,
      signal,
      note,
    });
    try {
      return await use(session, workers);
    } finally {
      await session.dispose();
    }
  } finally {
    await workers.close();
  }
}

function versions({ engine }: Session): Record<string, string> {
  return {
    earthmover: packageVersion(),
    node: process.versions.node,
    runtime: engine.runtime,
    'tensorflow.js': version_core,
  };
}
