// Opens the engine that an experiment asks for: tries what it names, chooses where it names nothing, and says what it chose.
import { findAdapter, findCuda, mayHaveGpu, type Adapter, type ProbeResult } from './gpuProbe';
import { DeviceError } from './errors';
import type { Device } from './engine';
import type { Engine } from './engine';
import { openOnnxEngine } from './onnx/engine';
import { nativeRuntime } from './onnx/nativeRuntime';
import type { Passes } from './passes/optimize';

export interface EngineRequest {
  readonly engine?: 'auto' | 'onnx' | 'tensorflow';
  readonly device?: 'auto' | Device;
  /** Threads on a processor; 'auto' chooses for each step by its size. */
  readonly threads?: number | 'auto';
  /** Passes over the graph; all by default. */
  readonly passes?: Passes;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** What a user should know of the choice, in whole sentences: above all where something was fallen back on. */
  readonly notices: readonly string[];
}

interface Choice {
  readonly device: Device;
  readonly adapter: string | null;
  readonly notices: readonly string[];
}

/** @throws DeviceError where the engine or device asked for by name cannot be had here */
export async function openEngine({
  engine = 'auto',
  device = 'auto',
  ...options
}: EngineRequest = {}): Promise<OpenedEngine> {
  if (engine === 'tensorflow') return openTensorflow(device);
  const { notices, ...chosen } = await choices[device]();
  return { engine: openOnnxEngine({ ...options, ...chosen }), notices };
}

async function openTensorflow(device: Device | 'auto'): Promise<OpenedEngine> {
  if (device === 'webgpu' || device === 'wasm') {
    const message = `The engine "tensorflow" computes on "cuda" or "cpu", not on "${device}". Write one of them, or "engine": "onnx".`;
    throw new DeviceError('device-missing', 'device', message);
  }
  // Loaded when it is asked for: it brings TensorFlow.js' layers and gradients a second time.
  const { openTensorflowEngine } = await import('./tensorflow/engine');
  const engine = openTensorflowEngine(device);
  const slow = 'TensorFlow finds no CUDA device: it computes on the processor.';
  return { engine, notices: device === 'auto' && engine.device === 'cpu' ? [slow] : [] };
}

const choices: { readonly [D in Device | 'auto']: () => Promise<Choice> } = {
  cpu: async () => {
    const problem = nativeProblem();
    if (problem === null) return plain('cpu');
    const message = `ONNX Runtime has no native library that works here (${problem}). Write "device": "wasm" to compute with WebAssembly, several times slower.`;
    throw new DeviceError('device-missing', 'device', message);
  },
  webgpu: async () => {
    const { name, software } = theirs('webgpu', 'a driver for Vulkan, Metal or Direct3D 12', await findAdapter());
    const slow = `No GPU was found: WebGPU computes on the processor (${name}), far slower than "device": "cpu" would.`;
    return { device: 'webgpu', adapter: name, notices: software ? [slow] : [] };
  },
  cuda: async () => {
    const needs =
      'ONNX Runtime\'s CUDA provider library, CUDA 12 and cuDNN 9; "webgpu" uses the same card without them';
    const { name } = theirs('cuda', needs, await findCuda());
    const notices = ['CUDA is experimental here: the state is copied to the card and back at each step.'];
    return { device: 'cuda', adapter: name, notices };
  },
  wasm: async () => plain('wasm'),
  auto: async () => {
    const problem = nativeProblem();
    if (problem !== null) {
      const note = `ONNX Runtime has no native library that works here (${problem}): computing with WebAssembly, several times slower.`;
      return { device: 'wasm', adapter: null, notices: [note] };
    }
    if (!mayHaveGpu()) return plain('cpu');
    const search = await findAdapter();
    if ('found' in search && !search.found.software)
      return { device: 'webgpu', adapter: search.found.name, notices: [] };
    const why = 'found' in search ? 'only a software adapter was found' : search.problem;
    const note = `The GPU cannot be used (${why}): computing on the processor. "earthmover doctor" says more.`;
    return { device: 'cpu', adapter: null, notices: [note] };
  },
};

const plain = (device: Device): Choice => ({ device, adapter: null, notices: [] });

/** The adapter that was asked for by name, or an error with what to do. */
function theirs(device: Device, needs: string, search: ProbeResult<Adapter>): Adapter {
  if ('found' in search) return search.found;
  const message =
    `The device "${device}" cannot be used here: ${search.problem}. It needs ${needs}. ` +
    'Write "device": "cpu" or "auto"; "earthmover doctor" says what works.';
  throw new DeviceError('device-missing', 'device', message);
}

/** Why the native runtime cannot be loaded; null where it can. */
function nativeProblem(): string | null {
  try {
    nativeRuntime('cpu');
    return null;
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return line;
  }
}
