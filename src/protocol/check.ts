// Checks of values that crossed a process boundary, put together from small ones.

export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === 'string';
export const finite: Check = (value) => Number.isFinite(value);
/** A whole number that is not negative. */
export const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const record: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Every one of these keys is as it must be; others are let through. */
export const object =
  <T>(checks: { readonly [K in keyof T]-?: Check }): Check =>
  (value) =>
    record(value) && (Object.keys(checks) as (keyof T)[]).every((key) => checks[key]((value as Partial<T>)[key]));
