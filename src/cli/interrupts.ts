// Handles Ctrl-C and similar signals: the first asks for a clean end, a second Ctrl-C ends the process.
import { Worker } from 'node:worker_threads';
import { interruptThread } from './bundlePaths';
import type { Context } from './command';
import { exitProcess } from './crashes';
import { exitCode } from './exitCodes';
import { samePressMs } from './keyPress';

/**
 * Signals after which work is saved and ended: of a terminal that closes, of a shutdown, and of batch systems, which
 * announce their time limit (SIGUSR2) and repeat SIGTERM. They never abort the saving; only Ctrl-C does.
 */
const endSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR2'];

export interface InterruptHandlers {
  /** Called once, at the first signal. */
  readonly onFirst: () => void;
  /** Called at the second Ctrl-C; ends the process. */
  readonly onSecond?: () => void;
  readonly now?: () => number;
}

/**
 * Handles signals until the returned function is called. They arrive between two steps, when the event loop runs.
 */
export function onInterrupt({
  onFirst,
  onSecond = () => exitProcess(exitCode.interrupted),
  now = () => performance.now(),
}: InterruptHandlers): () => void {
  let pressedAt = -Infinity;
  let presses = 0;
  let asked = false;
  const ask = (): void => {
    if (asked) return;
    asked = true;
    onFirst();
  };
  const press = (): void => {
    if (now() - pressedAt < samePressMs) return;
    pressedAt = now();
    presses++;
    ask();
    if (presses === 2) onSecond();
  };
  process.on('SIGINT', press);
  for (const signal of endSignals) process.on(signal, ask);
  return () => {
    process.off('SIGINT', press);
    for (const signal of endSignals) process.off(signal, ask);
  };
}

let isWatching = false;

/**
 * From now on a second Ctrl-C ends the process within a second even while this thread is busy. A thread takes over the
 * signal and passes it on.
 */
export function watchInterrupts(): void {
  if (isWatching) return;
  isWatching = true;
  const thread = new Worker(interruptThread, { name: 'earthmover interrupts' });
  thread.on('message', () => {
    // Nobody handles it any more: the work is done.
    if (!process.emit('SIGINT', 'SIGINT')) exitProcess(exitCode.interrupted);
  });
  // Without the thread, signals arrive here as usual.
  thread.on('error', () => {});
  // Last, because a new listener would keep the process alive again.
  thread.unref();
}

/** Resolves to the exit code of `work`, or to 130 if a signal aborted it. */
export async function abortOnInterrupt(
  { err }: Context,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  try {
    return await work(abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    err.line('Interrupted. Run the same command again to continue.');
    return exitCode.interrupted;
  } finally {
    release();
  }
}
