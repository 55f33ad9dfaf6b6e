// An error that ends a run, as its status and its last event show it.
import type { RunProblem } from '../protocol/status';
import { messageOf } from '../shared/thrownValue';
import type { InputError } from './inputErrors';

export interface Failure {
  readonly message: string;
  readonly errors: readonly RunProblem[];
}

/** The message of an error, and its places in the user's files. */
export function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  const { problems = [] } = error as Partial<InputError>;
  if (problems.length === 0) return { message, errors: [{ message }] };
  return { message, errors: problems.map(({ message, file, line, column }) => ({ message, file, line, column })) };
}

/** The error outside of training that must end the run; null if the signal is not aborted, or the user aborted it. */
export function failureReason(signal: AbortSignal): Error | null {
  const reason: unknown = signal.reason;
  return signal.aborted && reason instanceof Error && reason.name !== 'AbortError' ? reason : null;
}
