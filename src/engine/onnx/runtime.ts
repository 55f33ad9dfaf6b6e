// What the engine asks of ONNX Runtime, whichever build of it computes: sessions for compiled steps, and for reads.
import type { Tensor } from 'onnxruntime-common';
import type { Device } from '../engine';
import type { DType, Values } from '../graph/ops';
import type { Shape } from '../graph/shapes';

export type { Tensor };
export type Tensors = Record<string, Tensor>;
/** What to fetch: a tensor to be filled, or null for one that the runtime makes. */
export type Fetches = Record<string, Tensor | null>;

export interface SessionOptions {
  readonly threads: number;
}

export interface Session {
  run(feeds: Tensors, fetches: Fetches): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** Runs on the calling thread: what a synchronous read needs. */
export interface SyncSession {
  run(feeds: Tensors, fetches: readonly string[]): Tensors;
  dispose(): void;
}

export interface Runtime {
  readonly device: Device;
  /** What runs underneath, with its version. */
  readonly name: string;
  /** Outputs stay in the memory of the device, which JavaScript cannot read. */
  readonly hasDeviceMemory: boolean;
  /** Outputs can be written into tensors that are given. */
  readonly supportsPreallocatedOutputs: boolean;
  /** Threads that all sessions share; where it is missing each session has its own. */
  readonly threads?: number;
  tensor(dtype: DType, values: Values, shape: Shape): Tensor;
  createSession(model: Uint8Array, options: SessionOptions): Promise<Session>;
  /** Takes tensors of the device or of JavaScript; its results JavaScript can read. */
  createSyncSession(model: Uint8Array): SyncSession;
}

/** What eager use computes with: always a processor, which no dispatch of a single small operation slows down. */
let eager: Runtime | undefined;

export function setEagerRuntime(runtime: Runtime): void {
  eager = runtime;
}

function eagerRuntime(): Runtime {
  if (!eager) throw new Error('assertion failed: an engine is opened before anything is computed');
  return eager;
}

export const tensor: Runtime['tensor'] = (dtype, values, shape) => eagerRuntime().tensor(dtype, values, shape);
export const createSyncSession: Runtime['createSyncSession'] = (model) => eagerRuntime().createSyncSession(model);
