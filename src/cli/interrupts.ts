// Handles Ctrl-C and similar signals: the first asks for a clean end, the second ends the process.
import { exitCode } from './exitCodes';
import type { Context } from './command';

/**
 * Under npm, one Ctrl-C arrives twice: from the terminal and, a moment later, from npm. A signal within this time after
 * the previous one belongs to the same key press.
 */
const samePressMs = 500;

/**
 * Calls `onFirst` at the first signal and ends the process with 130 at the next one. Returns a function that removes
 * the handlers. Signals arrive between two steps, when the event loop runs.
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

/** Resolves to the exit code of `work`, or to 130 if a signal aborted it. */
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
    err.line('Interrupted. Run the same command again to continue.');
    return exitCode.interrupted;
  } finally {
    release();
  }
}
