// Reads a list from disk again and again while somebody watches it, one reading at a time.
import type * as vscode from 'vscode';
import { poll, type Polling } from '../run/polling';

export interface WatchedReading extends vscode.Disposable {
  /** Whether it is read again and again now. */
  readonly polls: boolean;
  /** Has the list read again and again until the result is disposed. */
  watch(): vscode.Disposable;
  /** Reads the list again. Never rejects. */
  refresh(): Promise<void>;
  /** Starts or stops reading after `isWanted` has changed. */
  adjust(): void;
}

interface Options {
  /** Milliseconds between two readings. */
  readonly everyMs: () => number;
  readonly onError: (error: unknown) => void;
  /** Whether to read again and again although nobody watches. */
  readonly isWanted?: () => boolean;
  /** Called whenever it was decided whether to read again and again. */
  readonly onAdjusted?: () => void;
}

export function createWatchedReading(
  read: () => Promise<void>,
  { everyMs, onError, isWanted = () => false, onAdjusted = () => {} }: Options,
): WatchedReading {
  let watchers = 0;
  let polling: Polling | undefined;
  let disposed = false;
  // One at a time, because a reader keeps the last state.
  let reading = Promise.resolve();
  const readInTurn = () => (reading = reading.then(read, read));
  const adjust = () => {
    if (!disposed && (watchers > 0 || isWanted())) polling ??= poll(readInTurn, everyMs, onError);
    else {
      polling?.stop();
      polling = undefined;
    }
    onAdjusted();
  };
  return {
    get polls() {
      return polling !== undefined;
    },
    watch() {
      watchers++;
      adjust();
      return {
        dispose() {
          watchers--;
          adjust();
        },
      };
    },
    refresh: () => readInTurn().catch(onError),
    adjust,
    dispose() {
      disposed = true;
      polling?.stop();
    },
  };
}
