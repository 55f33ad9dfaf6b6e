// Errors in what a model asks of the engine: shown to its author, with the layer that asked, instead of a stack.
import { layerNow } from './graph/node';

export interface ModelError extends Error {
  readonly name: 'ModelError';
  /** The layer that asked for what cannot be done, where one did. */
  readonly layer: string | null;
}

export const isModelError = (error: unknown): error is ModelError =>
  error instanceof Error && error.name === 'ModelError';

export const modelError = (message: string, layer = layerNow()): ModelError =>
  Object.assign(new Error(message), { name: 'ModelError' as const, layer });
