// Writes a run while it is trained: rows, sample images, checkpoints, status and log, as the hooks of the training
// loop.
import type { TrainerWorkerPool } from './workerTasks';
import { LARGEST_EXPONENT } from '../gan/objective';
import { median } from '../math/median';
import { list } from '../shared/text';
import { stackOf } from '../shared/thrownValue';
import { isUserError } from '../shared/userError';
import type { StepSummary } from '../protocol/histograms';
import type { BestCheckpoint, EndState } from '../protocol/status';
import { isBetter } from '../run/bestCheckpoint';
import { pruneCheckpoints, writeCheckpoint } from '../run/checkpoints';
import { createCommandReceiver } from '../run/control';
import { runPaths, type OwnedRun } from '../run/directory';
import { readIfExists } from '../run/diskAccess';
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { removeLivePreview, saveLivePreview } from '../run/livePreview';
import type { MetricsWriter } from '../run/metricsWriter';
import type { Appender } from '../files/append';
import { saveRealSampleImage, saveSampleImage } from '../run/sampleImages';
import type { Notice } from '../run/notices';
import { modelFiles, checkpointRecord, pendingFiles, readTensors } from './checkpointContent';
import { createCommands } from './commands';
import { failureOf, failureReason, type Failure } from './failure';
import type { EndEvent, Listener, Row } from './trainerEvents';
import { fillLatent } from './prefetch/randomInputs';
import type { LoopHooks, LoopEnd, Progress } from './trainingLoop';
import {
  createHealthWatch,
  sampleStatistics,
  type HealthEvent,
  type HealthState,
  type SampleObservation,
} from './healthWatch';
import type { Evaluator } from './evaluation/evaluator';
import { createEvaluationQueue, type PendingImages } from './evaluation/evaluationQueue';
import { drawImages } from './evaluation/drawImages';
import type { SampleStatistics } from './healthChecks';
import { createHistogramRecorder } from './recordHistograms';
import { createSampleMetrics, quickMetrics } from './sampleMetrics';
import { createSampleRenderer, renderRealSamples } from './sampleRenderer';
import { createRecorder } from './recorder';
import { createRemainingTime } from './remainingTime';
import { PLOT_POINTS, type Session } from './session';
import { sizeOfShape } from '../shared/shape';
import type { PngImage } from '../run/images/pngImage';
import { isStepStart } from './manualStepping';

export interface RunFiles {
  readonly owned: OwnedRun;
  readonly metrics: MetricsWriter;
  /** For the metrics of the evaluator; null without one. */
  readonly sampleMetrics: MetricsWriter | null;
  readonly tensorboard: TensorboardWriter;
  readonly notices: Appender<Notice>;
  readonly histograms: Appender<StepSummary>;
  readonly log: Appender<string>;
}

export interface RunWriterContext {
  readonly session: Session;
  readonly evaluator: Evaluator | null;
  readonly files: RunFiles;
  readonly workers: TrainerWorkerPool;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  readonly from: StartPoint;
}

/** Where training starts: at step 0, or at a checkpoint with its last metrics and the state of the health watch. */
export type StartPoint = Progress & {
  readonly metrics: Row;
  readonly health?: HealthState;
  /** Images of earlier steps whose metrics are not known yet. */
  readonly pending?: readonly PendingImages[];
  readonly best?: BestCheckpoint | null;
};

export interface RunWriter extends LoopHooks {
  /** Call before the first step of a new run. */
  begin(): Promise<void>;
  /** Call before the first step of a resumed run: computes the metrics that were not known when it ended. */
  resumeEvaluation(): Promise<void>;
  notice(step: number, level: Notice['level'], kind: string, message: string): void;
  checkpoint(progress: Progress): Promise<void>;
  /** Writes the rows that wait for a metric. */
  settled(): Promise<void>;
  /** Call after the loop: writes pending rows, the last checkpoint and the final status. */
  end(end: LoopEnd): Promise<Pick<EndEvent, 'metrics' | 'best' | 'message' | 'errors'>>;
}

