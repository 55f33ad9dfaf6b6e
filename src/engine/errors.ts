// The errors of the engine that its user can act on.
import { UserError } from '../shared/userError';
import { currentLayer } from './graph/node';

/** The model asks for something that the engine cannot do. */
export class ModelError extends UserError<'model-refused'> {
  constructor(
    message: string,
    /** The layer that asked for it, if any. */
    readonly layer: string | null = currentLayer(),
  ) {
    super('model-refused', message);
  }
}

export type DeviceErrorCode = 'engine-missing' | 'device-missing' | 'device-memory' | 'device-lost';

/** An engine or device is missing, or fails while it computes. */
export class DeviceError extends UserError<DeviceErrorCode> {
  constructor(
    code: DeviceErrorCode,
    /** The setting of the experiment that asked for it. */
    readonly setting: 'engine' | 'device',
    message: string,
  ) {
    super(code, message);
  }
}
