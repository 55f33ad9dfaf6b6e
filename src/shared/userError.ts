// The one class of errors that the user can act on.
import { clean } from './text';

/**
 * An error that is shown as its message, without a stack trace: where, what is wrong, and what to do. The message is
 * made one line of clean text, because it quotes names and contents of files.
 */
export class UserError<Code extends string = string> extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly code: Code,
    message: string,
    options?: ErrorOptions,
  ) {
    super(clean(message), options);
  }
}

/** Compares the name, not the class: the command line, the trainer and the extension are separate bundles. */
export const isUserError = (error: unknown): error is UserError => error instanceof Error && error.name === 'UserError';
