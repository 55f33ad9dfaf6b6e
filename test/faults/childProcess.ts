// Trials that run code of the project in a process of its own, so that a hang or a crash is one failure and memory is
// bounded.
import { fork } from 'node:child_process';
import type { FaultKind } from './faultKind';
import { kinds } from './kinds';
import { numbersBelow, numbersUntil, type Tally, tryFaults } from './tryFaults';

interface ChildTask {
  readonly id: string;
  readonly seed: string;
  readonly count?: number;
  /** In ms, as of Date.now(). */
  readonly end?: number;
}

type ChildMessage = { readonly trial: number; readonly memory: number } | { readonly tally: Tally };

/** The memory that a reader of any file or text may use, Node and its libraries included. */
export const childMemoryLimit = 2 ** 30;
const hangSeconds = 60;

/** In the child: runs the task that the parent sent and exits. */
export function serveChild(): void {
  process.once('message', (task: ChildTask) => {
    const kind = kinds.find(({ id }) => id === task.id)!;
    const numbers = task.end === undefined ? numbersBelow(task.count!) : numbersUntil(task.end);
    let told = 0;
    // Thousands of trials per second would fill the channel.
    const onTrial = (trial: number) => {
      if (Date.now() - told < 50) return;
      told = Date.now();
      process.send!({ trial, memory: process.memoryUsage.rss() } satisfies ChildMessage);
    };
    void tryFaults(kind, { seed: task.seed, numbers, onTrial }).then((tally) => {
      process.send!({ tally } satisfies ChildMessage, undefined, undefined, () => process.disconnect());
    });
  });
}

/** Runs the trials of a kind in a child process and returns their tally and the largest memory seen, in bytes. */
export function tryInChild(kind: FaultKind, task: Omit<ChildTask, 'id'>): Promise<Tally & { readonly memory: number }> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1], ['--child'], { execArgv: ['--max-old-space-size=700'] });
    let [last, memory, heard] = [-1, 0, Date.now()];
    let tally: Tally | undefined;
    let problem = 'the process ended';
    const watch = setInterval(() => {
      if (Date.now() - heard < hangSeconds * 1000) return;
      problem = `did not end within ${hangSeconds} s`;
      child.kill('SIGKILL');
    }, 1000);
    child.on('message', (message: ChildMessage) => {
      heard = Date.now();
      if ('tally' in message) return void (tally = message.tally);
      last = message.trial;
      memory = Math.max(memory, message.memory);
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      const crash = { number: last, message: `${problem} (${signal ?? code})` };
      const result = tally ?? { tried: last + 1, failures: [crash] };
      const used = { number: -1, message: `used ${Math.round(memory / 2 ** 20)} MiB of memory` };
      resolve({
        ...result,
        failures: memory < childMemoryLimit ? result.failures : [...result.failures, used],
        memory,
      });
    });
    child.send({ id: kind.id, ...task } satisfies ChildTask);
  });
}
