// ONNX Runtime's C API, in the library that onnxruntime-node contains: it has options that the package does not pass.
import type * as Koffi from 'koffi';
import { requireKoffi } from './nativePackage';

/** A pointer of C. */
export type Address = bigint;

type Argument = Address | number | string | NodeJS.ArrayBufferView | null;

/** Functions that return a status: their place in the table OrtApi, which never changes, and their arguments. */
const functions = {
  CreateEnv: [3, 'int', 'str', 'void *'],
  DisableTelemetryEvents: [6, 'void *'],
  CreateSessionFromArray: [8, 'void *', 'void *', 'size_t', 'void *', 'void *'],
  Run: [9, 'void *', 'void *', 'void *', 'void *', 'size_t', 'void *', 'size_t', 'void *'],
  CreateSessionOptions: [10, 'void *'],
  DisableMemPattern: [17, 'void *'],
  SetSessionLogSeverityLevel: [22, 'void *', 'int'],
  SetSessionGraphOptimizationLevel: [23, 'void *', 'int'],
  SetIntraOpNumThreads: [24, 'void *', 'int'],
  SetInterOpNumThreads: [25, 'void *', 'int'],
  SessionGetInputCount: [30, 'void *', 'void *'],
  SessionGetOutputCount: [31, 'void *', 'void *'],
  SessionGetInputName: [36, 'void *', 'size_t', 'void *', 'void *'],
  SessionGetOutputName: [37, 'void *', 'size_t', 'void *', 'void *'],
  CreateRunOptions: [39, 'void *'],
  CreateTensorAsOrtValue: [48, 'void *', 'void *', 'size_t', 'int', 'void *'],
  CreateTensorWithDataAsOrtValue: [49, 'void *', 'void *', 'size_t', 'void *', 'size_t', 'int', 'void *'],
  GetTensorMutableData: [51, 'void *', 'void *'],
  GetTensorElementType: [60, 'void *', 'void *'],
  GetDimensionsCount: [61, 'void *', 'void *'],
  GetDimensions: [62, 'void *', 'void *', 'size_t'],
  GetTensorTypeAndShape: [65, 'void *', 'void *'],
  CreateMemoryInfo: [68, 'str', 'int', 'int', 'int', 'void *'],
  CreateCpuMemoryInfo: [69, 'int', 'int', 'void *'],
  AllocatorFree: [76, 'void *', 'void *'],
  GetAllocatorWithDefaultOptions: [78, 'void *'],
  AddSessionConfigEntry: [130, 'void *', 'str', 'str'],
  CreateAllocator: [131, 'void *', 'void *', 'void *'],
  CreateArenaCfgV2: [164, 'void *', 'void *', 'size_t', 'void *'],
  AddRunConfigEntry: [165, 'void *', 'str', 'str'],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, 'void *', 'void *'],
  CreateCUDAProviderOptions: [205, 'void *'],
  UpdateCUDAProviderOptions: [206, 'void *', 'void *', 'void *', 'size_t'],
  SessionOptionsAppendExecutionProvider: [216, 'void *', 'str', 'void *', 'void *', 'size_t'],
  CreateAndRegisterAllocatorV2: [259, 'void *', 'str', 'void *', 'void *', 'void *', 'void *', 'size_t'],
  CopyTensors: [386, 'void *', 'void *', 'void *', 'void *', 'size_t'],
} as const;

/** Functions that return nothing. */
const releases = {
  ReleaseStatus: 93,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseRunOptions: 97,
  ReleaseTensorTypeAndShapeInfo: 99,
  ReleaseSessionOptions: 100,
  ReleaseArenaCfg: 157,
  ReleaseCUDAProviderOptions: 208,
} as const;

const GET_ERROR_MESSAGE = 2;

/** The newest version of the API that is used here. Later libraries support it as well. */
const API_VERSION = 23;

