// The content of status.json, which a trainer writes for all other processes.
import { type Check, count, finite, listOf, object, optional, orNull, record, text } from './check';
import { type Checked, isCommandId } from './control';

/** Final states: the run has ended and may be resumed. */
export const endStates = ['finished', 'stopped', 'interrupted', 'diverged', 'failed'] as const;

/** States in which a process works on the run. */
export const workingStates = ['starting', 'running', 'paused', 'stopping'] as const;

export type EndState = (typeof endStates)[number];
export type RunState = (typeof workingStates)[number] | EndState;

/** A process, distinguished from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, for comparison only; null if the platform does not report it. */
  readonly processStart: string | null;
}

/** An error, with its location in a file if it has one. Lines and columns count from 1. */
export interface RunProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The checkpoint that is kept because it has the best value of a metric. */
export interface BestCheckpoint {
  /** The column of the metric. */
  readonly metric: string;
  readonly step: number;
  readonly value: number;
}

/** The content of status.json. Times are Unix seconds. */
export interface RunStatus extends ProcessIdentity {
  readonly version: 1;
  readonly state: RunState;
  /** 1 for the first process that trained this run, one more for each resume. */
  readonly attempt: number;
  readonly startedAt: number;
  /** Seconds that earlier attempts took; missing in the first. */
  readonly earlierSeconds?: number;
  /** When the file was written. */
  readonly updatedAt: number;
  /** When the last step ended; null before the first of this attempt. */
  readonly lastStepAt: number | null;
  readonly step: number;
  readonly steps: number;
  /** Median over the last steps; null before the first. */
  readonly medianStepSeconds: number | null;
  /** Seconds from the last step to the end of the run; null before two steps, missing in older runs. */
  readonly secondsLeft?: number | null;
  readonly device: string | null;
  /** The product name of the device; missing for a CPU and in older runs. */
  readonly adapter?: string | null;
  readonly engine: string | null;
  readonly threads: number | null;
  /** Why the run ended, or what it waits for, as a sentence. */
  readonly message: string | null;
  readonly errors: readonly RunProblem[];
  /** The last value of each metric; null if not finite. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Missing if the experiment keeps no best checkpoint; null before the first value. */
  readonly best?: BestCheckpoint | null;
  /** Updates per second in slow motion; null or missing at full speed. */
  readonly slowMotionRate?: number | null;
  /** Whether a step is being compiled, which may take minutes without a sign of life. */
  readonly compiling?: boolean;
  /** Ids of the executed commands, the latest last. */
  readonly acknowledged: readonly string[];
}

/**
 * The liveness of a run, derived from its status: `alive` = its process exists; `stalled` = it exists, but has not
 * completed a step for far longer than a step takes; `dead` = it exited unexpectedly; `ended` = it reported its end;
 * `elsewhere` = it runs on another machine, whose processes cannot be seen from here.
 */
export type Liveness = 'alive' | 'stalled' | 'dead' | 'ended' | 'elsewhere';

/** Seconds from the start of the first attempt to the last status, without the time between attempts. */
export const secondsOf = ({ startedAt, updatedAt, earlierSeconds = 0 }: RunStatus): number =>
  earlierSeconds + Math.max(0, updatedAt - startedAt);

/**
 * Seconds that a run still takes, at the Unix time `now`, for all places that show it; null if it is unknown, or if the
 * run does not advance by itself.
 */
export function secondsLeft({ state, slowMotionRate, lastStepAt, ...status }: RunStatus, now: number): number | null {
  const { secondsLeft: left = null } = status;
  if (state !== 'running' || (slowMotionRate ?? null) !== null || left === null || lastStepAt === null) return null;
  const passed = Math.max(0, now - lastStepAt);
  // A run that should have ended by now has slowed down by an unknown amount.
  return passed > left ? null : left - passed;
}

export const hasEnded = (state: RunState): state is EndState => endStates.some((each) => each === state);

const checks: { readonly [Key in keyof RunStatus]-?: Check } = {
  version: (value) => value === 1,
  state: (value) => [...workingStates, ...endStates].some((each) => each === value),
  attempt: count,
  pid: (value) => count(value) && (value as number) > 0,
  host: text,
  processStart: orNull(text),
  startedAt: finite,
  earlierSeconds: optional(finite),
  updatedAt: finite,
  lastStepAt: orNull(finite),
  step: count,
  steps: count,
  medianStepSeconds: orNull(finite),
  secondsLeft: optional(orNull(finite)),
  device: orNull(text),
  adapter: optional(orNull(text)),
  engine: orNull(text),
  threads: orNull(count),
  message: orNull(text),
  errors: listOf(object({ message: text, file: optional(text), line: optional(count), column: optional(count) })),
  metrics: (value) => record(value) && Object.values(value as object).every(orNull(finite)),
  best: optional(orNull(object<BestCheckpoint>({ metric: text, step: count, value: finite }))),
  slowMotionRate: optional(orNull(finite)),
  compiling: optional((value) => typeof value === 'boolean'),
  acknowledged: listOf((value) => typeof value === 'string' && isCommandId(value)),
};

/** Validates a parsed status.json. Unknown keys are allowed: a newer trainer may write more. */
export function checkStatus(value: unknown): Checked<RunStatus> {
  if (!record(value)) return { problem: 'it is not an object' };
  const status = value as Record<keyof RunStatus, unknown>;
  for (const key of Object.keys(checks) as (keyof RunStatus)[]) {
    if (!(key in status) && !checks[key](undefined)) return { problem: `it has no '${key}'` };
    if (!checks[key](status[key])) return { problem: `its '${key}' is not valid` };
  }
  return { value: value as RunStatus };
}
