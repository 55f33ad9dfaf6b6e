// The thread's side of a worker pool: runs one task at a time and sends back its result or its error.
import { parentPort } from 'node:worker_threads';
import type { TaskReply, TaskRequest, TaskTable } from './workerPool';

/** One function per task. */
export type TaskHandlers<T extends TaskTable<T>> = {
  readonly [K in keyof T]: (payload: T[K]['payload']) => T[K]['result'] | Promise<T[K]['result']>;
};

/** Answers the requests of the pool that started this thread. */
export function serveTasks<T extends TaskTable<T>>(handlers: TaskHandlers<T>): void {
  parentPort?.on('message', async ({ task, payload }: TaskRequest<T>) => {
    let reply: TaskReply<T>;
    try {
      reply = { result: await handlers[task](payload) };
    } catch (error) {
      reply = { error: error instanceof Error ? error : new Error(String(error)) };
    }
    parentPort?.postMessage(reply);
  });
}
