// ONNX Runtime on a GPU through its C API: the commands of a step are recorded once and replayed, which takes a
// fraction of the time to send them. All tensors of a step are at fixed places in device memory.
import type { Values } from '../graph/ops';
import { leaf, make } from '../graph/node';
import type { Address } from './cApi';
import { cApiLibrary } from './cApiLibrary';
import { cApiName } from './cApiRuntime';
import { createCApiSession, type CApiSession } from './cApiSession';
import { deviceTensor, hostTensor, valueOf } from './cApiValues';
import { encodeModel } from './encodeModel';
import { withDeviceErrors, withSyncDeviceErrors } from './runtimeErrors';
import type { DeviceMemory, Fetches, Runtime, SessionOptions, Tensor, Tensors } from './runtime';
import { yieldToEventLoop } from './yieldToEventLoop';

/** What is special about the kind of GPU. */
export interface GpuProvider {
  readonly device: 'webgpu' | 'cuda';
  /** How ONNX Runtime names its memory, and the kind of its allocator: 0 of the device, 1 an arena. */
  readonly memory: readonly [name: string, allocator: 0 | 1];
  /** The largest difference of two runs, relative to the largest number of an output: 0 if they are deterministic. */
  readonly deviation: number;
  /** Adds the provider to the options of a session, which records commands or does not. */
  addTo(settings: Address, records: boolean): void;
  /** Copies tensors to others of the same shapes, from host to device memory or back. */
  copy: DeviceMemory['copy'];
}

/** For comparisons: "off" sends the commands of each step one by one. */
const mayRecord = (): boolean => process.env.EARTHMOVER_RECORDINGS !== 'off';

/** @throws if the native package or koffi is not installed, or the library does not load */
export function cApiDevice(provider: GpuProvider): Runtime {
  const { device } = provider;
  let created: DeviceMemory | undefined;
  // On demand: an unusable device fails when the first step is compiled.
  const memory = withSyncDeviceErrors(device, () => (created ??= createDeviceMemory(provider)));
  return {
    device,
    name: cApiName(),
    hasDeviceMemory: true,
    supportsPreallocatedOutputs: true,
    // One thread is enough to feed a GPU.
    threads: 1,
    tensor: hostTensor,
    get deviceMemory() {
      return memory();
    },
    createSession: withDeviceErrors(device, async (model, options) => {
      const session = createStepSession(model, options, memory(), provider);
      return {
        run: withDeviceErrors(device, async (feeds, fetches) => {
          await yieldToEventLoop();
          return session.run(feeds, fetches);
        }),
        dispose: async () => session.dispose(),
      };
    }),
    createSyncSession: () => {
      throw new Error('assertion failed: device memory is read by copying it');
    },
  };
}

/** A session that records commands if all of its graph runs on the device, as that of a training step does. */
function createStepSession(
  model: Uint8Array,
  options: SessionOptions,
  memory: DeviceMemory,
  provider: GpuProvider,
): CApiSession {
  const create = (records: boolean) =>
    createCApiSession(model, options, (settings) => provider.addTo(settings, records));
  if (!mayRecord()) return create(false);
  try {
    return recorded(create(true), memory, provider.deviation);
  } catch (error) {
    if (!/graph capture/i.test(error instanceof Error ? error.message : '')) throw error;
    process.emitWarning(`Some operations of a step run on the CPU instead of ${provider.device}, which is slower.`);
    return create(false);
  }
}

/** Recordings of a session at most; more tensors than those of two double buffers are not expected. */
const MAX_RECORDINGS = 8;

interface Recording {
  /** Run options with its number. */
  readonly options: Address;
  uses: number;
}

