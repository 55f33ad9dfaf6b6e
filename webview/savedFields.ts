// Reading the view state that VS Code has saved: an earlier version of the page may have written it.

/** The fields of a type, whose values must be checked. */
export type Unchecked<T> = { readonly [K in keyof T]?: unknown };

/** The fields of a saved value; none if it is not an object. */
export const savedFields = <T>(value: unknown): Unchecked<T> =>
  typeof value === 'object' && value !== null ? value : {};