export function createRunWriter(context: RunWriterContext): RunWriter {
  const { session, evaluator, files, workers, listener, signal, from } = context;
  const { experiment } = session;
  const { owned, metrics, sampleMetrics, tensorboard, notices, log } = files;
  const { status, directory, lock } = owned;
  const startedAt = performance.now();
  removeLivePreview(directory);
  const trainedSeconds = (): number => (performance.now() - startedAt - commands.waited()) / 1000;
  const health = createHealthWatch({ experiment, data: realStatistics(session) }, from.health);
  const warn = (step: number, events: readonly HealthEvent[]): void => {
    for (const { code, message } of events) notice(step, 'warning', code, message);
  };
  // A row may wait for a metric. The watch sees each sample after the row of its step and before the next row, so that
  // its events do not depend on how long that takes.
  const observations = new Map<number, SampleObservation>();
  let lastRow = from.step;
  const observeSample = (step: number): void => {
    const observation = observations.get(step);
    if (step > lastRow || !observation) return;
    observations.delete(step);
    warn(step, health.sample(observation));
  };
  const { keep, best: bestBy } = experiment.checkpoints;
  let best = from.best ?? null;
  const compare = (step: number, values: Row): void => {
    if (bestBy === null || !Number.isFinite(values[bestBy])) return;
    // As the curves have it, from which a resumed run finds the best checkpoint again.
    const value = Math.fround(values[bestBy]);
    if (best === null || isBetter(bestBy, value, best.value)) best = { metric: bestBy, step, value };
  };
  /** The best checkpoint, and those that may turn out to be it. */
  const isKept = (step: number): boolean =>
    bestBy !== null && (step === best?.step || (evaluation?.pending.some((each) => each.step === step) ?? false));
  const bestStatus = (): { best?: BestCheckpoint | null } => (bestBy === null ? {} : { best });
  const onRow: Listener = (event) => {
    if (event.event !== 'step') return listener(event);
    listener({ ...event, secondsLeft: remaining.secondsLeft() });
    lastRow = event.step;
    compare(event.step, event.values);
    warn(event.step, health.row(event.values));
    observeSample(event.step);
  };
  const remaining = createRemainingTime({
    steps: experiment.steps,
    samplesEvery: experiment.samples.every,
    checkpointsEvery: experiment.checkpoints.every,
  });
  /** When the last step ended with everything that was due, in seconds of training. */
  let lastStepEndedAt = 0;
  const recorder = createRecorder(metrics, tensorboard, onRow, from.metrics, trainedSeconds);
  const metricContext = { data: session.data, workers, seed: experiment.seed };
  const quick = quickMetrics(experiment);
  const computeMetrics = createSampleMetrics(quick, metricContext, (metric, error) =>
    notice(
      progress.step,
      'warning',
      'metric',
      `The metric ${metric} cannot be computed: ${messageOf(error)}. (Shown once.)`,
    ),
  );
  const evaluation =
    evaluator &&
    createEvaluationQueue(
      evaluator,
      {},
      (step, values) => {
        lock.assertHeld();
        const now = Date.now() / 1000;
        sampleMetrics?.append(step, now, values);
        tensorboard.scalars(step, now, values);
        compare(step, values);
        listener({ event: 'metrics', step, values });
      },
      (step, error) => {
        if (signal.aborted) return true;
        if (hasFailedEvaluation) return false;
        hasFailedEvaluation = true;
        const ids = list(evaluator.metrics);
        notice(step, 'warning', 'metric', `Metrics cannot be computed (${ids}): ${messageOf(error)} (Shown once.)`);
        return false;
      },
    );
  const allMetrics = (): Row => ({ ...recorder.metrics, ...evaluation?.metrics });
  const evaluate = async (step: number): Promise<void> => {
    if (!evaluation || !evaluator) return;
    const images = await drawImages(session, evaluator.samples);
    if (images) await evaluation.add({ step, images });
    else notice(step, 'warning', 'metric', 'The generated images have values that are not finite: no metrics of them.');
  };
  const render = createSampleRenderer(session, experiment);
  const z = new Float32Array(session.samplesCount * experiment.latent.size);
  fillLatent(z, experiment.latent, { seed: experiment.seed, stream: 'samples', step: 0 });
  // A second copy, in case experiment.json is damaged.
  const manifest = readIfExists(runPaths(directory).experiment, 1 << 26);
  const experimentFile: Record<string, Uint8Array> = manifest === undefined ? {} : { 'experiment.json': manifest };
  const durations: number[] = [];
  let lastCheckpoint = from.step > 0 ? from.step : -1;
  /** When it was saved, in seconds of training of this attempt. */
  let lastCheckpointAt = 0;
  let progress: Progress = from;
  let hasLinearized = false;
  let hasFailedEvaluation = false;
  let hasDrawn = false;
  let stepStartedAt = 0;

  const notice: RunWriter['notice'] = (step, level, kind, message) => {
    lock.assertHeld();
    notices.append({ step, wallTime: Date.now() / 1000, level, kind, message });
    log.append(`step ${step} ${level}: ${message}`);
    listener({ event: 'notice', level, message, step, kind });
  };

  const recordHistograms = createHistogramRecorder(session, files, (step, message) =>
    notice(step, 'warning', 'gradients', message),
  );
  const generate = async (): Promise<Float32Array> => (await session.sample.run({ z })).samples.slice();

  /** Drawing compiles steps on its first call. */
  const draw = async (samples: Float32Array): Promise<PngImage> => {
    if (hasDrawn) return render(samples);
    hasDrawn = true;
    status.update({ compiling: true });
    const image = await render(samples);
    status.update({ compiling: false });
    return image;
  };
  const saveSamples = async (step: number, samples: Float32Array): Promise<StepSummary> => {
    const image = await draw(samples);
    lock.assertHeld();
    const file = saveSampleImage(directory, step, image.png);
    tensorboard.image(step, Date.now() / 1000, 'samples', image);
    const summary = await recordHistograms(step);
    listener({ event: 'sample', step, file });
    return summary;
  };

  const checkpoint = async ({ step, criticUpdates }: Progress): Promise<void> => {
    if (step === lastCheckpoint) return;
    await recorder.settled();
    lock.assertHeld({ now: true });
    metrics.sync();
    sampleMetrics?.sync();
    const pending = evaluation?.pending ?? [];
    const record = checkpointRecord(criticUpdates, allMetrics(), health.state, pending);
    const content = {
      step,
      seed: experiment.seed,
      record,
      tensors: await readTensors(session),
      files: { ...(await modelFiles(session)), ...pendingFiles(pending), ...experimentFile },
    };
    const beforeRename = (): void => lock.assertHeld({ now: true });
    const written = await writeCheckpoint(runPaths(directory).checkpoints, content, { keep, isKept, beforeRename });
    [lastCheckpoint, lastCheckpointAt] = [step, trainedSeconds()];
    listener({ event: 'checkpoint', step, directory: written });
  };

  const commands = createCommands({
    status,
    receive: createCommandReceiver(directory),
    signal,
    warn: (message) => notice(progress.step, 'warning', 'control', message),
    announce: (message) => listener({ event: 'notice', level: 'info', message }),
    checkpoint: () => checkpoint(progress),
    sample: async () => void (await saveSamples(progress.step, await generate())),
    endLivePreview: () => removeLivePreview(directory),
  });

  const failureAt = async (end: LoopEnd): Promise<Failure | undefined> => {
    if (end.reason === 'diverged') return { message: await divergedMessage(session, end), errors: [] };
    const cause = end.reason === 'failed' ? failureReason(signal) : null;
    if (cause && !isUserError(cause)) log.append(`${new Date().toISOString()} ${stackOf(cause)}\n`);
    return cause ? failureOf(cause) : undefined;
  };

  return {
    begin: async () => {
      const real = await renderRealSamples(session, experiment);
      if (real) saveRealSampleImage(directory, real.png);
      warn(0, health.start());
    },
    resumeEvaluation: async () => {
      for (const pending of from.pending ?? []) await evaluation?.add(pending);
    },
    notice,
    checkpoint,
    settled: recorder.settled,
    stepDone: async (reached, values, due, estimates) => {
      lock.assertHeld();
      const seconds = trainedSeconds() - stepStartedAt;
      progress = reached;
      const { step } = reached;
      if (due.sample) {
        const samples = await generate();
        await recorder.step(step, values, quick.length > 0 ? computeMetrics(samples) : undefined);
        const summary = await saveSamples(step, samples);
        observations.set(step, { samples: statisticsOf(session, samples), summary, estimates });
        observeSample(step);
        await evaluate(step);
      } else {
        await recorder.step(step, values);
      }
      const checkpointAt = trainedSeconds();
      if (due.checkpoint) await checkpoint(progress);
      const endedAt = trainedSeconds();
      remaining.observe(step, {
        seconds: endedAt - lastStepEndedAt,
        hasSample: due.sample,
        ...(due.checkpoint && { checkpoint: endedAt - checkpointAt }),
      });
      lastStepEndedAt = endedAt;
      durations.push(seconds);
      if (durations.length > 101) durations.shift();
    },
    beforeUpdate: async (next, losses) => {
      const report = (): void => {
        if (durations.length === 0) return;
        const { step } = progress;
        const medianStepSeconds = median(durations);
        status.update({
          ...{ step, lastStepAt: Date.now() / 1000, medianStepSeconds, metrics: finite(allMetrics()) },
          secondsLeft: remaining.secondsLeft(),
          ...bestStatus(),
        });
      };
      const show = async (): Promise<void> => {
        const { png } = await draw(await generate());
        saveLivePreview(directory, { ...next, values: finite(losses) }, png);
      };
      const interruption = await commands.beforeUpdate(next, report, show);
      if (isStepStart(next)) stepStartedAt = trainedSeconds();
      return interruption;
    },
    showsUpdates: commands.showsUpdates,
    checkpointIsDue: () => trainedSeconds() - lastCheckpointAt >= 60 * (experiment.checkpoints.minutes ?? Infinity),
    linearized: (step, exponent) => {
      if (hasLinearized) return;
      hasLinearized = true;
      notice(step, 'warning', 'bounded', linearizedMessage(exponent));
    },
    end: async (end) => {
      lock.assertHeld({ now: true });
      removeLivePreview(directory);
      await recorder.settled();
      // An interrupted run ends at once: its checkpoint has the images that wait.
      if (!signal.aborted) await evaluation?.settled();
      if (end.reason !== 'diverged') await checkpoint(end);
      if (bestBy !== null) await pruneCheckpoints(runPaths(directory).checkpoints, { keep, isKept });
      const failure = await failureAt(end);
      if (failure) notice(end.step, 'error', end.reason, failure.message);
      metrics.sync();
      sampleMetrics?.sync();
      status.update({
        state: end.reason satisfies EndState,
        step: end.step,
        message: failure?.message ?? null,
        errors: failure?.errors ?? [],
        metrics: finite(allMetrics()),
        ...bestStatus(),
      });
      return { metrics: allMetrics(), ...bestStatus(), ...failure };
    },
  };
}

