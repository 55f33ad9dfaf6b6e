// Work that Ctrl-C cuts short and the same command takes up again: downloads.
import { type Context } from './command';
import { exitCode } from './exitCodes';
import { onInterrupt } from './signals';

/** Resolves to the exit code of `work`, or to 130 where a signal aborted it. */
export async function interruptible({ err }: Context, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
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
