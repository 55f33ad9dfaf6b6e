// Runs one training run: events go to the terminal, signals to the trainer, and its end becomes an exit code.
import { Console } from 'node:console';
import { type Listener, type TrainerEvent } from '../trainer/trainerEvents';
import { type Context } from './command';
import { isUserError } from '../shared/userError';
import { exitCode, exitCodeOf } from './exitCodes';
import { eventLine } from './output';
import { createReporter } from './reporter';
import { onInterrupt } from './interrupts';

export type End = Extract<TrainerEvent, { event: 'end' }>;

export type StartTraining = (listener: Listener, signal: AbortSignal) => Promise<End>;

export interface TrainingResult {
  /** Exit code of the command line. */
  readonly code: number;
  /** Absent if the run failed without an end event, or was interrupted before it began. */
  readonly end?: End;
}

/**
 * Completes a training run. Rethrows a user error from before the start; a later one is printed here, as a failed
 * run.
 * @param options `json` prints events as JSON; `modes` is the number of modes of the data, if it is a mixture
 */
export async function runTraining(
  { out, err, lost }: Context,
  { json = false, modes }: { json?: boolean; modes?: number },
  start: StartTraining,
): Promise<TrainingResult> {
  const abort = new AbortController();
  // Output of libraries and of the user's modules must not mix with the lines of JSON.
  if (json) globalThis.console = new Console(process.stderr, process.stderr);
  const report: Listener = json ? (event) => out.line(eventLine(event)) : createReporter(out, modes);
  let started = false;
  const listener: Listener = (event) => {
    started ||= event.event === 'start';
    report(event);
  };
  // The reader closed the output: save the run and exit.
  void lost.then(() => abort.abort());
  const release = onInterrupt(() => {
    const message = started
      ? 'Saving a checkpoint… Press Ctrl-C again to quit without saving.'
      : 'Canceling… Press Ctrl-C again to quit immediately.';
    if (!json) err.line(`${out.terminal ? '\n' : ''}${message}`);
    abort.abort();
  });
  try {
    const end = await start(listener, abort.signal);
    return { code: exitCodeOf[end.reason], end };
  } catch (error) {
    // Interrupted before the first step: there is nothing to save, and nothing failed.
    if (!started && abort.signal.aborted && error === abort.signal.reason) return { code: exitCode.interrupted };
    if (!started || !isUserError(error)) throw error;
    err.line(error.message);
    return { code: exitCode.failed };
  } finally {
    release();
  }
}
