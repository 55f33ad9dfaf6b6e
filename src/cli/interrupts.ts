// Handles Ctrl-C and similar signals: the first asks for a clean end, a second Ctrl-C ends the process.
import { setImmediate } from 'node:timers/promises';
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
  /**
   * Whether, until `catchEndSignals`, all signals but Ctrl-C end the process at once: there is nothing to save, and it
   * may be busy in a model file that loops forever or in the compilation of a large network.
   */
  readonly endsAtOnce?: boolean;
  readonly now?: () => number;
}

/** Receives each signal that is caught. */
let handle: ((signal: NodeJS.Signals) => void) | null = null;

/** A signal that arrives when the work is done must not change how the process ends. */
const dispatch = (signal: NodeJS.Signals): void => (handle ? handle(signal) : exitProcess(Number(process.exitCode)));

/** Catches signals until the process has ended: without a listener, a late one would turn a clean end into a kill. */
function catchSignals(signals: readonly NodeJS.Signals[]): void {
  for (const signal of signals) if (!isCaught(signal)) process.on(signal, dispatch);
}

const isCaught = (signal: NodeJS.Signals): boolean => process.listeners(signal).includes(dispatch);

export const endSignalsAreCaught = (): boolean => endSignals.every(isCaught);

/** From now on there is something to save. */
export const catchEndSignals = (): void => catchSignals(endSignals);

/** From now on there is nothing to save: they end the process at once again. Those that have arrived are handled. */
export async function leaveEndSignals(): Promise<void> {
  await setImmediate();
  for (const signal of endSignals) process.off(signal, dispatch);
}

/**
 * Handles signals until the returned function is called. They arrive between two steps, when the event loop runs.
 */
export function onInterrupt({
  onFirst,
  onSecond = () => exitProcess(exitCode.interrupted),
  endsAtOnce = false,
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
  const own = (signal: NodeJS.Signals): void => (signal === 'SIGINT' ? press() : ask());
  handle = own;
  catchSignals(['SIGINT', ...(endsAtOnce ? [] : endSignals)]);
  return () => {
    if (handle === own) handle = null;
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
  thread.on('message', () => dispatch('SIGINT'));
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
