// Waiting for a run on behalf of a language model, which has no eyes for a monitor.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { hasEnded } from '../../protocol/status';
import { liveness, readStatus } from '../../run/status';

const everyMs = 200;

/** Waits until `done`, at most so many seconds. Throws a CancellationError where the user stops waiting: the run goes on. */
export async function until(done: () => boolean, seconds: number, token: vscode.CancellationToken): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!done() && Date.now() < end) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    await sleep(everyMs);
  }
}

/** Whether a run has ended, was refused or has lost its process; with `begun` also whether its first step is done. */
export function hasSettled(directory: string, begun: boolean): boolean {
  if (!existsSync(directory)) return true;
  try {
    const status = readStatus(directory);
    if (status === null) return false;
    return hasEnded(status.state) || (begun && status.step > 0) || liveness(status) === 'dead';
  } catch {
    // It cannot be read, which whoever reads it next is told.
    return true;
  }
}
