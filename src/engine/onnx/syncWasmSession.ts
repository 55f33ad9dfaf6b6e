// Synchronous sessions on the asynchronous WebAssembly runtime: a worker thread computes while this thread waits.
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { DType, Values } from '../graph/ops';
import type { Runtime, SyncSession, Tensors } from './runtime';

/** A tensor as it is sent to the thread and back. */
interface SentTensor {
  readonly type: DType;
  readonly data: Values;
  readonly dims: readonly number[];
}

type Request =
  | { readonly kind: 'create'; readonly id: number; readonly model: Uint8Array }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly feeds: Record<string, SentTensor>;
      readonly fetches: readonly string[];
    }
  | { readonly kind: 'dispose'; readonly id: number };

type Answer = { readonly results: Record<string, SentTensor> } | { readonly problem: string };

/** The worker: plain JavaScript, because it is started from a string. */
const THREAD = `
const { workerData } = require('node:worker_threads');
const { port, done, from } = workerData;
const ort = require('node:module').createRequire(from)('onnxruntime-web');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';
const sessions = new Map();
const work = {
  create: async ({ id, model }) => {
    const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled', logSeverityLevel: 4 };
    sessions.set(id, await ort.InferenceSession.create(model, options));
  },
  run: async ({ id, feeds, fetches }) => {
    const tensors = Object.entries(feeds).map(([name, t]) => [name, new ort.Tensor(t.type, t.data, t.dims)]);
    const results = await sessions.get(id).run(Object.fromEntries(tensors), fetches);
    const sent = Object.entries(results).map(([name, { type, data, dims }]) => [name, { type, data, dims }]);
    return Object.fromEntries(sent);
  },
  dispose: async ({ id }) => {
    await sessions.get(id).release();
    sessions.delete(id);
  },
};
port.on('message', async (request) => {
  let answer;
  try {
    answer = { results: (await work[request.kind](request)) ?? {} };
  } catch (error) {
    answer = { problem: error.message };
  }
  port.postMessage(answer);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});
`;

/** Milliseconds, much longer than any read takes. */
const TIMEOUT = 120_000;

export function createSyncWasmSessions(tensor: Runtime['tensor']): (model: Uint8Array) => SyncSession {
  const ask = startThread();
  let count = 0;
  return (model) => {
    const id = ++count;
    ask({ kind: 'create', id, model: model.slice() });
    return {
      run: (feeds, fetches) => {
        const sent = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims }]);
        const results = ask({
          kind: 'run',
          id,
          feeds: Object.fromEntries(sent) as Record<string, SentTensor>,
          fetches,
        });
        const made = Object.entries(results).map(([name, { type, data, dims }]) => [name, tensor(type, data, dims)]);
        return Object.fromEntries(made) as Tensors;
      },
      dispose: () => void ask({ kind: 'dispose', id }),
    };
  };
}

function startThread(): (request: Request) => Record<string, SentTensor> {
  const { port1, port2 }: { port1: MessagePort; port2: MessagePort } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { port: port2, done, from: __filename };
  const worker = new Worker(THREAD, { eval: true, workerData, transferList: [port2] });
  worker.unref();
  port1.unref();
  return (request) => {
    Atomics.store(done, 0, 0);
    port1.postMessage(request);
    if (Atomics.wait(done, 0, 0, TIMEOUT) === 'timed-out')
      throw new Error(`assertion failed: the WebAssembly worker did not answer "${request.kind}"`);
    const { message } = receiveMessageOnPort(port1) as { message: Answer };
    if ('problem' in message) throw new Error(message.problem);
    return message.results;
  };
}
