// Types of sweepScenes.mjs.
import type { SweepMessage } from '../../src/protocol/sweep';

export interface MadeUpSweep {
  readonly samples?: number;
  readonly seeds?: number;
  /** The share of the trials that have ended. */
  readonly done?: number;
  readonly active?: boolean;
  readonly name?: string;
}

export declare function sweepMessages(sweep?: MadeUpSweep): SweepMessage[];
