// Looks again and again, for as long as somebody listens: file-system events are late or absent on network disks.

/** A loop that runs until it is stopped. */
export interface Polling {
  /** Settles after `stop()`, once the look in progress has ended. It never rejects. */
  readonly stopped: Promise<void>;
  /** Looks now, or again right after the look in progress: for a writer that says "written up to here". */
  nudge(): void;
  stop(): void;
}

/** Calls `look` every `everyMs`, never twice at once. What it throws goes to `onError`, and the loop goes on. */
export function poll(look: () => Promise<void>, everyMs: number, onError: (error: unknown) => void): Polling {
  let running = true;
  let again = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async () => {
    while (running) {
      again = false;
      try {
        await look();
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
