// Asks a thread of its own, which is ended if it takes too long or has nothing to do: the extension host must answer.
import { Worker } from 'node:worker_threads';

export interface WorkerThread<Request, Answer> {
  /** The answer of the thread; `none` if that takes longer than `limitMs`, or the thread crashes. */
  ask(request: Request): Promise<Answer>;
  dispose(): void;
}

export interface ThreadOptions {
  readonly script: string;
  /** Then the thread is ended, with all that it was asked. */
  readonly limitMs?: number;
  /** After this time without a request the thread ends, which frees its memory. */
  readonly idleMs?: number;
}

/** @param none the answer if there is none */
export function createWorkerThread<Request, Answer>(
  { script, limitMs = 10_000, idleMs = 60_000 }: ThreadOptions,
  none: Answer,
): WorkerThread<Request, Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const end = () => {
    const ended = worker;
    worker = undefined;
    waiting.forEach((settle) => settle(none));
    waiting.clear();
    void ended?.terminate();
  };
  const start = () => {
    const started = new Worker(script);
    started.unref();
    started.on('message', ({ id, answer }: { id: number; answer: Answer }) => waiting.get(id)?.(answer));
    // The request was too much for its memory, or the extension was removed while it runs.
    started.on('error', () => worker === started && end());
    return started;
  };
  return {
    ask(request) {
      clearTimeout(idle);
      const id = ++lastId;
      return new Promise<Answer>((resolve) => {
        const limit = setTimeout(end, limitMs);
        waiting.set(id, (answer) => {
          clearTimeout(limit);
          waiting.delete(id);
          clearTimeout(idle);
          if (waiting.size === 0) idle = setTimeout(end, idleMs).unref();
          resolve(answer);
        });
        (worker ??= start()).postMessage({ id, request });
      });
    },
    dispose() {
      clearTimeout(idle);
      end();
    },
  };
}
