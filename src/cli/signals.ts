// Ctrl-C and its relatives: the first asks the run to save itself and end, the second ends the process at once.
import { exitCode } from './exitCodes';

/**
 * A Ctrl-C under npm arrives twice, once from the terminal and once from npm, a moment apart; so a signal that follows the
 * last within this time, in milliseconds, is the same press of the keys.
 */
const samePress = 500;

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
    const repeated = now() - last < samePress;
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
