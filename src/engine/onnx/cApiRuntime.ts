// ONNX Runtime through its C API. Unlike with the Node binding, all sessions share one arena of memory.
import { loadCApi, type Address, type CApi } from './cApi';
import { LOG_FATAL, loadNativePackage, type NativePackage } from './nativePackage';
import type { DType, Values } from '../graph/ops';
import { sizeOf } from '../graph/shapes';
import { withDeviceErrors } from './runtimeErrors';
import type { Fetches, Runtime, SessionOptions, SyncSession, Tensor, Tensors } from './runtime';
import { yieldToEventLoop } from './yieldToEventLoop';

/** Element types by their number in ONNX. */
const elementTypes = {
  float32: { number: 1, array: Float32Array },
  int32: { number: 6, array: Int32Array },
  int64: { number: 7, array: BigInt64Array },
  bool: { number: 9, array: Uint8Array },
} as const;

/** How ONNX Runtime names its device and its kinds of memory and of allocation. */
const CPU = 'CPUExecutionProvider';
const ARENA_ALLOCATOR = 1;
const DEFAULT_MEMORY = 0;

/** Levels of graph optimization. */
const [NO_OPTIMIZATIONS, ALL_OPTIMIZATIONS] = [0, 99];

interface Library {
  readonly api: CApi;
  readonly ort: NativePackage['ort'];
  readonly env: Address;
  readonly hostMemory: Address;
  readonly defaultAllocator: Address;
}

let loaded: Library | undefined;

/** The library with its environment, of which a process has one; it lives as long as the process. */
function library(): Library {
  if (loaded) return loaded;
  const native = loadNativePackage();
  const api = loadCApi(native);
  const env = api.make(api.CreateEnv, LOG_FATAL, 'earthmover');
  api.DisableTelemetryEvents(env);
  const hostMemory = api.make(api.CreateCpuMemoryInfo, ARENA_ALLOCATOR, DEFAULT_MEMORY);
  registerArena(api, env, hostMemory);
  const defaultAllocator = api.make(api.GetAllocatorWithDefaultOptions);
  return (loaded = { api, ort: native.ort, env, hostMemory, defaultAllocator });
}

/** An arena without a limit for all sessions, which grows by powers of two. */
function registerArena(api: CApi, env: Address, memory: Address): void {
  const none = new BigUint64Array(0);
  const config = api.make(api.CreateArenaCfgV2, none, none, 0);
  api.CreateAndRegisterAllocatorV2(env, CPU, memory, config, none, none, 0);
  api.ReleaseArenaCfg(config);
}

/** @throws if the native package or koffi is not installed, or the library does not load */
export function cApiRuntime(): Runtime {
  const { ort } = library();
  const tensor = (dtype: DType, values: Values, shape: readonly number[]): Tensor =>
    new ort.Tensor(dtype, values as Float32Array, [...shape]);
  return {
    device: 'cpu',
    name: `ONNX Runtime ${ort.env.versions.node ?? 'unknown'}, C API`,
    hasDeviceMemory: false,
    supportsPreallocatedOutputs: true,
    tensor,
    createSession: withDeviceErrors('cpu', async (model, options) => {
      const session = createSession(model, options, tensor);
      return {
        run: withDeviceErrors('cpu', async (feeds, fetches) => {
          await yieldToEventLoop();
          return session.run(feeds, fetches);
        }),
        dispose: async () => session.dispose(),
      };
    }),
    createSyncSession: (model): SyncSession => {
      const { run, dispose } = createSession(model, { threads: 1, graphOptimizations: false }, tensor);
      return { run: (feeds, fetches) => run(feeds, Object.fromEntries(fetches.map((f) => [f, null]))), dispose };
    },
  };
}

interface NativeSession {
  /** Runs the session. All outputs are computed; those of `fetches` are returned. */
  run(feeds: Tensors, fetches: Fetches): Tensors;
  dispose(): void;
}

