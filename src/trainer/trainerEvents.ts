// What the trainer says while it works: the lines of `earthmover train --json`, and what the progress line is drawn from.

/** Why a run ended. */
export type EndReason = 'finished' | 'stopped' | 'interrupted' | 'diverged' | 'failed';

/** Values by column name (criticLoss, generatorLoss, estimate, penalty, modes, ...); what was not measured is not there. */
export type Row = Readonly<Record<string, number>>;

export type TrainerEvent =
  | {
      readonly event: 'start';
      readonly run: string;
      readonly name: string;
      readonly steps: number;
      /** The step the run goes on from: 0, or the checkpoint's on a resume. */
      readonly from: number;
      readonly seed: number;
      readonly engine: string;
      readonly device: string;
      /** What the device is, as people call it; null for a processor. */
      readonly adapter?: string | null;
      readonly threads: number;
    }
  | {
      readonly event: 'step';
      readonly step: number;
      /** Seconds since this attempt began, without those in which it was paused. */
      readonly wallTime: number;
      readonly values: Row;
    }
  | { readonly event: 'sample'; readonly step: number; readonly file: string }
  | { readonly event: 'checkpoint'; readonly step: number; readonly directory: string }
  | { readonly event: 'notice'; readonly level: 'info' | 'warning' | 'error'; readonly message: string }
  | {
      readonly event: 'end';
      readonly reason: EndReason;
      readonly run: string;
      readonly step: number;
      /** The last value of every measure (modes, highQuality, w1, w1Floor, ...). */
      readonly metrics: Row;
      /** What went wrong, where something did. */
      readonly message?: string;
    };

export type EndEvent = Extract<TrainerEvent, { event: 'end' }>;

/** Receives events in order, synchronously. */
export type Listener = (event: TrainerEvent) => void;
