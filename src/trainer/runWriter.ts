// Writes a run while it is trained: rows, sample images, checkpoints, status and log, as the hooks of the training
// loop.
import type { TrainerWorkerPool } from './workerTasks';
import { LARGEST_EXPONENT } from '../gan/objective';
import { median } from '../math/median';
import { stackOf } from '../shared/thrownValue';
import { isUserError } from '../shared/userError';
import type { StepSummary } from '../protocol/histograms';
import type { EndState } from '../protocol/status';
import { writeCheckpoint } from '../run/checkpoints';
import { createCommandReceiver } from '../run/control';
import { runPaths, type OwnedRun } from '../run/directory';
import { readIfExists } from '../run/diskAccess';
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { removeLivePreview, saveLivePreview } from '../run/livePreview';
import type { MetricsWriter } from '../run/metricsWriter';
import type { Appender } from '../files/append';
import { saveRealSampleImage, saveSampleImage } from '../run/sampleImages';
import type { Notice } from '../run/notices';
import { modelFiles, checkpointRecord, readTensors } from './checkpointContent';
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
import type { SampleStatistics } from './healthChecks';
import { createHistogramRecorder } from './recordHistograms';
import { createSampleMetrics } from './sampleMetrics';
import { createSampleRenderer, renderRealSamples } from './sampleRenderer';
import { createRecorder } from './recorder';
import { PLOT_POINTS, type Session } from './session';
import { sizeOfShape } from '../shared/shape';
import type { PngImage } from '../run/images/pngImage';
import { isStepStart } from './manualStepping';

export interface RunFiles {
  readonly owned: OwnedRun;
  readonly metrics: MetricsWriter;
  readonly tensorboard: TensorboardWriter;
  readonly notices: Appender<Notice>;
  readonly histograms: Appender<StepSummary>;
  readonly log: Appender<string>;
}

export interface RunWriterContext {
  readonly session: Session;
  readonly files: RunFiles;
  readonly workers: TrainerWorkerPool;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  readonly from: StartPoint;
}

/** Where training starts: at step 0, or at a checkpoint with its last metrics and the state of the health watch. */
export type StartPoint = Progress & { readonly metrics: Row; readonly health?: HealthState };

export interface RunWriter extends LoopHooks {
  /** Call before the first step of a new run. */
  begin(): Promise<void>;
  notice(step: number, level: Notice['level'], kind: string, message: string): void;
  checkpoint(progress: Progress): Promise<void>;
  /** Writes the rows that wait for a metric. */
  settled(): Promise<void>;
  /** Call after the loop: writes pending rows, the last checkpoint and the final status. */
  end(end: LoopEnd): Promise<Pick<EndEvent, 'metrics' | 'message' | 'errors'>>;
}

export function createRunWriter({ session, files, workers, listener, signal, from }: RunWriterContext): RunWriter {
  const { experiment } = session;
  const { owned, metrics, tensorboard, notices, log } = files;
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
  const onRow: Listener = (event) => {
    listener(event);
    if (event.event !== 'step') return;
    lastRow = event.step;
    warn(event.step, health.row(event.values));
    observeSample(event.step);
  };
  const recorder = createRecorder(metrics, tensorboard, onRow, from.metrics, trainedSeconds);
  const metricContext = { data: session.data, workers, seed: experiment.seed };
  const computeMetrics = createSampleMetrics(experiment.metrics, metricContext, (metric, error) =>
    notice(
      progress.step,
      'warning',
      'metric',
      `The metric ${metric} cannot be computed: ${messageOf(error)}. (Shown once.)`,
    ),
  );
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
    const record = checkpointRecord(criticUpdates, recorder.metrics, health.state);
    const content = {
      step,
      seed: experiment.seed,
      record,
      tensors: await readTensors(session),
      files: { ...(await modelFiles(session)), ...experimentFile },
    };
    const { keep } = experiment.checkpoints;
    const beforeRename = (): void => lock.assertHeld({ now: true });
    const written = await writeCheckpoint(runPaths(directory).checkpoints, content, { keep, beforeRename });
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
        await recorder.step(step, values, experiment.metrics.length > 0 ? computeMetrics(samples) : undefined);
        const summary = await saveSamples(step, samples);
        observations.set(step, { samples: statisticsOf(session, samples), summary, estimates });
        observeSample(step);
      } else {
        await recorder.step(step, values);
      }
      if (due.checkpoint) await checkpoint(progress);
      durations.push(seconds);
      if (durations.length > 101) durations.shift();
    },
    beforeUpdate: async (next, losses) => {
      const report = (): void => {
        if (durations.length === 0) return;
        const { step } = progress;
        const medianStepSeconds = median(durations);
        status.update({ step, lastStepAt: Date.now() / 1000, medianStepSeconds, metrics: finite(recorder.metrics) });
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
      if (end.reason !== 'diverged') await checkpoint(end);
      const failure = await failureAt(end);
      if (failure) notice(end.step, 'error', end.reason, failure.message);
      metrics.sync();
      status.update({
        state: end.reason satisfies EndState,
        step: end.step,
        message: failure?.message ?? null,
        errors: failure?.errors ?? [],
        metrics: finite(recorder.metrics),
      });
      return { metrics: recorder.metrics, ...failure };
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
