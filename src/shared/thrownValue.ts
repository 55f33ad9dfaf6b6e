// Values that were thrown: anything can be, even what has no text.

/** The message of a thrown value. Never throws. */
export function messageOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown;
    return typeof message === 'symbol' ? message.toString() : String(message);
  } catch {
    return 'a value that cannot be shown as text';
  }
}

/** The stack trace of a thrown value; empty if it has none. Never throws. */
export function stackOf(thrown: unknown): string {
  try {
    const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
    return typeof stack === 'string' ? stack : '';
  } catch {
    return '';
  }
}
