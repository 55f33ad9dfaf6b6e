// The tasks that data sources run in worker threads.
import { readAhead, type ReadAheadRequest } from '../cache/readAhead';
import { decodeBatch, type DecodeReport, type DecodeRequest } from '../images/decodeTask';
import type { TaskHandlers } from './serveTasks';

export interface DataTasks {
  /** Decodes images into a shared buffer and reports those that could not be decoded. */
  decode: { payload: DecodeRequest; result: DecodeReport };
  /** Reads samples into the system's page cache. */
  readAhead: { payload: ReadAheadRequest; result: void };
}

export const dataTaskHandlers: TaskHandlers<DataTasks> = { decode: decodeBatch, readAhead };
