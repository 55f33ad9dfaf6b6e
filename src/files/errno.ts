// Codes of file-system errors.

/** The code of a file-system error, such as 'ENOENT'; undefined for any other error, including Node's own 'ERR_...'. */
export function errno(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
