// ONNX Runtime on WebGPU through its C API: the commands of a step are recorded once and replayed, which takes a
// fraction of the time to send them. All tensors of a step are at fixed places in device memory.
import type { Values } from '../graph/ops';
import { leaf, make } from '../graph/node';
import type { Address } from './cApi';
import { cApiLibrary } from './cApiLibrary';
import { cApiName } from './cApiRuntime';
import { createCApiSession, type CApiSession } from './cApiSession';
import { copyTensors, deviceTensor, hostTensor, valueOf } from './cApiValues';
import { encodeModel } from './encodeModel';
import { withDeviceErrors } from './runtimeErrors';
import type { DeviceMemory, Fetches, Runtime, SessionOptions, Tensor, Tensors } from './runtime';
import { yieldToEventLoop } from './yieldToEventLoop';

/** @throws if the native package or koffi is not installed, or the library does not load */
export function cApiWebgpu(): Runtime {
  let created: DeviceMemory | undefined;
  // On demand: an unusable device fails when the first step is compiled.
  const memory = (): DeviceMemory => (created ??= createDeviceMemory());
  return {
    device: 'webgpu',
    name: cApiName(),
    hasDeviceMemory: true,
    supportsPreallocatedOutputs: true,
    // One thread is enough to feed a GPU.
    threads: 1,
    tensor: hostTensor,
    get deviceMemory() {
      return memory();
    },
    createSession: withDeviceErrors('webgpu', async (model, options) => {
      const session = createStepSession(model, options, memory());
      return {
        run: withDeviceErrors('webgpu', async (feeds, fetches) => {
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
function createStepSession(model: Uint8Array, options: SessionOptions, memory: DeviceMemory): CApiSession {
  try {
    return recorded(createCApiSession(model, options, webgpu(true)), memory);
  } catch (error) {
    if (!/graph capture/i.test(error instanceof Error ? error.message : '')) throw error;
    return createCApiSession(model, options, webgpu(false));
  }
}

const webgpu =
  (capture: boolean) =>
  (settings: Address): void => {
    const { api } = cApiLibrary();
    // WebGPU checks each command, which takes half of the host's time. The first session of a process decides for all;
    // `earthmover doctor` computes in a process of its own, with the checks (gpuProbe.ts).
    const options = { enableGraphCapture: capture ? '1' : '0', validationMode: 'disabled' };
    const [keys, values] = [Object.keys(options), Object.values(options)].map(api.strings);
    api.SessionOptionsAppendExecutionProvider(
      settings,
      'WebGPU',
      keys.addresses,
      values.addresses,
      keys.addresses.length,
    );
    // WebGPU ignores some paddings of Conv that this optimizer creates (passes/webgpuWorkarounds.ts).
    api.AddSessionConfigEntry(settings, 'optimization.disable_specified_optimizers', 'Pad_Fusion');
  };

/** Recordings of a session at most; more tensors than those of two double buffers are not expected. */
const MAX_RECORDINGS = 8;

interface Recording {
  /** Run options with its number. */
  readonly options: Address;
  uses: number;
}

/** Records the commands for each set of tensors, such as those of the two directions of a double buffer. */
function recorded(session: CApiSession, memory: DeviceMemory): CApiSession {
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
    return memory.read(outputs).every((found, i) => bytesOf(found).equals(bytesOf(expected[i])));
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
function createDeviceMemory(): DeviceMemory {
  const { api } = cApiLibrary();
  const keeper = createCApiSession(identity(), { threads: 1, graphOptimizations: false }, webgpu(true));
  const [DEVICE_ALLOCATOR, FIRST_DEVICE, DEFAULT_MEMORY] = [0, 0, 0];
  const info = api.make(api.CreateMemoryInfo, 'WebGPU_Buf', DEVICE_ALLOCATOR, FIRST_DEVICE, DEFAULT_MEMORY);
  const allocator = api.make(api.CreateAllocator, keeper.address, info);
  return {
    tensor: (dtype, shape) => deviceTensor(allocator, dtype, shape),
    copy: copyTensors,
    read: (tensors) => {
      const copies = tensors.map((tensor) => filledLike(tensor));
      copyTensors(tensors.map((tensor, i) => [tensor, copies[i]] as const));
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
