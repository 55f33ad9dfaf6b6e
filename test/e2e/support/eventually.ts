// Waiting for a condition instead of for a time: slow machines only take longer, and a failure says what was seen last.
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is accepted, and returns it; after `timeout` ms it fails and says the last answer. */
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
      throw new Error(`Waited ${timeout / 1000} s in vain until ${what}; last seen: ${seen}`);
    }
    await sleep(100);
  }
}
