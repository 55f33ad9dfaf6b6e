// The events of the trainer: the lines of `earthmover train --json` and the source of the progress line.

import type { BestCheckpoint, RunProblem } from '../protocol/status';

/** Why a run ended; `replaced` if another process has taken it over. */
export type EndReason = 'finished' | 'stopped' | 'interrupted' | 'diverged' | 'failed' | 'replaced';

/**
 * Values by column name (criticLoss, generatorLoss, estimate, penalty, modes, ...); missing values were not computed.
 */
export type Row = Readonly<Record<string, number>>;

export type TrainerEvent =
  | {
      readonly event: 'start';
      readonly run: string;
      readonly name: string;
      readonly steps: number;
      /** The step to continue from: 0, or that of the checkpoint on a resume. */
      readonly from: number;
      readonly seed: number;
      readonly engine: string;
      readonly device: string;
      /** The product name of the device; null for a CPU. */
      readonly adapter?: string | null;
      readonly threads: number;
    }
  | {
      readonly event: 'step';
      readonly step: number;
      /** Seconds since this attempt started, without pauses. */
      readonly wallTime: number;
      readonly values: Row;
      /** Seconds to the end of the run; null or missing while unknown. */
      readonly secondsLeft?: number | null;
    }
  /** Metrics of a step that were computed after its row was written. */
  | { readonly event: 'metrics'; readonly step: number; readonly values: Row }
  | { readonly event: 'sample'; readonly step: number; readonly file: string }
  | { readonly event: 'checkpoint'; readonly step: number; readonly directory: string }
  | {
      readonly event: 'notice';
      readonly level: 'info' | 'warning' | 'error';
      readonly message: string;
      /** For a notice that the run keeps: its step, and a stable code such as 'dead-critic'. */
      readonly step?: number;
      readonly kind?: string;
    }
  | {
      readonly event: 'end';
      readonly reason: EndReason;
      readonly run: string;
      readonly step: number;
      /** The last value of each metric (modes, highQuality, w1, w1Floor, ...). */
      readonly metrics: Row;
      /** The checkpoint that is kept as the best, if the experiment names a metric. */
      readonly best?: BestCheckpoint | null;
      /** The error, if there was one. */
      readonly message?: string;
      /** Its places in the user's files. */
      readonly errors?: readonly RunProblem[];
    };

export type EndEvent = Extract<TrainerEvent, { event: 'end' }>;

/** Receives events in order, synchronously. */
export type Listener = (event: TrainerEvent) => void;
