// Types of recordings.mjs for the tests.

/** The recordings: states of a run, and finished runs. */
export type Recorded =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'interrupted'
  | 'finished'
  | 'failed'
  | 'failed-at-start'
  | 'diverged'
  | 'sampling'
  | 'digits'
  | 'seed-1'
  | 'seed-2'
  | 'clipped';

/** The liveness of the process of a replayed run. */
export type ReplayLiveness = 'alive' | 'stalled' | 'dead' | 'elsewhere';

export function recordings(parts: { readonly sendCommand: unknown }): Promise<string>;
export function replay(
  parts: { readonly thisProcess: unknown },
  recorded: string,
  directory: string,
  liveness?: ReplayLiveness,
): string;

interface TrainerStatus {
  readonly state: string;
  readonly step: number;
}

/** A trainer process. */
export interface Trainer {
  readonly directory: string;
  interrupt(): void;
  /** Suspends the process once the condition is met, runs `act`, and resumes it. */
  when(what: string, condition: (status: TrainerStatus) => boolean, act: () => unknown): Promise<void>;
  end(state: string): Promise<void>;
}

export function trainer(directory: string, ...args: readonly string[]): Trainer;