/** Statistics of samples, of as many as are compared: those of real and of generated ones are of equally many. */
function statisticsOf({ data, samplesCount }: Session, samples: Float32Array): SampleStatistics {
  const size = sizeOfShape(data.shape);
  return sampleStatistics(samples.subarray(0, size * Math.min(samplesCount, PLOT_POINTS)), size);
}

function realStatistics(session: Session): SampleStatistics {
  const { data, experiment, samplesCount } = session;
  const real = new Float32Array(sizeOfShape(data.shape) * Math.min(samplesCount, PLOT_POINTS));
  data.batch({ seed: experiment.seed, stream: 'health', step: 0 }, real);
  return statisticsOf(session, real);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const linearizedMessage = (exponent: number): string =>
  `exp() of the critic output overflows float32 (e^${exponent.toPrecision(3)}); above e^${LARGEST_EXPONENT} it is linearized, so the ` +
  'estimate is no longer a bound. Try a lower critic learning rate, a constraint or instance noise. (Shown once.)';

const finite = (row: Row): Record<string, number | null> =>
  Object.fromEntries(Object.entries(row).map(([name, v]) => [name, Number.isFinite(v) ? v : null]));

/** Names the first value that is not finite and the first tensor with one. */
async function divergedMessage({ state }: Session, { step, values }: LoopEnd): Promise<string> {
  const [name, value] = Object.entries(values).find(([, v]) => !Number.isFinite(v))!;
  const weights = await state.read();
  const bad = Object.keys(weights).find((w) => weights[w].some((v) => !Number.isFinite(v)));
  const where = bad ? ` The first tensor with a non-finite value is ${bad}.` : '';
  return (
    `${name} is ${value} at step ${step}.${where} Earlier checkpoints are kept. ` +
    'Try a lower learning rate, or a constraint on the critic.'
  );
}