function createSession(model: Uint8Array, options: SessionOptions, tensor: Runtime['tensor']): NativeSession {
  const { api, env } = library();
  const settings = sessionOptions(api, options);
  let session: Address;
  try {
    session = api.make(api.CreateSessionFromArray, env, model, model.byteLength, settings);
  } finally {
    api.ReleaseSessionOptions(settings);
  }
  const inputs = namesOf(api.SessionGetInputCount, api.SessionGetInputName, session);
  const outputs = namesOf(api.SessionGetOutputCount, api.SessionGetOutputName, session);
  // What the library reads and writes: addresses of names and of tensors.
  const [inputNames, outputNames] = [inputs, outputs].map(nativeStrings);
  const given = new BigUint64Array(inputs.length);
  const made = new BigUint64Array(outputs.length);
  return {
    run: (feeds, fetches) => {
      inputs.forEach((name, i) => (given[i] = valueOf(feeds[name])));
      outputs.forEach((name, i) => (made[i] = fetches[name] ? valueOf(fetches[name]) : 0n));
      api.Run(session, null, inputNames.addresses, given, inputs.length, outputNames.addresses, outputs.length, made);
      const results = outputs.map((name, i) => [name, fetches[name] ?? takeValue(made[i], tensor)] as const);
      return Object.fromEntries(results);
    },
    dispose: () => api.ReleaseSession(session),
  };
}

function sessionOptions(api: CApi, { threads, graphOptimizations }: SessionOptions): Address {
  const settings = api.make(api.CreateSessionOptions);
  api.SetSessionGraphOptimizationLevel(settings, graphOptimizations ? ALL_OPTIMIZATIONS : NO_OPTIMIZATIONS);
  api.SetIntraOpNumThreads(settings, threads);
  api.SetInterOpNumThreads(settings, 1);
  api.SetSessionLogSeverityLevel(settings, LOG_FATAL);
  api.DisableMemPattern(settings);
  api.AddSessionConfigEntry(settings, 'session.force_spinning_stop', '1');
  api.AddSessionConfigEntry(settings, 'session.use_env_allocators', '1');
  return settings;
}

type Call = CApi['Run'];

function namesOf(getCount: Call, getName: Call, session: Address): string[] {
  const { api, defaultAllocator } = library();
  return Array.from({ length: Number(api.make(getCount, session)) }, (_, i) => {
    const at = api.make(getName, session, i, defaultAllocator);
    const name = api.text(at);
    api.AllocatorFree(defaultAllocator, at);
    return name;
  });
}

/** Strings as C has them, with an array of their addresses. The bytes must live as long as the addresses are used. */
function nativeStrings(strings: readonly string[]): { readonly addresses: BigUint64Array; readonly bytes: Buffer[] } {
  const { api } = library();
  const bytes = strings.map((text) => Buffer.from(`${text}\0`));
  return { addresses: BigUint64Array.from(bytes, (b) => api.addressOf(b)), bytes };
}

/** The value of each tensor that was passed to a session: it points to the array of the tensor and does not own it. */
const values = new WeakMap<Tensor, Address>();
const releaser = new FinalizationRegistry<Address>((value) => library().api.ReleaseValue(value));

function valueOf(tensor: Tensor): Address {
  const known = values.get(tensor);
  if (known !== undefined) return known;
  const { api, hostMemory } = library();
  const array = tensor.data as Values;
  // A small array has no buffer until it is asked for it, and moves in memory.
  void array.buffer;
  const dims = BigInt64Array.from(tensor.dims, BigInt);
  const { number } = elementTypes[tensor.type as DType];
  const value = api.make(
    api.CreateTensorWithDataAsOrtValue,
    hostMemory,
    array,
    array.byteLength,
    dims,
    dims.length,
    number,
  );
  values.set(tensor, value);
  releaser.register(tensor, value);
  return value;
}

/** A tensor with a copy of the numbers of a value, which is released. */
function takeValue(value: Address, tensor: Runtime['tensor']): Tensor {
  const { api } = library();
  const info = api.make(api.GetTensorTypeAndShape, value);
  const rank = Number(api.make(api.GetDimensionsCount, info));
  const dims = new BigInt64Array(rank);
  api.GetDimensions(info, dims, rank);
  const number = Number(api.make(api.GetTensorElementType, info));
  api.ReleaseTensorTypeAndShapeInfo(info);
  const found = Object.entries(elementTypes).find(([, type]) => type.number === number);
  if (!found) throw new Error(`assertion failed: an output has elements of type ${number}`);
  const [dtype, { array }] = found as [DType, { array: typeof Float32Array }];
  const shape = [...dims].map(Number);
  const data = api.copy(api.make(api.GetTensorMutableData, value), sizeOf(shape) * array.BYTES_PER_ELEMENT);
  api.ReleaseValue(value);
  return tensor(dtype, new array(data), shape);
}
