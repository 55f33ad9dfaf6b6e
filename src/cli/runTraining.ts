// Runs one training run: events go to the terminal, signals and crashes to the trainer, and its end becomes an exit
// code.
import { recordForcedEnd } from '../run/forcedEnd';
import { isUserError } from '../shared/userError';
import { failureOf, type Failure } from '../trainer/failure';
import { type Listener, type TrainerEvent } from '../trainer/trainerEvents';
import { type Context } from './command';
import { exitProcess, onCrash } from './crashes';
import { exitCode, exitCodeOf } from './exitCodes';
import { catchEndSignals, endSignalsAreCaught, leaveEndSignals, onInterrupt, watchInterrupts } from './interrupts';
import { eventLine } from './output';
import { createReporter } from './reporter';
import type { RunSubject } from './summary';

export type End = Extract<TrainerEvent, { event: 'end' }>;

export type StartTraining = (listener: Listener, signal: AbortSignal) => Promise<End>;

export interface TrainingResult {
  /** Exit code of the command line. */
  readonly code: number;
  /** Absent if the run was interrupted before it began. */
  readonly end?: End;
}

/**
 * Completes a training run. Rethrows an error from before the start; a later one ends the run as failed.
 * @param options `json` prints events as JSON; `subject` describes the experiment
 */
export async function runTraining(
  { out, err, lost }: Context,
  { json = false, subject = {} }: { json?: boolean; subject?: RunSubject },
  start: StartTraining,
): Promise<TrainingResult> {
  const abort = new AbortController();
  const report: Listener = json ? (event) => out.line(eventLine(event)) : createReporter(out, subject);
  let run: string | undefined;
  let step = 0;
  let end: End | undefined;
  const listener: Listener = (event) => {
    if (event.event === 'start') {
      [run, step] = [event.run, event.from];
      catchEndSignals();
    }
    if (event.event === 'step') step = event.step;
    if (event.event === 'end') end = event;
    report(event);
  };
  /** Ends the run in place of its trainer, which cannot do it any more. */
  const endNow = (state: 'failed' | 'interrupted', { message, errors }: Failure): End | undefined => {
    if (run === undefined || end) return end;
    try {
      recordForcedEnd(run, { state, step, message, errors });
    } catch (error) {
      err.line(failureOf(error).message);
    }
    listener({ event: 'end', reason: state, run, step, metrics: {}, message, errors });
    return end;
  };

  // The reader closed the output: save the run and exit.
  void lost.then(() => abort.abort());
  let abandon: (reason: Error) => void = () => {};
  const abandoned = new Promise<never>((_, reject) => (abandon = reject));
  const releaseCrashes = onCrash((crash, kind) => {
    // Between two steps, the trainer saves a checkpoint and ends the run as failed.
    abort.abort(crash);
    if (kind === 'thrown' && run !== undefined) return true;
    const ended = endNow('failed', failureOf(crash));
    abandon(crash);
    if (kind === 'over' && ended) exitProcess(exitCodeOf[ended.reason]);
    return kind !== 'over';
  });
  const releaseInterrupts = onInterrupt({
    onFirst: () => {
      const message = run
        ? 'Saving a checkpoint… Press Ctrl-C again to quit without saving.'
        : 'Canceling… Press Ctrl-C again to quit immediately.';
      if (!json) err.line(`${out.terminal ? '\n' : ''}${message}`);
      abort.abort();
    },
    onSecond: () => {
      endNow('interrupted', { message: 'quit without saving', errors: [] });
      exitProcess(exitCode.interrupted);
    },
    endsAtOnce: true,
  });
  watchInterrupts();
  try {
    // Another seed may have been trained before.
    if (endSignalsAreCaught()) await leaveEndSignals();
    abort.signal.throwIfAborted();
    const ended = await Promise.race([start(listener, abort.signal), abandoned]);
    return { code: exitCodeOf[ended.reason], end: ended };
  } catch (error) {
    // Interrupted before the first step: there is nothing to save, and nothing failed.
    if (!run && abort.signal.aborted && error === abort.signal.reason && error instanceof DOMException)
      return { code: exitCode.interrupted };
    const ended = endNow('failed', failureOf(error));
    if (!ended || !isUserError(error)) throw error;
    if (json) err.line(error.message);
    return { code: exitCode.failed, end: ended };
  } finally {
    releaseInterrupts();
    releaseCrashes();
  }
}
