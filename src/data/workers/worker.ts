// Entry of a worker thread: serves one task at a time and carries errors back with their text.
import { parentPort } from 'node:worker_threads';
import { wasserstein1 } from '../../math/wasserstein';
import { decodeBatch } from '../images/decodeTask';
import { readAhead } from '../cache/readAhead';
import type { Reply, Request, TaskName, Tasks } from './dataTasks';

type Server<K extends TaskName> = (payload: Tasks[K]['payload']) => Tasks[K]['result'] | Promise<Tasks[K]['result']>;

const servers: { readonly [K in TaskName]: Server<K> } = {
  decode: decodeBatch,
  readAhead,
  w1: ({ x, y, dimensions }) => wasserstein1(x, y, dimensions),
};

const serve = <K extends TaskName>(task: K, payload: Tasks[K]['payload']) => servers[task](payload);

async function answer({ task, payload }: Request): Promise<void> {
  let reply: Reply;
  try {
    reply = { result: await serve(task, payload) };
  } catch (error) {
    reply = { error: error instanceof Error ? error : new Error(String(error)) };
  }
  parentPort?.postMessage(reply);
}

parentPort?.on('message', (request: Request) => void answer(request));
