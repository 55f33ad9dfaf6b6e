// Turns of the event loop between synchronous runs.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds between two turns of the event loop, at least. */
const YIELD_INTERVAL = 20;
let lastYield = 0;

/** Runs are synchronous, so the event loop gets a turn now and then: Ctrl-C must work within a step of many updates. */
export async function yieldToEventLoop(): Promise<void> {
  if (performance.now() - lastYield < YIELD_INTERVAL) return;
  await nextTurn();
  lastYield = performance.now();
}
