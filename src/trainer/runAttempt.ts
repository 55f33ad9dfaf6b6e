// One attempt of a run: opens its files, trains, and records how it ended, including errors, in its status.
import type { TrainerWorkerPool } from './workerTasks';
import type { Appender } from '../files/append';
import { runPaths, type OwnedRun } from '../run/directory';
import { isRunError } from '../run/errors';
import { createTensorboardWriter } from '../run/tensorboardEvents';
import { createMetrics, resumeMetrics, type Column, type MetricsWriter } from '../run/metricsWriter';
import { openHistograms, rewindHistograms } from '../run/histograms';
import { openLog, openNotices, rewindNotices } from '../run/notices';
import { rewindSampleImages } from '../run/sampleImages';
import { openPrefetcher } from './prefetch/prefetcher';
import { evaluatedColumns, metricColumns } from './columns';
import type { Communicator } from '../parallel/communicator';
import type { Evaluator } from './evaluation/evaluator';
import type { EndEvent, Listener } from './trainerEvents';
import { trainingLoop } from './trainingLoop';
import { sharedHooks } from './rankProtocol';
import { createRunWriter, type RunWriter, type StartPoint } from './runWriter';
import type { Session } from './session';
import { writeRunModels } from './userModels/runModels';

export interface AttemptContext {
  readonly session: Session;
  readonly evaluator: Evaluator | null;
  readonly workers: TrainerWorkerPool;
  /** Path of the bundled prefetch worker, dist/prefetch-worker.cjs; null to disable prefetching. */
  readonly prefetchWorker: string | null;
  readonly owned: OwnedRun;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Whether the run has a curve, which is continued. */
  readonly resumed: boolean;
  readonly from: StartPoint;
  /** Whether the run keeps no copy of the model files yet, or another one. */
  readonly writesModels: boolean;
  /** The processes that train together; null if this one trains alone. */
  readonly ranks: Communicator | null;
  /** Problems found while the run was opened. */
  readonly warnings: readonly string[];
}

