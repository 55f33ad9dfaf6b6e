// The trainer: trains an experiment into a run directory, or resumes a run from its last checkpoint.
import { existsSync, lstatSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { packageVersion } from '../files/packageVersion';
import { createWorkerPool, dataDifference, identifyData } from '../data';
import type { TrainerTasks, TrainerWorkerPool } from './workerTasks';
import type { Experiment } from '../experiment';
import { copyTensors, openCheckpoint, type Checkpoint } from '../run/checkpoints';
import { comparedFields, differingFields } from '../protocol/metricProtocol';
import { secondsOf, type RunStatus } from '../protocol/status';
import { findBestCheckpoint } from '../run/bestCheckpoint';
import {
  createRun,
  openRun,
  requireOwnParts,
  resumeRun,
  runPaths,
  type OwnedRun,
  type RunManifest,
} from '../run/directory';
import { changedData, isRunError, runError } from '../run/errors';
import { tensorboardFiles, readTensorboardFile } from '../run/tensorboardEvents';
import { openMetrics } from '../run/metricsReader';
import { readSampleMetrics } from '../run/runMetrics';
import { validExperiment } from '../run/recordedExperiment';
import { waitForLock } from '../run/runLock';
import { inspectStatus } from '../run/status';
import { requireUnused } from '../run/unusedDirectory';
import type { Communicator } from '../parallel/communicator';
import { evaluatedColumns, metricColumns } from './columns';
import type { CheckpointRecord } from './checkpointContent';
import { readPending, readTensors } from './checkpointContent';
import { openEvaluator, type Evaluator } from './evaluation/evaluator';
import type { EndEvent, Listener, Row } from './trainerEvents';
import type { ExperimentSource } from './inputErrors';
import { loadInitialWeights } from './initialWeights';
import { openSession, type Session, type SessionContext } from './session';
import { shareNothing, shareStart } from './rankProtocol';
import { runAttempt } from './runAttempt';
import type { StartPoint } from './runWriter';
import { list, plural } from '../shared/text';
import { bundleModels } from './userModels/bundleModule';
import { readRunModels } from './userModels/runModels';

export type { EndEvent, Listener } from './trainerEvents';
export { exportAnimation } from '../run/export/animation';
export { forkRun, removeUnstartedFork } from './forkRun';
export { exportOnnx } from './exportOnnx';
export { criticScores } from './criticScores';
export { writeInterpolation, writeSamples } from './exploreLatents';
export { evaluateRun } from './evaluation/evaluateRun';
export { compileStepGraph } from './stepGraph';
export { prepareData } from './prepareData';
export { inputChecks } from './inputChecks';
export { follow } from './follow';

interface Common {
  /** The run directory. */
  readonly directory: string;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  /** Path of the bundled prefetch worker, dist/prefetch-worker.cjs; null to disable prefetching. */
  readonly prefetchWorker: string | null;
  /** Path of the bundled evaluator, dist/evaluator-process.cjs. */
  readonly evaluatorProcess: string;
  readonly listener: Listener;
  /** Abort to interrupt the run: it completes the step, saves a checkpoint and ends. */
  readonly signal: AbortSignal;
  /** The processes that train together, of which this is rank 0; by default this one trains alone. */
  readonly ranks?: Communicator | null;
}

export interface TrainRequest extends Common {
  readonly experiment: Experiment;
  readonly source: ExperimentSource;
}

export interface ResumeRequest extends Common {
  /** A new last step, to extend the run. */
  readonly steps?: number;
  /** Builds the networks with the model files as they are now, instead of the copies that the run keeps. */
  readonly useCurrentModel?: boolean;
  /** Whether to resume although the data changed since the run began. */
  readonly useCurrentData?: boolean;
}

/**
 * Trains an experiment into a new run directory. Throws a UserError for problems found before anything is written;
 * later errors are also recorded in status.json.
 */
export async function train(request: TrainRequest): Promise<EndEvent> {
  const { experiment, source, directory } = request;
  requireUnused(directory);
  const bundles = await bundleModels(experiment, source);
  const ranks = request.ranks ?? null;
  return withSession(request, experiment, { source, bundles }, async ({ session, workers, evaluator }) => {
    await loadInitialWeights(session, source);
    const manifest = {
      experiment,
      source: { path: path.resolve(source.path), text: source.text },
      versions: versions(session),
      seed: experiment.seed,
      data: await identifyData(session.data.files),
      engine: session.engine.name,
      device: session.engine.device,
      adapter: session.engine.adapter,
      cores: os.availableParallelism(),
      ...processor(),
      ...(ranks === null ? {} : { ranks: ranks.size }),
    };
    const owned = createRun(directory, manifest, experiment.steps);
    const from = { step: 0, criticUpdates: 0, metrics: {} };
    if (ranks !== null) await shareStart(ranks, session.state, from);
    const start = { owned, resumed: false, from, writesModels: true, warnings: [], ranks };
    return runAttempt({ ...request, session, workers, evaluator, ...start });
  });
}

/**
 * Resumes a run from its newest intact checkpoint; later rows, sample images and notices are removed first. The run is
 * locked before anything of it is read, and nothing is changed before everything was read and compiled.
 */
export async function resume(request: ResumeRequest): Promise<EndEvent> {
  const { directory, manifest } = openRun(request.directory);
  requireOwnParts(directory);
  const recorded = manifest.experiment as Experiment;
  const requested = request.steps === undefined ? recorded : { ...recorded, steps: request.steps };
  const experiment = validExperiment(requested, directory);
  const { signal, listener, ranks = null } = request;
  const onWait = (message: string): void => listener({ event: 'notice', level: 'info', message });
  const lock = await waitForLock(directory, { signal, onWait });
  const heartbeat = setInterval(() => lock.heartbeat(), 5000);
  let owned: OwnedRun | undefined;
  try {
    const { status, problem } = inspectStatus(directory);
    const { checkpoint, damaged, isCurveDamaged } = await checkpointToResume(directory, manifest, experiment);
    if (checkpoint && status && !isCurveDamaged && isReached(checkpoint.step, experiment.steps, status)) {
      if (ranks !== null) shareNothing(ranks);
      return nothingToDo(request, directory, checkpoint, experiment.steps);
    }
    const models = await readRunModels(directory, experiment, manifest.source, request.useCurrentModel);
    const context = { source: manifest.source, bundles: models.bundles, cores: manifest.cores, keepsPath: true };
    return await withSession(request, experiment, context, async ({ session, workers, evaluator }) => {
      const changed = dataDifference(manifest.data, await identifyData(session.data.files));
      if (changed !== undefined && !request.useCurrentData) throw changedData(directory, changed);
      if (evaluator) await requireSameProtocols(directory, evaluator, changed !== undefined);
      const from = checkpoint
        ? await restore(session, checkpoint, directory)
        : { step: 0, criticUpdates: 0, metrics: {} };
      const restart = checkpoint ? [] : ['No checkpoint was saved, so the run starts over from the first step.'];
      const warnings = [
        ...(changed === undefined ? [] : [`Resumed on changed data: it ${changed}.`]),
        ...(problem === null ? [] : [`The status of the run was lost and is written again: ${problem}`]),
        ...damaged,
        ...fewerCores(experiment, manifest.cores),
        ...otherProcessor(manifest, session),
        ...otherRanks(manifest.ranks ?? 1, ranks?.size ?? 1),
        ...restart,
        ...damagedEvents(directory),
        ...models.notices,
        ...(models.edited.length > 0 ? [editedModels(models.edited)] : []),
      ];
      clearInterval(heartbeat);
      const earlierSeconds = status === null ? 0 : secondsOf(status);
      owned = resumeRun(directory, lock, { step: from.step, steps: experiment.steps, earlierSeconds });
      if (ranks !== null) await shareStart(ranks, session.state, from);
      const start = { owned, resumed: true, from, writesModels: models.isNew, warnings, ranks };
      return runAttempt({ ...request, session, workers, evaluator, ...start });
    });
  } finally {
    clearInterval(heartbeat);
    if (!owned) lock.release();
  }
}

/** Whether a resume to `steps` has nothing to do: a trainer that exited at its last step still writes its end. */
const isReached = (step: number, steps: number, status: RunStatus): boolean =>
  step >= steps && (status.state === 'finished' || step < status.steps);

/** Reports that a run has all its steps, and changes nothing. */
function nothingToDo({ listener }: Common, run: string, checkpoint: Checkpoint, steps: number): EndEvent {
  const { step } = checkpoint;
  const message =
    `Nothing to do: the run is at step ${step}, and ${steps} steps are wanted. ` +
    `To train it longer: earthmover resume ${run} --steps N`;
  listener({ event: 'notice', level: 'info', message });
  const end: EndEvent = { event: 'end', reason: 'finished', run, step, metrics: metricsOf(checkpoint), message };
  listener(end);
  return end;
}

/** The threads affect the last bits: a run keeps those that it began with. */
function fewerCores({ threads }: Experiment, cores = os.availableParallelism()): string[] {
  const here = os.availableParallelism();
  if (threads !== 'auto' || here >= cores) return [];
  return [
    `The run began on ${cores} cores and keeps their number of threads, so that its numbers do not depend on the ${here} cores here.`,
  ];
}

/** The model of this machine's processor, if the system tells it. */
function processor(): Pick<RunManifest, 'processor'> {
  const model = os.cpus()[0]?.model.trim() ?? '';
  return model === '' || model === 'unknown' ? {} : { processor: model };
}

/** Processors choose other instructions, whose sums have another order. */
function otherProcessor(manifest: RunManifest, { engine }: Session): string[] {
  const here = processor().processor;
  if (engine.device !== 'cpu' || manifest.processor === undefined || here === undefined) return [];
  if (here === manifest.processor) return [];
  return [
    `The run began on another kind of processor (${manifest.processor}; here ${here}): the last bits of its numbers may differ from now on.`,
  ];
}

/** The order of a sum depends on the number of parts. */
const otherRanks = (began: number, here: number): string[] =>
  began === here
    ? []
    : [
        `The run began with ${plural(began, 'process', 'processes')} and continues with ${here}: its numbers are the same only within rounding.`,
      ];

const editedModels = (files: readonly string[]): string =>
  `${list(files)} changed since the run began. The run continues with the code that it began with; to use the changed ` +
  `${files.length === 1 ? 'file' : 'files'}, resume it with --use-current-model.`;

/**
 * The newest intact checkpoint that the curve reaches; null if none was saved yet. Throws a UserError if all are
 * damaged or lost.
 */
async function checkpointToResume(directory: string, { source }: RunManifest, experiment: Experiment) {
  const { checkpoints, metrics } = runPaths(directory);
  // A checkpoint whose row was lost would leave a gap in the curve: the previous checkpoint recreates the row.
  const curve = await endOfCurve(metrics, experiment);
  const found = await openCheckpoint(checkpoints, curve?.lastStep ?? Infinity);
  const { checkpoint, damaged } = found.checkpoint ? found : await openCheckpoint(checkpoints);
  // Starting over would discard a curve the user may still want: that is their decision.
  const lastStep = curve?.lastStep ?? 0;
  const isLost = damaged.length === 0 && lastStep > experiment.checkpoints.every;
  if (!checkpoint && (isLost || damaged.length > 0)) {
    const what = isLost
      ? `The checkpoints of this run are lost: its curve reaches step ${lastStep}, and ${checkpoints} has none. Copy them back if you can.`
      : `${damaged.join(' ')} No checkpoint of this run is intact.`;
    throw runError('damaged', `${what} Start a new run from its experiment file: ${source.path}`);
  }
  return { checkpoint, damaged, isCurveDamaged: curve?.isRecovered === true };
}

/**
 * The step of the last intact row of the curve, and whether its header is damaged; null if there is no curve. One
 * without a readable row ends nowhere: it cannot tell which checkpoint is too new.
 */
async function endOfCurve(file: string, experiment: Experiment) {
  if (!existsSync(file)) return null;
  const curve = await openMetrics(file, metricColumns(experiment)).catch((error: unknown) => {
    if (isRunError(error) && error.code === 'damaged') return null;
    throw error;
  });
  if (curve === null) return { lastStep: Infinity, isRecovered: true };
  try {
    return { lastStep: await curve.lastStep(), isRecovered: curve.isRecovered };
  } finally {
    await curve.close();
  }
}

/**
 * Problems of the TensorBoard files of earlier attempts. Very large ones are skipped: reading them would delay the
 * start.
 */
function damagedEvents(directory: string): string[] {
  const small = tensorboardFiles(directory).filter((file) => lstatSync(file).size <= 64 * 2 ** 20);
  return small.flatMap((file) => {
    try {
      return readTensorboardFile(file).problem ?? [];
    } catch (error) {
      if (!isRunError(error)) throw error;
      return error.message;
    }
  });
}

async function restore(session: Session, checkpoint: Checkpoint, directory: string): Promise<StartPoint> {
  const tensors = await readTensors(session);
  copyTensors(checkpoint, tensors);
  await session.state.write(
    Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array])),
  );
  const { criticUpdates, health } = checkpoint.record as CheckpointRecord;
  const { step } = checkpoint;
  const bestBy = session.experiment.checkpoints.best;
  return {
    ...{ step, criticUpdates, metrics: metricsOf(checkpoint), health },
    pending: await readPending(checkpoint),
    best: bestBy === null ? null : await findBestCheckpoint(directory, bestBy, step),
  };
}

