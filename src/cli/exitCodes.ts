// What the exit codes of the command line mean, and how the end of a run becomes one.
import { type EndReason } from '../trainer/trainerEvents';

export const exitCode = {
  ok: 0,
  /** The command line, an experiment file or a run directory cannot be used as it is. */
  badInput: 2,
  /** Training began, or should have, and did not come to a good end. */
  failed: 3,
  /** Ctrl-C, or the signal of a terminal or system that goes away. */
  interrupted: 130,
} as const;

export const exitCodeOf: Readonly<Record<EndReason, number>> = {
  finished: exitCode.ok,
  stopped: exitCode.ok,
  interrupted: exitCode.interrupted,
  diverged: exitCode.failed,
  failed: exitCode.failed,
};