export async function runAttempt(context: AttemptContext): Promise<EndEvent> {
  const { session, owned, listener, from, ranks } = context;
  const { directory, status } = owned;
  const closers: Closer[] = [];
  let logLine: Appender<string>['append'] = () => {};
  let started = false;
  let run: RunWriter | undefined;
  const end = (event: Omit<EndEvent, 'event' | 'run'>): EndEvent => {
    const complete: EndEvent = { event: 'end', run: directory, ...event };
    // The disk may be full: how the run ended is reported in any case.
    attempted(() => logLine(`end: ${event.reason} at step ${event.step}`));
    listener(complete);
    return complete;
  };
  try {
    const log = openLog(directory);
    closers.push(log.close);
    logLine = log.append;
    run = await startRun(context, log, closers);
    started = true;
    const inputs = openPrefetcher(session, { prefetchWorker: context.prefetchWorker, from, log: logLine });
    closers.push(() => inputs.close());
    const { steps } = session.experiment;
    const hooks = ranks === null ? run : sharedHooks(ranks, session, run);
    const reached = await trainingLoop(session, inputs, from, steps, hooks);
    return end({ reason: reached.reason, step: reached.step, ...(await run.end(reached)) });
  } catch (error) {
    const replaced = replacement(error, owned);
    if (replaced !== null) {
      attempted(() => logLine(replaced));
      return end({ reason: 'replaced', step: status.current.step, metrics: {}, message: replaced });
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    await run?.settled().catch(() => {});
    attempted(() => logLine(`failed: ${message}`));
    for (const frame of stack?.match(/^ +at .*$/gm) ?? []) attempted(() => logLine(frame));
    attempted(() => status.update({ state: 'failed', message, errors: [{ message }] }));
    // A problem of the run directory before training starts is reported as a user error.
    if (!started && isRunError(error)) throw error;
    return end({ reason: 'failed', step: status.current.step, metrics: {}, message });
  } finally {
    // One after another, the log last: each may still write to it.
    for (const close of closers.reverse())
      await Promise.resolve()
        .then(close)
        .catch(() => {});
  }
}

type Closer = () => void | Promise<void>;

/** Opens the files of the run, cuts those of a resumed one at its checkpoint, and reports the start. */
async function startRun(context: AttemptContext, log: Appender<string>, closers: Closer[]): Promise<RunWriter> {
  const { session, evaluator, workers, owned, listener, signal, from, resumed, writesModels, warnings } = context;
  const { experiment, engine, critic, data } = session;
  const { directory, status, lock } = owned;
  const opened = <T extends { close(): void }>(file: T): T => {
    closers.push(() => file.close());
    return file;
  };
  if (writesModels) writeRunModels(directory, session.bundles);
  const paths = runPaths(directory);
  const lost: string[] = [];
  const openRows = (file: string, columns: readonly Column[], lastStep: number): MetricsWriter =>
    opened(
      resumed ? resumeMetrics(file, columns, lastStep, (message) => lost.push(message)) : createMetrics(file, columns),
    );
  // Before the curve, whose readers look for it when they find the curve.
  const firstPending = from.pending?.[0]?.step ?? Infinity;
  const sampleMetrics =
    evaluator && openRows(paths.sampleMetrics, evaluatedColumns(evaluator), Math.min(from.step, firstPending - 1));
  const metrics = openRows(paths.metrics, metricColumns(experiment), from.step);
  if (resumed) {
    rewindSampleImages(directory, from.step);
    rewindNotices(directory, from.step === 0 ? -1 : from.step);
    rewindHistograms(directory, from.step);
  }
  const isFirst = lock.attempt === 1 && !resumed;
  const tensorboard = opened(createTensorboardWriter(directory, isFirst ? {} : { resumedFrom: from.step }));
  const notices = opened(openNotices(directory));
  const histograms = opened(openHistograms(directory));
  const files = { owned, metrics, sampleMetrics, tensorboard, notices, histograms, log };
  const run = createRunWriter({ session, evaluator, files, workers, listener, signal, from });

  const environment = {
    engine: engine.name,
    device: engine.device,
    adapter: engine.adapter,
    threads: critic.threads,
  };
  const { name, steps, seed } = experiment;
  const devices = [environment.device, ...(engine.adapter ? [engine.adapter] : [])].join(', ');
  log.append(
    `${name}, attempt ${lock.attempt} from step ${from.step}: ${engine.runtime} on ${devices}, ` +
      `threads ${environment.threads}, process ${process.pid}`,
  );
  listener({ event: 'start', run: directory, name, steps, from: from.step, seed, ...environment });
  for (const message of session.engineNotices) run.notice(from.step, 'info', 'engine', message);
  // The first attempt may have been killed before it wrote these.
  if (from.step === 0) {
    for (const message of data.notes) run.notice(0, 'info', 'data', message);
    for (const line of data.details ?? []) log.append(`not read: ${line}`);
    await run.begin();
    for (const message of session.modelNotices) run.notice(0, 'info', 'model', message);
    for (const message of session.modelWarnings) run.notice(0, 'warning', 'model', message);
  }
  for (const message of [...warnings, ...lost]) run.notice(from.step, 'warning', 'resume', message);
  await run.resumeEvaluation();
  status.update({ state: 'running', ...environment });
  return run;
}

/** The message if the attempt ended because another process has taken over the run; null otherwise. */
function replacement(error: unknown, { lock }: OwnedRun): string | null {
  if (isRunError(error) && error.code === 'replaced') return error.message;
  try {
    // The new process may have removed what this one was writing.
    lock.assertHeld({ now: true });
    return null;
  } catch (now) {
    return isRunError(now) && now.code === 'replaced' ? now.message : null;
  }
}

/** Runs `work` and ignores its error: the one that ended the run is reported. */
function attempted(work: () => void): void {
  try {
    work();
  } catch {
    // Reported by the caller as far as possible.
  }
}
