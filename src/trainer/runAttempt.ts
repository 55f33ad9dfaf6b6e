// One attempt of a run: opens its files, trains, and records how it ended, including errors, in its status.
import type { TrainerWorkerPool } from './workerTasks';
import { runPaths, type OwnedRun } from '../run/directory';
import { isRunError } from '../run/errors';
import { createTensorboardWriter } from '../run/tensorboardEvents';
import { createMetrics, resumeMetrics } from '../run/metricsWriter';
import { openHistograms } from '../run/histograms';
import { openLog, openNotices } from '../run/notices';
import { openPrefetcher } from './prefetch/prefetcher';
import { metricColumns } from './columns';
import type { EndEvent, Listener, Row } from './trainerEvents';
import { trainingLoop, type Progress } from './trainingLoop';
import { createRunWriter } from './runWriter';
import type { Session } from './session';

export interface AttemptContext {
  readonly session: Session;
  readonly workers: TrainerWorkerPool;
  /** Path of the bundled prefetch worker, dist/prefetch-worker.cjs; null to disable prefetching. */
  readonly prefetchWorker: string | null;
  readonly owned: OwnedRun;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Where training starts: at step 0, or at a checkpoint with its last metrics. */
  readonly from: Progress & { readonly metrics: Row };
  /** Problems found while the run was opened. */
  readonly warnings: readonly string[];
}

export async function runAttempt({
  session,
  workers,
  prefetchWorker,
  owned,
  listener,
  signal,
  from,
  warnings,
}: AttemptContext): Promise<EndEvent> {
  const { experiment, engine, critic, data } = session;
  const { directory, status, attempt } = owned;
  const log = openLog(directory);
  const logLine = (line: string): void => log.append(`${new Date().toISOString()} ${line}\n`);
  const closers = [log.close];
  let started = false;
  let inputs: ReturnType<typeof openPrefetcher> | undefined;
  const opened = <T extends { close(): void }>(file: T): T => {
    closers.push(() => file.close());
    return file;
  };
  const end = (event: Omit<EndEvent, 'event' | 'run'>): EndEvent => {
    const complete: EndEvent = { event: 'end', run: directory, ...event };
    logLine(`end: ${event.reason} at step ${event.step}`);
    listener(complete);
    return complete;
  };
  try {
    const { metrics: curve } = runPaths(directory);
    const columns = metricColumns(experiment);
    const resumed = attempt > 1;
    const metrics = opened(resumed ? resumeMetrics(curve, columns, from.step) : createMetrics(curve, columns));
    const tensorboard = opened(createTensorboardWriter(directory, resumed ? { resumedFrom: from.step } : {}));
    const notices = opened(openNotices(directory));
    const histograms = opened(openHistograms(directory));
    const files = { owned, metrics, tensorboard, notices, histograms, log };
    const run = createRunWriter({ session, files, workers, listener, signal, from });

    const environment = {
      engine: engine.name,
      device: engine.device,
      adapter: engine.adapter,
      threads: critic.threads,
    };
    const { name, steps, seed } = experiment;
    const devices = [environment.device, ...(engine.adapter ? [engine.adapter] : [])].join(', ');
    logLine(
      `${name}, attempt ${attempt} from step ${from.step}: ${engine.runtime} on ${devices}, ` +
        `threads ${environment.threads}, process ${process.pid}`,
    );
    listener({ event: 'start', run: directory, name, steps, from: from.step, seed, ...environment });
    for (const message of session.engineNotices) run.notice(from.step, 'info', 'engine', message);
    if (!resumed) for (const message of data.notes) run.notice(from.step, 'info', 'data', message);
    if (!resumed) await run.begin();
    if (!resumed) for (const message of session.modelWarnings) run.notice(from.step, 'warning', 'model', message);
    for (const message of warnings) run.notice(from.step, 'warning', 'resume', message);
    status.update({ state: 'running', ...environment });
    started = true;

    inputs = openPrefetcher(session, { prefetchWorker, from, log: logLine });
    const reached = await trainingLoop(session, inputs, from, steps, run);
    return end({ reason: reached.reason, step: reached.step, ...(await run.end(reached)) });
  } catch (error) {
    const { message, stack } = error as Error;
    logLine(`failed: ${stack ?? message}`);
    status.update({ state: 'failed', message, errors: [{ message }] });
    // A problem of the run directory before training starts is reported as a user error.
    if (!started && isRunError(error)) throw error;
    return end({ reason: 'failed', step: status.current.step, metrics: {}, message });
  } finally {
    await inputs?.close();
    closers.reverse().forEach((close) => close());
  }
}
