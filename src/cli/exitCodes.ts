// The exit codes of the command line.
import { type EndReason } from '../trainer/trainerEvents';

export const exitCode = {
  ok: 0,
  /** Invalid arguments, experiment file or run directory. */
  badInput: 2,
  /** Training failed, diverged or could not start, or another process has taken over the run. */
  failed: 3,
  /** Ctrl-C, or a signal of a closed terminal or a shutdown. */
  interrupted: 130,
} as const;

export const exitCodeOf: Readonly<Record<EndReason, number>> = {
  finished: exitCode.ok,
  stopped: exitCode.ok,
  interrupted: exitCode.interrupted,
  diverged: exitCode.failed,
  failed: exitCode.failed,
  replaced: exitCode.failed,
};
