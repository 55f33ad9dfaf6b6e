// The thread's side of a worker pool: runs tasks and sends back their results or errors.
import { parentPort } from 'node:worker_threads';
import type { TaskReply, TaskRequest, TaskTable } from './workerPool';

/** One function per task. */
export type TaskHandlers<T extends TaskTable<T>> = {
  readonly [K in keyof T]: (payload: T[K]['payload']) => T[K]['result'] | Promise<T[K]['result']>;
};

/** Answers the requests of the pool that started this thread; it sends one at a time. */
export function serveTasks<T extends TaskTable<T>>(handlers: TaskHandlers<T>): void {
  const answer = async ({ task, payload }: TaskRequest<T>) => {
    let reply: TaskReply<T>;
    try {
      reply = { result: await handlers[task](payload) };
    } catch (error) {
      reply = { error: error instanceof Error ? error : new Error(String(error)) };
    }
    parentPort?.postMessage(reply);
  };
  parentPort?.on('message', (request: TaskRequest<T>) => void answer(request));
}
