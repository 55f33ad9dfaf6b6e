// The interface to a build of ONNX Runtime: sessions for compiled steps and for synchronous reads.
import type { Tensor } from 'onnxruntime-common';
import type { Device } from '../engine';
import type { DType, Values } from '../graph/ops';
import type { Shape } from '../graph/shapes';

export type { Tensor };
export type Tensors = Record<string, Tensor>;
/** Outputs to fetch: a preallocated tensor, or null to let the runtime allocate it. */
export type Fetches = Record<string, Tensor | null>;

/** Devices of the native package. */
export type NativeDevice = Exclude<Device, 'wasm'>;

export interface SessionOptions {
  readonly threads: number;
  /** Whether the runtime optimizes the graph, which takes most of the time of creating a session. */
  readonly graphOptimizations: boolean;
}

export interface Session {
  run(feeds: Tensors, fetches: Fetches): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** A session that blocks the calling thread, for synchronous reads. */
export interface SyncSession {
  run(feeds: Tensors, fetches: readonly string[]): Tensors;
  dispose(): void;
}

/** Tensors in the memory of a device, at places that do not change. */
export interface DeviceMemory {
  /** A tensor whose numbers are undefined. */
  tensor(dtype: DType, shape: Shape): Tensor;
  /** Copies tensors to others of the same shapes, from host to device memory or back. */
  copy(pairs: readonly (readonly [from: Tensor, to: Tensor])[]): void;
  /** Copies of the numbers of tensors. */
  read(tensors: readonly Tensor[]): Values[];
}

export interface Runtime {
  readonly device: Device;
  /** Name and version. */
  readonly name: string;
  /** Outputs stay in device memory, which JavaScript cannot read. */
  readonly hasDeviceMemory: boolean;
  /** Outputs can be written into preallocated tensors. */
  readonly supportsPreallocatedOutputs: boolean;
  /** Where all inputs and outputs of steps are; absent if sessions copy inputs and allocate outputs themselves. */
  readonly deviceMemory?: DeviceMemory;
  /** Number of threads shared by all sessions; undefined if each session has its own. */
  readonly threads?: number;
  tensor(dtype: DType, values: Values, shape: Shape): Tensor;
  createSession(model: Uint8Array, options: SessionOptions): Promise<Session>;
  /** Takes tensors in device or host memory; the results are in host memory. */
  createSyncSession(model: Uint8Array): SyncSession;
}

/** The runtime for eager evaluation: always a CPU, since dispatching single small operations to a GPU is slow. */
let eager: Runtime | undefined;

export function setEagerRuntime(runtime: Runtime): void {
  eager = runtime;
}

function eagerRuntime(): Runtime {
  if (!eager) throw new Error('assertion failed: nothing can be computed before an engine is opened');
  return eager;
}

export const tensor: Runtime['tensor'] = (dtype, values, shape) => eagerRuntime().tensor(dtype, values, shape);
export const createSyncSession: Runtime['createSyncSession'] = (model) => eagerRuntime().createSyncSession(model);
