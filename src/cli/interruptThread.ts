// Entry of the thread that sees Ctrl-C while the main thread is busy: in a model file that loops forever, in the
// compilation of a large network, in a long native step. Node delivers signals to the main thread only, between two
// turns of its event loop; the one exception is code that is run with `breakOnSigint`, in any thread.
import { writeSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { samePressMs } from './keyPress';

/** How long the main thread may take to react to the second Ctrl-C. */
const graceMs = 500;

const cell = new Int32Array(new SharedArrayBuffer(4));
let presses = 0;
let pressedAt = -Infinity;

/** Blocks until a signal interrupts it; returns if the second Ctrl-C was ignored for too long. */
function waitForSignal(): void {
  Atomics.wait(cell, 0, 0, presses < 2 ? Infinity : Math.max(0, pressedAt + graceMs - performance.now()));
}

/** Runs a function until it ends, and returns true, or until Ctrl-C ends it. */
function runUntilInterrupt(work: () => void): boolean {
  try {
    new Script('work()').runInContext(createContext({ work }), { breakOnSigint: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    return false;
  }
}

function notePress(): void {
  parentPort?.postMessage('SIGINT');
  const now = performance.now();
  if (presses >= 2 || now - pressedAt < samePressMs) return;
  presses++;
  pressedAt = now;
}

function watch(): void {
  while (!runUntilInterrupt(waitForSignal)) notePress();
}

// The outer run keeps Node's handler installed between two inner runs.
while (!runUntilInterrupt(watch)) notePress();
writeSync(2, 'Quit without saving.\n');
// Ends the process at once, whatever its threads are doing; shells report 130. (Windows: exit code 1.)
process.kill(process.pid, 'SIGINT');
