// A kind of fault: trials that each try one fault and throw if what the project promises did not hold.
import type { Random } from './random';
import type { Sandbox } from './sandbox';

export interface FaultKind {
  readonly id: string;
  readonly title: string;
  /** Number of trials: in `npm test`, and in `npm run test:faults`. */
  readonly trials: { readonly short: number; readonly long: number };
  /** Why this machine cannot try it; null if it can. */
  readonly unavailable?: () => string | null;
  /** Runs code of the project in this process instead of starting the command line; also part of `npm run fuzz`. */
  readonly inProcess?: boolean;
  /** Starts the command line on hostile input; also part of `npm run fuzz`. */
  readonly fuzz?: boolean;
  readonly run: (trial: Trial) => Promise<void>;
}

export interface Trial {
  /** From 0. */
  readonly number: number;
  readonly random: Random;
  readonly sandbox: Sandbox;
}

/** Throws if a promise did not hold. */
export function must(held: boolean, what: string): asserts held {
  if (!held) throw new Error(what);
}
