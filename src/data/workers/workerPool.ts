// A small pool of worker threads that run typed tasks.
import { Worker, type TransferListItem } from 'node:worker_threads';

/** Task name → the payload sent to a thread and the result that it returns. */
export type TaskTable<T> = { readonly [K in keyof T]: { readonly payload: unknown; readonly result: unknown } };

/** A task as it is sent to a thread. */
export interface TaskRequest<T extends TaskTable<T>, K extends keyof T = keyof T> {
  readonly task: K;
  readonly payload: T[K]['payload'];
}

/** The answer of a thread: the result, or the error that the task threw. */
export type TaskReply<T extends TaskTable<T>> = { readonly result: T[keyof T]['result'] } | { readonly error: Error };

export interface WorkerPool<T extends TaskTable<T>> {
  /** The largest number of threads. */
  readonly count: number;
  /** Runs a task on the next free thread. Objects in `transfer` are moved instead of copied. */
  run<K extends keyof T & string>(
    task: K,
    payload: T[K]['payload'],
    transfer?: readonly TransferListItem[],
  ): Promise<T[K]['result']>;
  /** Ends all threads and rejects running and waiting tasks. */
  close(): Promise<void>;
}

interface Job {
  readonly request: { readonly task: string; readonly payload: unknown };
  readonly transfer: readonly TransferListItem[];
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * A pool of at most `count` threads that run the bundled worker in `file` (an absolute path), which calls `serveTasks`.
 * Threads start on demand, keep the process alive only while they work, and are replaced when they die.
 */
export function createWorkerPool<T extends TaskTable<T>>(file: string, count: number): WorkerPool<T> {
  if (!Number.isInteger(count) || count < 1) throw new Error(`createWorkerPool: count is ${count}`);
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let closed = false;

  const startWaiting = () => {
    while (waiting.length > 0 && (idle.length > 0 || busy.size < count)) {
      const job = waiting.shift()!;
      const worker = idle.pop() ?? start();
      busy.set(worker, job);
      worker.ref();
      try {
        worker.postMessage(job.request, job.transfer);
      } catch (error) {
        job.reject(error as Error); // A payload that cannot be cloned or transferred leaves the thread unharmed.
        release(worker);
      }
    }
  };

  const release = (worker: Worker) => {
    busy.delete(worker);
    idle.push(worker);
    worker.unref();
  };

  const remove = (worker: Worker, cause: string) => {
    const job = busy.get(worker);
    busy.delete(worker);
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    void worker.terminate();
    job?.reject(new Error(`The worker thread that ran "${job.request.task}" ended: ${cause}.`));
    startWaiting();
  };

  const start = (): Worker => {
    const worker = new Worker(file, { name: 'earthmover tasks' });
    worker.on('message', (reply: TaskReply<T>) => {
      const job = busy.get(worker);
      if (!job) return;
      release(worker);
      if ('error' in reply) job.reject(reply.error);
      else job.resolve(reply.result);
      startWaiting();
    });
    worker.on('messageerror', (error) => remove(worker, error.message));
    worker.on('error', (error) => remove(worker, error.message));
    worker.on('exit', (code) => remove(worker, `exit code ${code}`));
    return worker;
  };

  const rejectClosed = (job: Job) =>
    job.reject(new Error(`The worker threads were closed before "${job.request.task}" was done.`));

  return {
    count,
    run: <K extends keyof T & string>(
      task: K,
      payload: T[K]['payload'],
      transfer: readonly TransferListItem[] = [],
    ): Promise<T[K]['result']> =>
      new Promise((resolve, reject) => {
        const job: Job = { request: { task, payload }, transfer, resolve, reject };
        if (closed) return rejectClosed(job);
        waiting.push(job);
        startWaiting();
      }),
    close: async () => {
      closed = true;
      for (const job of [...waiting.splice(0), ...busy.values()]) rejectClosed(job);
      const workers = [...idle, ...busy.keys()];
      busy.clear();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
