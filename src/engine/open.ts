// Opens the engine that an experiment asks for; what was chosen or given up is said.
import { devices, deviceError, type Device } from './devices';
import type { Engine } from './engine';
import { openOnnxEngine } from './onnx/engine';
import type { Passes } from './passes/optimise';

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
  readonly notes: readonly string[];
}

/** @throws DeviceError where the engine or device asked for by name cannot be had here */
export async function openEngine({
  engine = 'auto',
  device = 'auto',
  ...options
}: EngineRequest = {}): Promise<OpenedEngine> {
  if (engine === 'tensorflow')
    throw deviceError('engine-missing', 'engine', 'The tensorflow engine is not installed. Write "engine": "onnx".');
  const chosen: Device = device === 'auto' ? 'cpu' : device;
  if (!devices.includes(chosen))
    throw deviceError('device-missing', 'device', `There is no device "${String(chosen)}".`);
  return { engine: openOnnxEngine({ ...options, device: chosen }), notes: [] };
}
