// status.json: the state of a run's trainer, replaced atomically, and the liveness derived from it.
import { checkStatus, hasEnded, type Liveness, type RunStatus } from '../protocol/status';
import { isUserError } from '../shared/userError';
import { damagedFile, newerFile } from './errors';
import { inside, readJson, readJsonAsync, replaceFile } from './diskAccess';
import { findProcess, processExists, thisProcess } from './process';

export interface StatusWriter {
  readonly current: RunStatus;
  /**
   * Changes some fields. Progress is written at most twice per second; a new state, message, error or device
   * immediately. A trainer that waits or is paused calls this with {} every few seconds as a heartbeat.
   */
  update(change: Partial<Omit<RunStatus, FixedKey>>): void;
  /** Records that a command was executed. */
  acknowledge(id: string): void;
}

export type FixedKey =
  | 'version'
  | 'attempt'
  | 'pid'
  | 'host'
  | 'processStart'
  | 'startedAt'
  | 'earlierSeconds'
  | 'updatedAt'
  | 'acknowledged';

/** The fields of a first status that the process does not determine. */
export interface StatusStart {
  readonly attempt: number;
  readonly step: number;
  readonly steps: number;
  readonly earlierSeconds?: number;
}

export interface StatusOptions {
  readonly clock?: () => number;
  /** Called just before each write becomes visible; the status is not written if it throws. */
  readonly guard?: () => void;
}

/** Writes the first status of this process, 'starting', over the previous one. */
export function startStatus(
  directory: string,
  start: StatusStart,
  { clock = seconds, guard = () => {} }: StatusOptions = {},
): StatusWriter {
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
  const write = (next: RunStatus, sync: true | 'content') => {
    written = clock();
    current = { ...next, updatedAt: written };
    // JSON has no NaN: a metric that is not finite is written as null. Without a sync, some file systems leave an empty
    // file after a power loss.
    replaceFile(file, `${JSON.stringify(current, null, 2)}\n`, { sync, beforeRename: guard });
  };
  write(current, true);
  return {
    get current() {
      return current;
    },
    update(change) {
      const next = { ...current, ...change };
      const urgent = urgentKeys.some((key) => next[key] !== current[key]);
      if (urgent || clock() - written >= writeEverySeconds || clock() < written) write(next, urgent || 'content');
      else current = next;
    },
    acknowledge(id) {
      write({ ...current, acknowledged: [...current.acknowledged, id].slice(-maxAcknowledged) }, 'content');
    },
  };
}

/** The status of a run; null if it has none yet. Throws a UserError if it is damaged or unreadable. */
export const readStatus = (directory: string): RunStatus | null =>
  statusIn(statusFile(directory), readJson(statusFile(directory), maxBytes, advice));

/** `readStatus` without blocking: for the extension host. */
export const readStatusAsync = async (directory: string): Promise<RunStatus | null> =>
  statusIn(statusFile(directory), await readJsonAsync(statusFile(directory), maxBytes, advice));

/** The status in the parsed content of `file`, which is undefined if it does not exist. */
function statusIn(file: string, parsed: unknown): RunStatus | null {
  if (parsed === undefined) return null;
  const version = (parsed as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) throw newerFile(file, version, 1);
  const checked = checkStatus(parsed);
  if ('problem' in checked) throw damagedFile(file, checked.problem, advice);
  return checked.value;
}

/**
 * The status of a run, or a sentence about why its status.json is damaged; both null if there is none. Throws a
 * UserError if it was written by a newer Earthmover or is unreadable.
 */
export function inspectStatus(directory: string): InspectedStatus {
  try {
    return { status: readStatus(directory), problem: null };
  } catch (error) {
    return damagedStatus(error);
  }
}

/** `inspectStatus` without blocking: for the extension host. */
export const inspectStatusAsync = (directory: string): Promise<InspectedStatus> =>
  readStatusAsync(directory).then((status) => ({ status, problem: null }), damagedStatus);

interface InspectedStatus {
  readonly status: RunStatus | null;
  readonly problem: string | null;
}

function damagedStatus(error: unknown): InspectedStatus {
  if (!isUserError(error) || error.code !== 'damaged') throw error;
  return { status: null, problem: error.message };
}

/**
 * Whether the trainer of a run exists and makes progress. `now` is in Unix seconds. May block once per process: for the
 * trainer and the command line.
 */
export const liveness = (status: RunStatus, now = seconds()): Liveness =>
  hasEnded(status.state) ? 'ended' : livenessOf(status, processExists(status), now);

/** `liveness` without blocking: for the extension host. */
export const findLiveness = async (status: RunStatus, now = seconds()): Promise<Liveness> =>
  hasEnded(status.state) ? 'ended' : livenessOf(status, await findProcess(status), now);

function livenessOf(status: RunStatus, exists: boolean | null, now: number): Liveness {
  if (exists === null) return 'elsewhere';
  if (!exists) return 'dead';
  const { state, slowMotionRate, compiling, lastStepAt, startedAt } = status;
  // Nobody expects steps of a trainer that is compiling, paused or in slow motion.
  if (state === 'starting' || state === 'paused' || slowMotionRate || compiling) return 'alive';
  return now - (lastStepAt ?? startedAt) > stallSeconds(status) ? 'stalled' : 'alive';
}

/** Seconds without a step after which a run counts as stalled: ten times the median step, at least half a minute. */
export const stallSeconds = ({ medianStepSeconds }: RunStatus): number => Math.max(30, 10 * (medianStepSeconds ?? 0));

/** Seconds without a write after which a process on another machine counts as dead. */
export const silenceSeconds = (status: RunStatus): number => (status.compiling ? 600 : stallSeconds(status) + 30);

const seconds = (): number => Date.now() / 1000;

const urgentKeys = [
  'state',
  'message',
  'errors',
  'device',
  'engine',
  'threads',
  'steps',
  'slowMotionRate',
  'compiling',
] as const;
const writeEverySeconds = 0.5;
const maxBytes = 1 << 20;
const maxAcknowledged = 100;
const advice = 'resume the run to recreate it';

export const statusFile = (directory: string): string => inside(directory, 'status.json');
