// The one file that knows ONNX Runtime: sessions that run asynchronously for compiled steps, and synchronously for reads.
import * as ort from 'onnxruntime-node';
import { binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import type { DType, Values } from '../graph/ops';
import type { Shape } from '../graph/shapes';

export type Tensor = ort.Tensor;
export type Tensors = Record<string, ort.Tensor>;

/** The version of ONNX Runtime that is installed. */
export const version = (): string => ort.env.versions.node ?? 'unknown';

export const tensor = (dtype: DType, values: Values, shape: Shape): Tensor =>
  new ort.Tensor(dtype, values as Float32Array, [...shape]);

export interface SessionOptions {
  readonly threads: number;
  /** ONNX Runtime's own optimisations cost time at creation: worth it for a step, not for a read. */
  readonly optimize: boolean;
}

const options = ({ threads, optimize }: SessionOptions): ort.InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  graphOptimizationLevel: optimize ? 'all' : 'disabled',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // Errors are thrown as well; ONNX Runtime would print them a second time.
  logSeverityLevel: 4,
  // Without it the threads of a session that is idle keep spinning on cores that the next session needs.
  extra: { session: { force_spinning_stop: '1' } },
});

export interface Session {
  run(feeds: Tensors, fetches: Tensors | readonly string[]): Promise<Tensors>;
  dispose(): Promise<void>;
}

export async function createSession(model: Uint8Array, how: SessionOptions): Promise<Session> {
  const session = await ort.InferenceSession.create(model, options(how));
  return {
    run: async (feeds, fetches) => (await session.run(feeds, fetches as Tensors)) as Tensors,
    dispose: () => session.release(),
  };
}

export interface SyncSession {
  run(feeds: Tensors, fetches: readonly string[]): Tensors;
  dispose(): void;
}

/** A session that runs on the calling thread, by onnxruntime-node's own binding: what a synchronous read needs. */
export function createSyncSession(model: Uint8Array): SyncSession {
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(
    model.buffer as ArrayBuffer,
    model.byteOffset,
    model.byteLength,
    options({ threads: 1, optimize: false }),
  );
  return {
    run: (feeds, fetches) => session.run(feeds, Object.fromEntries(fetches.map((f) => [f, null])), {}) as Tensors,
    dispose: () => session.dispose(),
  };
}
