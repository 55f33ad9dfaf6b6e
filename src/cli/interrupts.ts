// Handles Ctrl-C and the signals like it.
import { exitCode } from './exitCodes';
import type { Context } from './command';

/**
 * A Ctrl-C under npm arrives twice, once from the terminal and once from npm, a moment apart; so a signal that follows the
 * last within this time, in milliseconds, is the same press of the keys.
 */
const samePressMs = 500;

/**
 * Calls `onFirst` at the first signal and ends the process with 130 at the next one. Returns what takes the handlers away.
 * Signals arrive between two steps: that is where the event loop turns.
 */
export function onInterrupt(
  onFirst: (signal: NodeJS.Signals) => void,
  now: () => number = () => performance.now(),
  leave: () => void = () => process.exit(exitCode.interrupted),
): () => void {
  let last = -Infinity;
  let asked = false;
  const handle = (signal: NodeJS.Signals) => {
    const repeated = now() - last < samePressMs;
    last = now();
    if (!asked) {
      asked = true;
      onFirst(signal);
    } else if (!repeated) leave();
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

/** Resolves to the exit code of `work`, or to 130 where a signal aborted it. */
export async function abortOnInterrupt(
  { err }: Context,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort(new Error('interrupted')));
  try {
    return await work(abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    err.line('Interrupted. The same command goes on from here.');
    return exitCode.interrupted;
  } finally {
    release();
  }
}