const metricsOf = ({ record }: Checkpoint): Row =>
  Object.fromEntries(Object.entries((record as CheckpointRecord).metrics).map(([name, value]) => [name, value ?? NaN]));

/** Throws a UserError if the metrics of a run would from now on be measured in another way than before. */
async function requireSameProtocols(directory: string, evaluator: Evaluator, isDataChanged: boolean): Promise<void> {
  const recorded = await readSampleMetrics(runPaths(directory).sampleMetrics);
  // Another version resumes a run, and --use-current-data changes what it was compared with.
  const ignored: readonly string[] = [
    comparedFields.version,
    ...(isDataChanged ? [comparedFields.data, comparedFields.real, comparedFields.classifier] : []),
  ];
  for (const { name, protocol } of evaluatedColumns(evaluator)) {
    const before = recorded?.columns.find((column) => column.name === name)?.protocol;
    const differences =
      before && protocol ? differingFields(before, protocol).filter(({ field }) => !ignored.includes(field)) : [];
    if (differences.length > 0)
      throw runError(
        'mismatch',
        `The ${name} of ${directory} was measured in another way until now: ${differences.map(({ field, a, b }) => `${field}: ${a} and ${b}`).join('; ')}. Restore the file of "evaluation.features", or start a new run.`,
      );
  }
}

interface Opened {
  readonly session: Session;
  readonly workers: TrainerWorkerPool;
  readonly evaluator: Evaluator | null;
}

async function withSession(
  { taskWorker, evaluatorProcess, listener, signal, ranks = null }: Common,
  experiment: Experiment,
  models: Pick<SessionContext, 'source' | 'bundles' | 'cores' | 'keepsPath'>,
  use: (opened: Opened) => Promise<EndEvent>,
): Promise<EndEvent> {
  const threads = experiment.threads === 'auto' ? 4 : experiment.threads;
  const workers = createWorkerPool<TrainerTasks>(taskWorker, threads);
  const notice = (message: string): void => listener({ event: 'notice', level: 'info', message });
  try {
    const session = await openSession(experiment, {
      ...models,
      folder: path.dirname(path.resolve(models.source.path)),
      workers,
      signal,
      notice,
      ranks,
    });
    let evaluator: Evaluator | null = null;
    try {
      evaluator = await openEvaluator(experiment, {
        data: session.data,
        source: models.source,
        evaluatorProcess,
        signal,
      });
      return await use({ session, workers, evaluator });
    } finally {
      evaluator?.close();
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
