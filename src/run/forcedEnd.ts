// The end of a run whose trainer can no longer write it: it is stuck, or its process must end at once.
import type { EndState, RunProblem } from '../protocol/status';
import { hasEnded } from '../protocol/status';
import { inside, replaceFile } from './diskAccess';
import { lastAttempt } from './attempts';
import { openLog } from './notices';
import { thisProcess } from './process';
import { readStatus } from './status';

export interface ForcedEnd {
  readonly state: EndState;
  readonly step: number;
  readonly message: string;
  readonly errors: readonly RunProblem[];
}

/**
 * Writes the end into the status and the log of a run that this process trains. Synchronous. Does nothing if the run
 * has ended, or another process has taken it over. Throws a UserError if it cannot be written.
 */
export function recordForcedEnd(directory: string, { state, step, message, errors }: ForcedEnd): void {
  const status = readStatus(directory);
  const { pid, host } = thisProcess();
  if (status === null || status.pid !== pid || status.host !== host || hasEnded(status.state)) return;
  if (lastAttempt(directory) > status.attempt) return;
  const next = { ...status, state, step, message, errors, updatedAt: Date.now() / 1000 };
  replaceFile(inside(directory, 'status.json'), `${JSON.stringify(next, null, 2)}\n`, { sync: true });
  const log = openLog(directory);
  log.append(`${state} at step ${step}: ${message.replace(/\s*\n\s*/g, ' ')}`);
  log.close();
}
