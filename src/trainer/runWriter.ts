// A run on disk while it is trained: rows, pictures, checkpoints, status and log, behind the loop's hooks.
import type { TrainerWorkerPool } from './workerTasks';
import { LARGEST_EXPONENT } from '../gan/objective';
import { median } from '../math/statistics';
import type { StepSummary } from '../protocol/histograms';
import type { EndState } from '../protocol/status';
import { writeCheckpoint } from '../run/checkpoints';
import { createCommandReceiver } from '../run/control';
import { runPaths, type OwnedRun } from '../run/directory';
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { removeLivePreview, saveLivePreview } from '../run/livePreview';
import type { MetricsWriter } from '../run/metricsWriter';
import type { Appender } from '../files/append';
import { saveRealSampleImage, saveSampleImage } from '../run/sampleImages';
import type { Notice } from '../run/notices';
import { modelFiles, checkpointRecord, readTensors } from './checkpointContent';
import { createCommands } from './commands';
import type { Listener, Row } from './trainerEvents';
import { fillLatent } from './prefetch/randomInputs';
import type { LoopHooks, LoopEnd, Progress } from './trainingLoop';
import { createHistogramRecorder } from './recordHistograms';
import { createSampleMetrics } from './sampleMetrics';
import { createSampleRenderer, renderRealSamples } from './sampleRenderer';
import { createRecorder } from './recorder';
import type { Session } from './session';
import { isWhole } from './manualStepping';

export interface RunFiles {
  readonly owned: OwnedRun;
  readonly metrics: MetricsWriter;
  readonly events: TensorboardWriter;
  readonly notes: Appender<Notice>;
  readonly histograms: Appender<StepSummary>;
  readonly log: Appender<string>;
}

export interface RunWriterContext {
  readonly session: Session;
  readonly files: RunFiles;
  readonly workers: TrainerWorkerPool;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Where the run goes on: the start, or a checkpoint with the measures taken until then. */
  readonly from: Progress & { readonly metrics: Row };
}

export interface RunWriter extends LoopHooks {
  /** Before the first step of a new run. */
  begin(): Promise<void>;
  note(step: number, level: Notice['level'], kind: string, message: string): void;
  checkpoint(progress: Progress): Promise<void>;
  /** After the loop: what is pending is written, the last checkpoint and status too. */
  end(end: LoopEnd): Promise<{ readonly metrics: Row; readonly message?: string }>;
}

