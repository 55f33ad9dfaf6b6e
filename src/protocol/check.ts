// Composable checks of values that crossed a process boundary.
import { isRecord } from '../shared/isRecord';

export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === 'string';
export const finite: Check = (value) => Number.isFinite(value);
/** A non-negative integer. */
export const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const record: Check = isRecord;
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
/** An object whose keys pass these checks; other keys are allowed. */
export const object =
  <T>(checks: { readonly [K in keyof T]-?: Check }): Check =>
  (value) =>
    record(value) && (Object.keys(checks) as (keyof T)[]).every((key) => checks[key]((value as Partial<T>)[key]));
