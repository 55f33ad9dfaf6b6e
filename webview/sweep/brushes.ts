// Brushes: ranges of axes, by which rows are filtered. They are kept as values, so that they survive new results.
import type { SettingValue } from '../../src/protocol/sweep';
import type { Axis } from './axes';

/** The first and the last value inside, in the order of the axis; null is open. */
export interface Brush {
  readonly from: string | number | null;
  readonly to: string | number | null;
}

/** Brushes by the label of their axis. */
export type Brushes = Readonly<Record<string, Brush>>;

export const isOpen = ({ from, to }: Brush): boolean => from === null && to === null;

/** The indices of the first and the last of the axis's values inside. The range is empty if the first is larger. */
export function brushIndices({ values }: Axis, { from, to }: Brush): readonly [first: number, last: number] {
  const first = from === null ? 0 : values.findIndex((value) => value === from || isAbove(value, from));
  const last = to === null ? values.length - 1 : values.findLastIndex((value) => value === to || isAbove(to, value));
  return [first === -1 ? values.length : first, last];
}

const isAbove = (value: string | number, other: string | number): boolean =>
  typeof value === 'number' && typeof other === 'number' && value > other;

/** Whether a value is inside. A missing value is inside an open brush only. */
export function isInside(axis: Axis, brush: Brush, value: SettingValue): boolean {
  const { from, to } = brush;
  if (isOpen(brush)) return true;
  if (value === null) return false;
  if (typeof value === 'number' && typeof from !== 'string' && typeof to !== 'string')
    return (from === null || value >= from) && (to === null || value <= to);
  const [first, last] = brushIndices(axis, brush);
  const index = axis.values.indexOf(value);
  return index >= first && index <= last;
}

/** The brush from the `first` to the `last` of the axis's values; at the ends of the axis it is open. */
const brushOf = ({ values }: Axis, first: number, last: number): Brush => ({
  from: first <= 0 ? null : (values[first] ?? null),
  to: last >= values.length - 1 ? null : (values[last] ?? null),
});

/** The brush over the values between two places in [0, 1]; open if there are none. */
export function brushBetween(axis: Axis, a: number, b: number): Brush {
  const [low, high] = a < b ? [a, b] : [b, a];
  const slack = 1e-9;
  const inside = axis.values.flatMap((value, i) => {
    const at = axis.at(value);
    return at !== null && at >= low - slack && at <= high + slack ? [i] : [];
  });
  return inside.length === 0 ? { from: null, to: null } : brushOf(axis, inside[0], inside[inside.length - 1]);
}

export type BrushEnd = 'from' | 'to';

/** The keys of a slider, after the ARIA practices: the index from `index` of `count`. */
const moves: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowLeft: (index) => index - 1,
  ArrowDown: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  ArrowUp: (index) => index + 1,
  PageDown: (index, count) => index - pageOf(count),
  PageUp: (index, count) => index + pageOf(count),
  Home: () => 0,
  End: (_, count) => count - 1,
};

const pageOf = (count: number): number => Math.max(1, Math.round(count / 10));

/** The brush after a key is pressed on one of its ends, which does not pass the other; undefined for other keys. */
export function brushAfterKey(axis: Axis, brush: Brush, end: BrushEnd, key: string): Brush | undefined {
  if (!Object.hasOwn(moves, key)) return undefined;
  const { length } = axis.values;
  const [first, last] = brushIndices(axis, brush);
  const moved = Math.max(0, Math.min(length - 1, moves[key](end === 'from' ? first : last, length)));
  return end === 'from' ? brushOf(axis, Math.min(moved, last), last) : brushOf(axis, first, Math.max(moved, first));
}
