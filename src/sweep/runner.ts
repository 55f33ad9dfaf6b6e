// Where the trials of a sweep run: on this machine, or on a cluster.
import type { Sweep, Trial } from './sweepDirectory';
import type { TrialStatus } from './trialState';

export const runnerIds = ['local', 'slurm'] as const;
export type RunnerId = (typeof runnerIds)[number];

/** What `sweep` and `sweep resume` ask a runner to do. */
export interface StartRequest {
  readonly sweep: Sweep;
  /** The trials to start or resume, in order; those of the plan that have not ended. */
  readonly trials: readonly Trial[];
  /** Trials that may run at the same time; null leaves it to the runner. */
  readonly atOnce: number | null;
  /** Whether to read the data into the cache before the first trial starts. */
  readonly prepare: boolean;
  /** Whether trials that have diverged are resumed from their last checkpoints. */
  readonly diverged?: boolean;
  /** Words before the command of each trial, which start it as several processes. */
  readonly launcher?: readonly string[];
  readonly signal: AbortSignal;
  readonly listener: (event: SweepEvent) => void;
}

export type Preview = Pick<StartRequest, 'sweep' | 'trials' | 'atOnce' | 'prepare'>;

/** What a runner reports while it works. */
export type SweepEvent =
  /** A process has begun to work on a trial. */
  | { readonly event: 'trial-start'; readonly trial: number; readonly attempt: 'train' | 'resume' }
  /** A trial has ended, or its process has. */
  | { readonly event: 'trial-end'; readonly trial: number; readonly status: TrialStatus }
  /** Trials were handed to a cluster. */
  | { readonly event: 'submitted'; readonly job: string; readonly trials: number }
  | { readonly event: 'notice'; readonly level: 'info' | 'warning'; readonly message: string };

/** `ended`: all trials of the request have a result. `submitted`: they run elsewhere. `interrupted`: asked to end. */
export type Started = 'ended' | 'submitted' | 'interrupted';

export interface Runner {
  readonly id: RunnerId;
  /** Lines for --dry-run: what would be started, the script that would be submitted. Changes nothing. */
  preview(request: Preview): Promise<readonly string[]>;
  start(request: StartRequest): Promise<Started>;
  /** Ends what it runs or has queued of these trials, after they were marked as canceled. Running ones are saved. */
  cancel(sweep: Sweep, trials: readonly Trial[]): Promise<void>;
  /** What is known of trials that wait, as words for `sweep status`: "queued: Priority". */
  waiting(sweep: Sweep): Promise<ReadonlyMap<number, string>>;
}