/** Records the commands for each set of tensors, such as those of the two directions of a double buffer. */
function recorded(session: CApiSession, memory: DeviceMemory, deviation: number): CApiSession {
  const { api } = cApiLibrary();
  const optionsOf = (id: number): Address => {
    const options = api.make(api.CreateRunOptions);
    api.AddRunConfigEntry(options, 'gpu_graph_id', `${id}`);
    return options;
  };
  const unrecorded = optionsOf(-1);
  const recordings = new Map<string, Recording>();
  let trusted = true;
  const recordingFor = (tensors: string): Recording | undefined => {
    const known = recordings.get(tensors);
    if (known || recordings.size === MAX_RECORDINGS) return known;
    const recording = { options: optionsOf(recordings.size + 1), uses: 0 };
    recordings.set(tensors, recording);
    return recording;
  };
  /** Whether a replay writes what the same commands write if they are sent one by one. */
  const isRight = (recording: Recording, feeds: Tensors, fetches: Fetches): boolean => {
    const outputs = Object.values(fetches).filter((tensor) => tensor !== null);
    session.run(feeds, fetches, unrecorded);
    const expected = memory.read(outputs);
    memory.copy(outputs.map((tensor) => [filledLike(tensor, 0xff), tensor] as const));
    session.run(feeds, fetches, recording.options);
    return memory.read(outputs).every((found, i) => areClose(found, expected[i], deviation));
  };
  return {
    ...session,
    run: (feeds, fetches) => {
      const recording = trusted ? recordingFor(places(feeds, fetches)) : undefined;
      if (!recording) return session.run(feeds, fetches, unrecorded);
      recording.uses++;
      // The second use replays for the first time, with other numbers in the same places.
      if (recording.uses === 2 && !isRight(recording, feeds, fetches)) {
        trusted = false;
        process.emitWarning('The GPU replays recorded commands wrongly. They are sent one by one, which is slower.');
        return session.run(feeds, fetches, unrecorded);
      }
      return recording.uses === 2 ? (fetches as Tensors) : session.run(feeds, fetches, recording.options);
    },
    dispose: () => {
      for (const options of [unrecorded, ...[...recordings.values()].map((r) => r.options)])
        api.ReleaseRunOptions(options);
      session.dispose();
    },
  };
}

/** Whether no number differs by more than `deviation` times the largest one; 0 compares all bits. */
export function areClose(found: Values, expected: Values, deviation: number): boolean {
  if (bytesOf(found).equals(bytesOf(expected))) return true;
  if (deviation === 0) return false;
  const numbers = expected as Float32Array;
  const largest = numbers.reduce((most, n) => Math.max(most, Math.abs(n)), 0);
  return (found as Float32Array).every((n, i) => Math.abs(n - numbers[i]) <= deviation * largest);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Values): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** A tensor in host memory, of the type and shape of another, with all bytes alike. */
function filledLike({ type, dims }: Tensor, byte = 0): Tensor {
  const bytes = new Uint8Array(4 * dims.reduce((product, d) => product * d, 1)).fill(byte).buffer;
  if (type === 'int32') return hostTensor(type, new Int32Array(bytes), dims);
  if (type === 'float32') return hostTensor(type, new Float32Array(bytes), dims);
  throw new Error(`assertion failed: a ${type} tensor in device memory`);
}

const places = (feeds: Tensors, fetches: Fetches): string =>
  [...Object.values(feeds), ...Object.values(fetches)].map((tensor) => (tensor ? valueOf(tensor) : 0n)).join();

/** Device memory of a session that is never disposed, so that it outlives the sessions of steps. */
function createDeviceMemory({ device, memory: [name, kind], addTo, ...provider }: GpuProvider): DeviceMemory {
  const { api } = cApiLibrary();
  const copy = withSyncDeviceErrors(device, provider.copy);
  const options = { threads: 1, graphOptimizations: false };
  const keeper = createCApiSession(identity(), options, (settings) => addTo(settings, mayRecord()));
  const [FIRST_DEVICE, DEFAULT_MEMORY] = [0, 0];
  const info = api.make(api.CreateMemoryInfo, name, kind, FIRST_DEVICE, DEFAULT_MEMORY);
  const allocator = api.make(api.CreateAllocator, keeper.address, info);
  return {
    tensor: (dtype, shape) => deviceTensor(allocator, dtype, shape),
    copy,
    read: (tensors) => {
      const copies = tensors.map((tensor) => filledLike(tensor));
      copy(tensors.map((tensor, i) => [tensor, copies[i]] as const));
      return copies.map(({ data }) => data as Values);
    },
  };
}

/** A model that does nothing. */
function identity(): Uint8Array {
  const x = leaf('x', [1], 'float32');
  const y = make('Identity', [x], {});
  return encodeModel({ order: [x, y], inputs: new Map([[x, 'x']]), outputs: new Map([['y', y]]) });
}
