// Waits for a condition instead of a fixed time, so that slow machines only take longer.
import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until the answer is accepted, and returns it; throws with the last answer after `timeout` ms. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  accept: (answer: T) => boolean = Boolean,
  timeout = 60_000,
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (accept(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`Timed out after ${timeout / 1000} s waiting until ${what}; last seen: ${seen}`);
    }
    await sleep(100);
  }
}
