// One training in this process: events to the terminal, signals to the trainer, its end to an exit code.
import { Console } from 'node:console';
import { type Listener, type TrainerEvent } from '../trainer/trainerEvents';
import { type Context } from './command';
import { isUserError } from './errors';
import { exitCode, exitCodeOf } from './exitCodes';
import { eventLine } from './output';
import { createReporter } from './reporter';
import { onInterrupt } from './interrupts';

export type End = Extract<TrainerEvent, { event: 'end' }>;

export type StartTraining = (listener: Listener, signal: AbortSignal) => Promise<End>;

export interface TrainingResult {
  /** The exit code that says so. */
  readonly code: number;
  /** Absent where the training failed in a way that the run does not know of, or was interrupted before it began. */
  readonly end?: End;
}

/**
 * Runs `begin` to its end. An error of the user's is thrown on; after the start it is the training that failed, and is told here.
 * @param options `json` = events as JSON; `modes` = how many the data have, where they are a mixture
 * @returns how it ended
 */
export async function runTraining(
  { out, err, lost }: Context,
  { json = false, modes }: { json?: boolean; modes?: number },
  begin: StartTraining,
): Promise<TrainingResult> {
  const abort = new AbortController();
  // Whatever a library or a user's own module prints must not come between the lines of JSON.
  if (json) globalThis.console = new Console(process.stderr, process.stderr);
  const report: Listener = json ? (event) => out.line(eventLine(event)) : createReporter(out, modes);
  let started = false;
  const listener: Listener = (event) => {
    started ||= event.event === 'start';
    report(event);
  };
  // Nobody reads any more: the run is saved and ended, and that is what was asked for.
  void lost.then(() => abort.abort());
  const release = onInterrupt(() => {
    const what = started
      ? 'Saving a checkpoint. Ctrl-C again ends at once, without it.'
      : 'Ending before the first step. Ctrl-C again ends at once.';
    if (!json) err.line(`${out.terminal ? '\n' : ''}${what}`);
    abort.abort();
  });
  try {
    const end = await begin(listener, abort.signal);
    return { code: exitCodeOf[end.reason], end };
  } catch (error) {
    // Preparation ends with the signal's own reason: there is nothing to save, and nothing failed.
    if (!started && abort.signal.aborted && error === abort.signal.reason) return { code: exitCode.interrupted };
    if (!started || !isUserError(error)) throw error;
    err.line(error.message);
    return { code: exitCode.failed };
  } finally {
    release();
  }
}
