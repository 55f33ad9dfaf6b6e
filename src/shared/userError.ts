// The one class of errors that the user can act on.

/** An error that is shown as its message, without a stack trace: where, what is wrong, and what to do. */
export class UserError<Code extends string = string> extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly code: Code,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Compares the name, not the class: the command line, the trainer and the extension are separate bundles. */
export const isUserError = (error: unknown): error is UserError => error instanceof Error && error.name === 'UserError';
