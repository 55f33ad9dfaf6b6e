// Polls at an interval: file-system events are late or missing on network disks.

/** A loop that runs until it is stopped. */
export interface Polling {
  /** Resolves after `stop()`, once the poll in progress has ended. It never rejects. */
  readonly stopped: Promise<void>;
  /** Polls now, or again right after the poll in progress: for a writer that reports new data. */
  nudge(): void;
  stop(): void;
}

/**
 * Calls `check` every `everyMs`, never twice at once; a function gives the pause after each call. Errors go to
 * `onError` and do not end the loop.
 */
export function poll(
  check: () => Promise<void>,
  everyMs: number | (() => number),
  onError: (error: unknown) => void,
): Polling {
  let running = true;
  let again = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, typeof everyMs === 'number' ? everyMs : everyMs());
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async () => {
    while (running) {
      again = false;
      try {
        await check();
      } catch (error) {
        if (running) onError(error);
      }
      if (running && !again) await pause();
    }
  };
  const now = () => {
    again = true;
    wake();
  };
  return {
    stopped: loop(),
    nudge: now,
    stop() {
      running = false;
      now();
    },
  };
}
