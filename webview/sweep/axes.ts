// The axes of parallel coordinates: where a value is on its axis, and the axis's labels.
import type { SettingValue } from '../../src/protocol/sweep';
import { linearTicks, logTicks } from '../charts/tickPositions';
import { noValue, round } from '../format';

export interface Tick {
  /** In [0, 1]. */
  readonly at: number;
  readonly text: string;
}

export interface Axis {
  readonly label: string;
  /** The different values, in the order of the axis; null, if there is any, is not among them. */
  readonly values: readonly (string | number)[];
  /** In [0, 1]; null for a missing value, which is drawn beside the axis. */
  readonly at: (value: SettingValue) => number | null;
  readonly ticks: readonly Tick[];
  /** The name of the place of missing values; null if there are none. */
  readonly missing: string | null;
}

/** Up to this many numbers have equal distances. */
const maxSteps = 8;
/** Numbers that span a larger factor are on a logarithmic scale. */
const logFrom = 40;
const maxTicks = 6;
/** Labels of more names would overlap. */
const maxNames = 24;

/** The axis of a setting with these values. */
export function settingAxis(label: string, values: readonly SettingValue[]): Axis {
  const present = [...new Set(values.flatMap((value) => (value === null ? [] : [value])))];
  const missing = values.includes(null) ? noValue : null;
  const numbers = present.filter((value) => typeof value === 'number');
  if (numbers.length < present.length || numbers.length === 0) return stepAxis(label, present, missing);
  numbers.sort((a, b) => a - b);
  return numbers.length <= maxSteps ? stepAxis(label, numbers, missing) : numberAxis(label, numbers, missing);
}

/** How the values of an axis are labeled. */
export interface TickFormat {
  /** Ticks are at whole numbers only. */
  readonly whole: boolean;
  /** Writes a tick, and the value of an axis that has only one. */
  readonly tick: (value: number) => string;
  readonly single: (value: number) => string;
}

const plainTicks: TickFormat = { whole: false, tick: round, single: round };

/** The axis of results; `missing` names the place of settings without any. */
export function resultAxis(
  label: string,
  results: readonly number[],
  missing: string | null,
  format = plainTicks,
): Axis {
  const numbers = [...new Set(results)].sort((a, b) => a - b);
  return numberAxis(label, numbers, missing, format);
}

function stepAxis(label: string, values: readonly (string | number)[], missing: string | null): Axis {
  const last = values.length - 1;
  const place = (index: number) => (last === 0 ? 0.5 : index / last);
  const stride = Math.ceil(values.length / maxNames);
  return {
    label,
    values,
    at: (value) => (value === null || !values.includes(value) ? null : place(values.indexOf(value))),
    ticks: values.flatMap((value, i) => (i % stride === 0 ? [{ at: place(i), text: textOf(value) }] : [])),
    missing,
  };
}

function numberAxis(
  label: string,
  values: readonly number[],
  missing: string | null,
  { whole, tick, single }: TickFormat = plainTicks,
): Axis {
  const [low, high] = [values[0] ?? 0, values[values.length - 1] ?? 0];
  const isLog = low > 0 && high / low >= logFrom;
  const scale = isLog ? Math.log10 : (value: number) => value;
  const [from, to] = [scale(low), scale(high)];
  const at = (value: number) => (to > from ? (scale(value) - from) / (to - from) : 0.5);
  const ticks = isLog
    ? logTicks(from, to, maxTicks).map((log) => ({ at: (log - from) / (to - from), text: tick(10 ** log) }))
    : linearTicks(low, high, maxTicks, whole).map((value) => ({ at: at(value), text: tick(value) }));
  return {
    label,
    values,
    at: (value) => (typeof value === 'number' ? at(value) : null),
    ticks: to > from ? ticks : values.slice(0, 1).map((value) => ({ at: 0.5, text: single(value) })),
    missing,
  };
}

/** A value of a setting in a label. */
export const textOf = (value: SettingValue): string =>
  value === null ? noValue : typeof value === 'number' ? round(value) : value;
