// A small pool of worker threads for typed tasks: decoding images, exact W₁.
import { Worker, type TransferListItem } from 'node:worker_threads';
import type { Reply, Request, TaskName, Tasks } from './dataTasks';

export interface WorkerPool {
  /** Most threads that run at a time. */
  readonly count: number;
  /** Runs a task on the next free thread. What is listed in `transfer` is moved instead of copied. */
  run<K extends TaskName>(
    task: K,
    payload: Tasks[K]['payload'],
    transfer?: readonly TransferListItem[],
  ): Promise<Tasks[K]['result']>;
  /** Ends all threads; what is running or waiting is rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly request: Request;
  readonly transfer: readonly TransferListItem[];
  resolve(result: Tasks[TaskName]['result']): void;
  reject(error: Error): void;
}

/**
 * A pool of at most `count` threads of the worker in `file` (an absolute path; src/data/workers/worker.ts, bundled). Threads start
 * when they are first needed, keep the process alive only while they work, and are replaced when they die.
 */
export function createWorkerPool(file: string, count: number): WorkerPool {
  if (!Number.isInteger(count) || count < 1) throw new Error(`createWorkers: count is ${count}`);
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let closed = false;

  const next = () => {
    while (waiting.length > 0 && (idle.length > 0 || busy.size < count)) {
      const job = waiting.shift()!;
      const worker = idle.pop() ?? start();
      busy.set(worker, job);
      worker.ref();
      try {
        worker.postMessage(job.request, job.transfer);
      } catch (error) {
        job.reject(error as Error); // What cannot be cloned or transferred is the caller's error; the thread is well.
        rest(worker);
      }
    }
  };

  const rest = (worker: Worker) => {
    busy.delete(worker);
    idle.push(worker);
    worker.unref();
  };

  const bury = (worker: Worker, cause: string) => {
    const job = busy.get(worker);
    busy.delete(worker);
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    void worker.terminate();
    job?.reject(new Error(`The worker thread running "${job.request.task}" ended: ${cause}.`));
    next();
  };

  const start = (): Worker => {
    const worker = new Worker(file, { name: 'earthmover data' });
    worker.on('message', (reply: Reply) => {
      const job = busy.get(worker);
      if (!job) return;
      rest(worker);
      if ('error' in reply) job.reject(reply.error);
      else job.resolve(reply.result);
      next();
    });
    worker.on('messageerror', (error) => bury(worker, error.message));
    worker.on('error', (error) => bury(worker, error.message));
    worker.on('exit', (code) => bury(worker, `exit code ${code}`));
    return worker;
  };

  const reject = (job: Job) =>
    job.reject(new Error(`The worker threads were closed before "${job.request.task}" was done.`));

  return {
    count,
    run: <K extends TaskName>(task: K, payload: Tasks[K]['payload'], transfer: readonly TransferListItem[] = []) =>
      new Promise<Tasks[K]['result']>((resolve, fail) => {
        const request = { task, payload } as Request;
        const job: Job = {
          request,
          transfer,
          resolve: (result) => resolve(result as Tasks[K]['result']),
          reject: fail,
        };
        if (closed) return reject(job);
        waiting.push(job);
        next();
      }),
    close: async () => {
      closed = true;
      for (const job of [...waiting.splice(0), ...busy.values()]) reject(job);
      const workers = [...idle, ...busy.keys()];
      busy.clear();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
