// The devices an engine can compute on, and the errors that say what to do where one cannot be had or gives up.

export type Device = 'cpu' | 'webgpu' | 'wasm' | 'cuda';

/** An error of an engine or device that its user can set right, told without a stack. */
export interface DeviceError extends Error {
  readonly name: 'DeviceError';
  readonly code: 'engine-missing' | 'device-missing' | 'device-memory' | 'device-lost';
  /** The setting that asked for it. */
  readonly setting: 'engine' | 'device';
}

export const isDeviceError = (error: unknown): error is DeviceError =>
  error instanceof Error && error.name === 'DeviceError';

export const deviceError = (code: DeviceError['code'], setting: DeviceError['setting'], message: string): DeviceError =>
  Object.assign(new Error(message), { name: 'DeviceError' as const, code, setting });