type Calls = { readonly [F in keyof typeof functions]: (...args: Argument[]) => void } & {
  readonly [F in keyof typeof releases]: (object: Address) => void;
};

export interface CApi extends Calls {
  /** The object that a function makes and writes to the place that its last argument points to. */
  make(f: (...args: Argument[]) => void, ...args: Argument[]): Address;
  /** The string at an address. */
  text(at: Address): string;
  /** A copy of `bytes` bytes at an address. */
  copy(at: Address, bytes: number): ArrayBuffer;
  /** Strings as C has them. */
  strings(texts: readonly string[]): Strings;
}

/** An array of strings in C: the addresses of their bytes, which live as long as this object. */
export interface Strings {
  readonly addresses: BigUint64Array;
  readonly bytes: readonly Buffer[];
}

/** @throws if koffi is not installed, or cannot load the library */
export function loadCApi(library: string): CApi {
  const koffi = requireKoffi();
  const base = load(koffi, library).func('OrtGetApiBase', 'void *', [])() as Address;
  const [getApi] = koffi.decode(base, 'void *', 1) as Address[];
  const api = koffi.call(getApi, koffi.proto('void *', ['uint32_t']), API_VERSION) as Address | null;
  if (api === null) throw new Error(`${library} does not support version ${API_VERSION} of its C API`);
  const size = 1 + Math.max(...Object.values(functions).map(([index]) => index), ...Object.values(releases));
  const table = koffi.decode(api, 'void *', size) as Address[];
  const bind = (index: number, result: string, types: readonly string[]) =>
    koffi.decode(table[index], koffi.proto(result, [...types])) as (...args: Argument[]) => unknown;

  const message = bind(GET_ERROR_MESSAGE, 'str', ['void *']) as (status: Address) => string;
  const released = Object.fromEntries(
    Object.entries(releases).map(([name, index]) => [name, bind(index, 'void', ['void *'])]),
  ) as Pick<Calls, keyof typeof releases>;
  const checked = Object.entries(functions).map(([name, [index, ...types]]) => {
    const call = bind(index, 'void *', types);
    return [name, (...args: Argument[]) => throwIfFailed(call(...args) as Address | null)] as const;
  });
  const throwIfFailed = (status: Address | null): void => {
    if (status === null) return;
    const text = message(status);
    released.ReleaseStatus(status);
    throw new Error(text);
  };
  return {
    ...(Object.fromEntries(checked) as Pick<Calls, keyof typeof functions>),
    ...released,
    make: (f, ...args) => {
      const place = new BigUint64Array(1);
      f(...args, place);
      return place[0];
    },
    text: (at) => koffi.decode.string(at),
    copy: (at, bytes) => copyBytes(koffi, at, bytes),
    strings: (texts) => {
      const bytes = texts.map((text) => Buffer.from(`${text}\0`));
      return { addresses: BigUint64Array.from(bytes, (b) => koffi.address(b)), bytes };
    },
  };
}

/** Libraries that stay loaded until the process ends: koffi would unload one before its threads end. */
const held: Koffi.LibraryHandle[] = [];

function load(koffi: typeof Koffi, library: string): Koffi.LibraryHandle {
  const handle = koffi.load(library);
  held.push(handle);
  return handle;
}

/** A library other than ONNX Runtime. @throws if koffi is not installed, or cannot load it */
export const loadLibrary = (file: string): Koffi.LibraryHandle => load(requireKoffi(), file);

/** koffi copies at most this many bytes at once. */
const PIECE = 2 ** 24;

function copyBytes(koffi: typeof Koffi, at: Address, bytes: number): ArrayBuffer {
  const piece = (from: number): Uint8Array =>
    koffi.decode(at, from, 'uint8_t', Math.min(PIECE, bytes - from)) as Uint8Array;
  const whole = new Uint8Array(bytes);
  for (let from = 0; from < bytes; from += PIECE) whole.set(piece(from), from);
  return whole.buffer;
}
