// Opens the engine and device that an experiment asks for, or chooses them for "auto".
import { findCuda } from './cuda/probe';
import { findAdapter, mayHaveGpu, type Adapter, type ProbeResult } from './gpuProbe';
import { DeviceError } from './errors';
import type { Device } from './engine';
import type { Engine } from './engine';
import { openOnnxEngine } from './onnx/engine';
import { nativeRuntime } from './onnx/nativeRuntime';
import type { Passes } from './passes/optimize';

export interface EngineRequest {
  readonly engine?: 'auto' | 'onnx' | 'tensorflow';
  readonly device?: 'auto' | Device;
  /** CPU threads; 'auto' chooses by the size of each step. */
  readonly threads?: number | 'auto';
  /** Cores that 'auto' counts on; by default those of this machine. */
  readonly cores?: number;
  /** Graph passes; all by default. */
  readonly passes?: Passes;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** What the user should know about the choice, such as a fallback, in whole sentences. */
  readonly notices: readonly string[];
}

interface Choice {
  readonly device: Device;
  readonly adapter: string | null;
  readonly notices: readonly string[];
}

/** @throws DeviceError if an engine or device asked for by name is not available */
export async function openEngine({
  engine = 'auto',
  device = 'auto',
  ...options
}: EngineRequest = {}): Promise<OpenedEngine> {
  if (engine === 'tensorflow') return openTensorflow(device);
  const { notices, ...chosen } = await choices[device]();
  return { engine: openOnnxEngine({ ...options, ...chosen }), notices };
}

/**
 * Throws what `openEngine` would for an engine or device that is not available, without opening it: CUDA needs another
 * build of the native library than the other devices, and a process has one.
 * @throws DeviceError
 */
export async function requireDevice({ engine = 'auto', device = 'auto' }: EngineRequest): Promise<void> {
  if (engine === 'tensorflow') await openTensorflow(device);
  else await choices[device]();
}

async function openTensorflow(device: Device | 'auto'): Promise<OpenedEngine> {
  if (device === 'webgpu' || device === 'wasm') {
    const message =
      `The engine "tensorflow" supports the devices "cuda" and "cpu", not "${device}". ` +
      'Choose one of them, or set "engine" to "onnx".';
    throw new DeviceError('device-missing', 'device', message);
  }
  // Loaded on demand: its package contains a second copy of TensorFlow.js' layers and gradients.
  const { openTensorflowEngine } = await import('./tensorflow/engine');
  const engine = openTensorflowEngine(device);
  const slow = 'TensorFlow found no CUDA device and uses the CPU.';
  return { engine, notices: device === 'auto' && engine.device === 'cpu' ? [slow] : [] };
}

const choices: { readonly [D in Device | 'auto']: () => Promise<Choice> } = {
  cpu: async () => {
    const problem = nativeProblem();
    if (problem === null) return plain('cpu');
    const message =
      `The native library of ONNX Runtime cannot be loaded (${problem}). ` +
      'Set "device" to "wasm" to use WebAssembly, which is several times slower.';
    throw new DeviceError('device-missing', 'device', message);
  },
  webgpu: async () => {
    const needs = 'It needs a driver for Vulkan, Metal or Direct3D 12';
    const { name, software } = required('webgpu', needs, await findAdapter());
    const slow = `No GPU was found. WebGPU runs on the CPU (${name}), which is much slower than "device": "cpu".`;
    return { device: 'webgpu', adapter: name, notices: software ? [slow] : [] };
  },
  cuda: async () => {
    const { name } = required('cuda', '"webgpu" uses the same GPU without CUDA', await findCuda());
    return { device: 'cuda', adapter: name, notices: ['CUDA support is experimental.'] };
  },
  wasm: async () => plain('wasm'),
  auto: async () => {
    const problem = nativeProblem();
    if (problem !== null) {
      const notice =
        `The native library of ONNX Runtime cannot be loaded (${problem}). ` +
        'Using WebAssembly, which is several times slower.';
      return { device: 'wasm', adapter: null, notices: [notice] };
    }
    if (!mayHaveGpu()) return plain('cpu');
    const search = await findAdapter();
    if ('found' in search && !search.found.software)
      return { device: 'webgpu', adapter: search.found.name, notices: [] };
    const why = 'found' in search ? 'only a software adapter was found' : search.problem;
    const notice = `The GPU cannot be used (${why}). Using the CPU. Run "earthmover doctor" for details.`;
    return { device: 'cpu', adapter: null, notices: [notice] };
  },
};

const plain = (device: Device): Choice => ({ device, adapter: null, notices: [] });

/** The device that was asked for by name; throws with what to do if it is not available. */
function required(device: Device, hint: string, search: ProbeResult<Adapter>): Adapter {
  if ('found' in search) return search.found;
  const todo = search.todo ? ` ${search.todo}` : '';
  const message =
    `The device "${device}" is not available: ${search.problem}.${todo} ${hint}. ` +
    'Set "device" to "cpu" or "auto"; "earthmover doctor" shows which devices work.';
  throw new DeviceError('device-missing', 'device', message);
}

/** Why the native runtime cannot be loaded; null if it can. */
function nativeProblem(): string | null {
  try {
    nativeRuntime('cpu');
    return null;
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return line;
  }
}
