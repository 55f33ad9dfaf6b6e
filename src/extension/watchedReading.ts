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
  let readAt = -Infinity;
  const readOnce = async () => {
    await read();
    readAt = performance.now();
  };
  const readInTurn = () => (reading = reading.then(readOnce, readOnce));
  // What was read a moment ago, as when a view is opened that has the extension started, is not read again at once.
  const readIfOld = () => reading.catch(() => {}).then(() => (isOld() ? readInTurn() : undefined));
  const isOld = () => performance.now() - readAt > everyMs() / 2;
  const adjust = () => {
    if (!disposed && (watchers > 0 || isWanted())) polling ??= poll(readIfOld, everyMs, onError);
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
