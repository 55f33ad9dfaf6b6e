// Types of recordings.mjs for the tests.

/** States that a run was recorded in, and runs that were recorded at their end. */
export type Recorded =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'interrupted'
  | 'finished'
  | 'failed'
  | 'unbegun'
  | 'diverged'
  | 'drawing'
  | 'digits'
  | 'seed-1'
  | 'seed-2'
  | 'clipped';

/** Where the process is that trains a replayed run. */
export type Where = 'here' | 'silent' | 'gone' | 'elsewhere';

export function recordings(parts: { readonly sendCommand: unknown }): Promise<string>;
export function replay(
  parts: { readonly thisProcess: unknown },
  recorded: string,
  directory: string,
  where?: Where,
): string;

interface TrainerStatus {
  readonly state: string;
  readonly step: number;
}

/** A process that trains into a directory. */
export interface Trainer {
  readonly directory: string;
  interrupt(): void;
  /** Holds it as soon as it is so, and does something meanwhile. */
  when(what: string, isSo: (status: TrainerStatus) => boolean, act: () => unknown): Promise<void>;
  end(state: string): Promise<void>;
}

export function trainer(directory: string, ...args: readonly string[]): Trainer;
