// The library behind the C API, with its environment and the arena of memory that all sessions share.
import { loadCApi, type Address, type CApi } from './cApi';
import { LOG_FATAL, loadNativePackage, type NativePackage } from './nativePackage';

interface Library {
  readonly api: CApi;
  readonly ort: NativePackage['ort'];
  readonly env: Address;
  readonly hostMemory: Address;
  readonly defaultAllocator: Address;
}

/** How ONNX Runtime names the CPU and its kinds of memory and of allocation. */
const CPU = 'CPUExecutionProvider';
const ARENA_ALLOCATOR = 1;
const DEFAULT_MEMORY = 0;

let loaded: Library | undefined;
let file: string | undefined;

/**
 * Takes ONNX Runtime from another file, of the same version, which looks for providers beside itself.
 * @throws if it was loaded from elsewhere
 */
export function chooseLibrary(chosen: string): void {
  if (loaded && file !== chosen)
    throw new Error(`ONNX Runtime was loaded in this process already, before ${chosen}: open this device first`);
  file = chosen;
}

/**
 * The library with its environment, of which a process has one; it lives as long as the process.
 * @throws if the native package or koffi is not installed, or the library does not load
 */
export function cApiLibrary(): Library {
  if (loaded) return loaded;
  const native = loadNativePackage();
  const api = loadCApi((file ??= native.library));
  const env = api.make(api.CreateEnv, LOG_FATAL, 'earthmover');
  api.DisableTelemetryEvents(env);
  const hostMemory = api.make(api.CreateCpuMemoryInfo, ARENA_ALLOCATOR, DEFAULT_MEMORY);
  registerArena(api, env, hostMemory);
  const defaultAllocator = api.make(api.GetAllocatorWithDefaultOptions);
  return (loaded = { api, ort: native.ort, env, hostMemory, defaultAllocator });
}

/** Bytes of a free piece of the arena that a smaller tensor may take whole. By default 128 MiB, it wastes memory. */
const DEAD_BYTES = 2n ** 20n;

/** An arena without a limit for all sessions, which grows by powers of two. */
function registerArena(api: CApi, env: Address, memory: Address): void {
  const none = new BigUint64Array(0);
  const keys = api.strings(['max_dead_bytes_per_chunk']);
  const config = api.make(api.CreateArenaCfgV2, keys.addresses, BigUint64Array.of(DEAD_BYTES), 1);
  api.CreateAndRegisterAllocatorV2(env, CPU, memory, config, none, none, 0);
  api.ReleaseArenaCfg(config);
}
