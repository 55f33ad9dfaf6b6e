// status.json: what the trainer says of itself, replaced whole, and what can be concluded from it.
import { checkStatus, hasEnded, type Liveness, type RunStatus } from '../protocol/status';
import { damagedFile, newerFile } from './errors';
import { inside, readJson, replaceFile } from './files';
import { processExists, thisProcess } from './process';

export interface StatusWriter {
  readonly current: RunStatus;
  /**
   * Changes some of it. What a step changes is written at most twice a second; another state, message, error or command
   * at once. A trainer that waits or is paused calls this with {} every few seconds, so that others see it is there.
   */
  update(change: Partial<Omit<RunStatus, FixedKey>>): void;
  /** Says that a command was carried out. */
  acknowledge(id: string): void;
}

export type FixedKey =
  | 'version'
  | 'attempt'
  | 'pid'
  | 'host'
  | 'processStart'
  | 'startedAt'
  | 'updatedAt'
  | 'acknowledged';

/** What a run begins with, apart from the process. */
export interface StatusStart {
  readonly attempt: number;
  readonly step: number;
  readonly steps: number;
}

/** Writes the first status of this process, 'starting', over the one of the process before it. */
export function startStatus(directory: string, start: StatusStart, clock: Clock = seconds): StatusWriter {
  const file = statusFile(directory);
  let written = -Infinity;
  let current: RunStatus = {
    version: 1,
    state: 'starting',
    ...thisProcess(),
    ...start,
    startedAt: clock(),
    updatedAt: clock(),
    lastStepAt: null,
    medianStepSeconds: null,
    device: null,
    engine: null,
    threads: null,
    message: null,
    errors: [],
    metrics: {},
    acknowledged: [],
  };
  const write = (next: RunStatus, sync: boolean) => {
    written = clock();
    current = { ...next, updatedAt: written };
    // JSON has no NaN: a measure that is not finite is written as null.
    replaceFile(file, `${JSON.stringify(current, null, 2)}\n`, { sync });
  };
  write(current, true);
  return {
    get current() {
      return current;
    },
    update(change) {
      const next = { ...current, ...change };
      const urgent = urgentKeys.some((key) => next[key] !== current[key]);
      if (urgent || clock() - written >= writeEverySeconds || clock() < written) write(next, hasEnded(next.state));
      else current = next;
    },
    acknowledge(id) {
      write({ ...current, acknowledged: [...current.acknowledged, id].slice(-maxAcknowledged) }, false);
    },
  };
}

/** The status of a run; null where it has none yet. Throws a RunError where it is damaged or may not be read. */
export function readStatus(directory: string): RunStatus | null {
  const file = statusFile(directory);
  const parsed = readJson(file, 1 << 20, toDo);
  if (parsed === undefined) return null;
  const version = (parsed as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) throw newerFile(file, version, 1);
  const checked = checkStatus(parsed);
  if ('problem' in checked) throw damagedFile(file, checked.problem, toDo);
  return checked.value;
}

/** Whether the trainer of a run is there and moves. `now` is in Unix seconds. */
export function liveness(status: RunStatus, now = seconds()): Liveness {
  if (hasEnded(status.state)) return 'ended';
  const there = processExists(status);
  if (there === null) return 'elsewhere';
  if (!there) return 'dead';
  const { state, slowMotionRate, lastStepAt, startedAt } = status;
  // A trainer that is starting compiles, one that is paused waits, and slow motion is slow: none is expected to make steps.
  if (state === 'starting' || state === 'paused' || slowMotionRate) return 'alive';
  return now - (lastStepAt ?? startedAt) > stallSeconds(status) ? 'stalled' : 'alive';
}

/** How long a run may go without a step or a sign before it is taken to be stuck: ten times the median step, and never less than half a minute. */
export const stallSeconds = ({ medianStepSeconds }: RunStatus): number => Math.max(30, 10 * (medianStepSeconds ?? 0));

type Clock = () => number;
const seconds: Clock = () => Date.now() / 1000;

const urgentKeys = ['state', 'message', 'errors', 'device', 'engine', 'threads', 'steps', 'slowMotionRate'] as const;
const writeEverySeconds = 0.5;
const maxAcknowledged = 100;
const toDo = 'delete it and resume the run to have it written anew';
const statusFile = (directory: string): string => inside(directory, 'status.json');
