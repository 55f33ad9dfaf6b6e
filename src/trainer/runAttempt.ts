// A run that this process owns, from its first row of this attempt to its end; whatever goes wrong stands in its status.
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
  /** Path of the bundled worker that draws ahead, dist/prefetch-worker.cjs; null to draw between the updates. */
  readonly prefetchWorker: string | null;
  readonly owned: OwnedRun;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** The start, or a checkpoint with the measures taken until then. */
  readonly from: Progress & { readonly metrics: Row };
  /** What was found wrong while the run was opened. */
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
  const tell = (line: string): void => log.append(`${new Date().toISOString()} ${line}\n`);
  const closing = [log.close];
  let started = false;
  let feeder: ReturnType<typeof openPrefetcher> | undefined;
  const opened = <T extends { close(): void }>(file: T): T => {
    closing.push(() => file.close());
    return file;
  };
  const end = (event: Omit<EndEvent, 'event' | 'run'>): EndEvent => {
    const whole: EndEvent = { event: 'end', run: directory, ...event };
    tell(`end: ${event.reason} at step ${event.step}`);
    listener(whole);
    return whole;
  };
  try {
    const { metrics: curve } = runPaths(directory);
    const columns = metricColumns(experiment);
    const resumed = attempt > 1;
    const metrics = opened(resumed ? resumeMetrics(curve, columns, from.step) : createMetrics(curve, columns));
    const events = opened(createTensorboardWriter(directory, resumed ? { resumedFrom: from.step } : {}));
    const notes = opened(openNotices(directory));
    const histograms = opened(openHistograms(directory));
    const files = { owned, metrics, events, notes, histograms, log };
    const run = createRunWriter({ session, files, workers, listener, signal, from });

    const where = { engine: engine.name, device: engine.device, adapter: engine.adapter, threads: critic.threads };
    const { name, steps, seed } = experiment;
    tell(
      `${name}, attempt ${attempt} from step ${from.step}: ${engine.runtime} on ${[where.device, ...(engine.adapter ? [engine.adapter] : [])].join(', ')}, threads ${where.threads}, process ${process.pid}`,
    );
    listener({ event: 'start', run: directory, name, steps, from: from.step, seed, ...where });
    for (const message of session.engineNotes) run.note(from.step, 'info', 'engine', message);
    if (!resumed) for (const message of data.notes) run.note(from.step, 'info', 'data', message);
    if (!resumed) await run.begin();
    if (!resumed) for (const message of session.modelNotes) run.note(from.step, 'warning', 'model', message);
    for (const message of warnings) run.note(from.step, 'warning', 'resume', message);
    status.update({ state: 'running', ...where });
    started = true;

    feeder = openPrefetcher(session, { prefetchWorker, from, log: tell });
    const reached = await trainingLoop(session, feeder, from, steps, run);
    return end({ reason: reached.reason, step: reached.step, ...(await run.end(reached)) });
  } catch (error) {
    const { message, stack } = error as Error;
    tell(`failed: ${stack ?? message}`);
    status.update({ state: 'failed', message, errors: [{ message }] });
    // What the run directory holds is for the user to mend; nothing was trained yet.
    if (!started && isRunError(error)) throw error;
    return end({ reason: 'failed', step: status.current.step, metrics: {}, message });
  } finally {
    await feeder?.close();
    closing.reverse().forEach((close) => close());
  }
}