export function createRunWriter({ session, files, workers, listener, signal, from }: RunWriterContext): RunWriter {
  const { experiment } = session;
  const { owned, metrics, events, notes, log } = files;
  const { status, directory } = owned;
  const began = performance.now();
  removeLivePreview(directory);
  const trainedSeconds = (): number => (performance.now() - began - commands.waited()) / 1000;
  const recorder = createRecorder(metrics, events, listener, from.metrics, trainedSeconds);
  const measure = createSampleMetrics(experiment.metrics, { data: session.data, workers, seed: experiment.seed });
  const draw = createSampleRenderer(session, experiment);
  const z = new Float32Array(session.samplesCount * experiment.latent.size);
  fillLatent(z, experiment.latent, { seed: experiment.seed, stream: 'samples', step: 0 });
  const durations: number[] = [];
  let checkpointed = from.step > 0 ? from.step : -1;
  let progress: Progress = from;
  let bounded = false;
  let stepBegan = 0;

  const note: RunWriter['note'] = (step, level, kind, message) => {
    notes.append({ step, wallTime: Date.now() / 1000, level, kind, message });
    log.append(`${new Date().toISOString()} step ${step} ${level}: ${message}\n`);
    listener({ event: 'notice', level, message });
  };

  const inspect = createHistogramRecorder(session, files, (step, message) =>
    note(step, 'warning', 'gradients', message),
  );
  const samples = async (): Promise<Float32Array> => (await session.sample.run({ z })).samples.slice();

  const picture = async (step: number, drawn: Float32Array): Promise<void> => {
    const image = await draw(drawn);
    const file = saveSampleImage(directory, step, image.png);
    events.image(step, Date.now() / 1000, 'samples', image);
    await inspect(step);
    listener({ event: 'sample', step, file });
  };

  const checkpoint = async ({ step, criticUpdates }: Progress): Promise<void> => {
    if (step === checkpointed) return;
    await recorder.settled();
    metrics.sync();
    const record = checkpointRecord(criticUpdates, recorder.metrics);
    const content = {
      step,
      seed: experiment.seed,
      record,
      tensors: await readTensors(session),
      files: await modelFiles(session),
    };
    const written = await writeCheckpoint(runPaths(directory).checkpoints, content, experiment.checkpoints.keep);
    checkpointed = step;
    listener({ event: 'checkpoint', step, directory: written });
  };

  const commands = createCommands({
    status,
    take: createCommandReceiver(directory),
    signal,
    note: (message) => note(progress.step, 'warning', 'control', message),
    say: (message) => listener({ event: 'notice', level: 'info', message }),
    checkpoint: () => checkpoint(progress),
    sample: async () => picture(progress.step, await samples()),
    hide: () => removeLivePreview(directory),
  });

  return {
    begin: async () => {
      const real = await renderRealSamples(session, experiment);
      if (real) saveRealSampleImage(directory, real.png);
    },
    note,
    checkpoint,
    recorded: async (reached, values, due) => {
      const seconds = trainedSeconds() - stepBegan;
      progress = reached;
      const { step } = reached;
      if (due.sample) {
        const drawn = await samples();
        recorder.step(step, values, experiment.metrics.length > 0 ? measure(drawn) : undefined);
        await picture(step, drawn);
      } else {
        recorder.step(step, values);
      }
      if (due.checkpoint) await checkpoint(progress);
      durations.push(seconds);
      if (durations.length > 101) durations.shift();
    },
    between: async (next, measured) => {
      const report = (): void => {
        if (durations.length === 0) return;
        const { step } = progress;
        const medianStepSeconds = median(durations);
        status.update({ step, lastStepAt: Date.now() / 1000, medianStepSeconds, metrics: finite(recorder.metrics) });
      };
      const show = async (): Promise<void> => {
        const { png } = await draw(await samples());
        saveLivePreview(directory, { ...next, values: finite(measured) }, png);
      };
      const interruption = await commands.between(next, report, show);
      if (isWhole(next)) stepBegan = trainedSeconds();
      return interruption;
    },
    watched: commands.watched,
    bounded: (step, exponent) => {
      if (bounded) return;
      bounded = true;
      note(step, 'warning', 'bounded', boundedText(exponent));
    },
    end: async (end) => {
      removeLivePreview(directory);
      await recorder.settled();
      if (end.reason !== 'diverged') await checkpoint(end);
      const message = end.reason === 'diverged' ? await whatDiverged(session, end) : undefined;
      if (message) note(end.step, 'error', 'diverged', message);
      metrics.sync();
      status.update({
        state: end.reason satisfies EndState,
        step: end.step,
        message: message ?? null,
        metrics: finite(recorder.metrics),
      });
      return { metrics: recorder.metrics, ...(message ? { message } : {}) };
    },
  };
}

const boundedText = (exponent: number): string =>
  `The objective takes the exponential of the critic's output, which came to e^${exponent.toPrecision(3)}; from ` +
  `e^${LARGEST_EXPONENT} on its tangent is taken instead, so that float32 holds it, and the estimate is then no bound of the divergence. ` +
  'It happens when the critic is sure of itself: try a smaller learning rate of the critic, a constraint or instance noise. This is said once.';

const finite = (row: Row): Record<string, number | null> =>
  Object.fromEntries(Object.entries(row).map(([name, v]) => [name, Number.isFinite(v) ? v : null]));

/** Names the first bad number and, where the state has one, the first bad tensor. */
async function whatDiverged({ state }: Session, { step, values }: LoopEnd): Promise<string> {
  const [name, value] = Object.entries(values).find(([, v]) => !Number.isFinite(v))!;
  const weights = await state.read();
  const bad = Object.keys(weights).find((w) => weights[w].some((v) => !Number.isFinite(v)));
  const where = bad ? ` The first tensor that is not finite is ${bad}.` : '';
  return (
    `${name} is ${value} at step ${step}.${where} The last checkpoint is kept. ` +
    'Try a smaller learning rate, or a constraint on the critic.'
  );
}
