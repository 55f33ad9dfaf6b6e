// What worker threads do, as types: one entry a task, with what is sent and what comes back.
import type { DecodeRequest, ReadFailure } from '../images/decodeTask';
import type { ReadAheadRequest } from '../cache/readAhead';

export interface Tasks {
  /** Decodes images into a shared buffer and tells which could not be. */
  decode: { payload: DecodeRequest; result: readonly ReadFailure[] };
  /** Reads samples so that the system has them in memory. */
  readAhead: { payload: ReadAheadRequest; result: void };
  /** Exact W₁ between two equally large sets of points, row-major [n, dimensions]. */
  w1: { payload: { x: Float32Array; y: Float32Array; dimensions: number }; result: number };
}

export type TaskName = keyof Tasks;

/** A task on its way to a worker. */
export type Request = { [K in TaskName]: { readonly task: K; readonly payload: Tasks[K]['payload'] } }[TaskName];

/** What a worker answers: the result, or the error the task threw. */
export type Reply = { readonly result: Tasks[TaskName]['result'] } | { readonly error: Error };
