// Movement of the cursor by keyboard and of the zoomed range, and the limits of both.
import type { XRange } from './chartPlan';
import { firstRowAfter, firstRowAtOrAfter, nearestRow } from '../curve/nearestStep';

/** Clamps a range to `all` and to a width of at least twice `least`. */
export function clampZoom([from, to]: XRange, all: XRange, least = 1): XRange {
  const low = Math.max(all[0], Math.min(from, to));
  const high = Math.min(all[1], Math.max(from, to));
  if (high - low >= 2 * least) return [low, high];
  const center = (low + high) / 2;
  return [Math.max(all[0], center - least), Math.min(all[1], center + least)];
}

/** The range moved by `distance`, as far as `all` allows. */
export function panBy([from, to]: XRange, all: XRange, distance: number): XRange {
  const moved = Math.max(all[0] - from, Math.min(all[1] - to, distance));
  return [from + moved, to + moved];
}

/** The range moved just as far as needed to contain `x`. */
export const panTo = ([from, to]: XRange, x: number): XRange =>
  x < from ? [x, to + (x - from)] : x > to ? [from + (x - to), x] : [from, to];

/** The range scaled about `center`; null if it contains all. */
export function zoomBy(factor: number, center: number, [from, to]: XRange, all: XRange): XRange | null {
  const next: XRange = [center - factor * (center - from), center + factor * (to - center)];
  return next[0] <= all[0] && next[1] >= all[1] ? null : next;
}

/**
 * The position that a key moves the cursor to; undefined for other keys. Arrow keys move by one row, with Shift and for
 * the Page keys by a twentieth of the visible rows, also beyond the visible range; Home and End move to the first and
 * last visible row. Without a cursor, movement starts at the end of what is visible.
 */
export function moveCursor(
  key: string,
  far: boolean,
  x: Float64Array,
  cursor: number | null,
  shown: XRange,
): number | undefined {
  if (!Object.hasOwn(moves, key) || x.length === 0) return undefined;
  const first = Math.min(firstRowAtOrAfter(x, shown[0]), x.length - 1);
  const last = Math.max(first, firstRowAfter(x, shown[1]) - 1);
  if (key === 'Home') return x[first];
  if (key === 'End') return x[last];
  const now = cursor === null ? last + 1 : nearestRow(x, cursor);
  const page = Math.max(1, Math.round((last - first) / 20));
  const rows = far || key.startsWith('Page') ? page : 1;
  return x[Math.max(0, Math.min(x.length - 1, now + moves[key as keyof typeof moves] * rows))];
}

const moves = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowUp: 1,
  PageDown: -1,
  PageUp: 1,
  Home: 0,
  End: 0,
} as const;

/** The mark nearest to `x`, if it is within a hundredth of the visible range. */
export function nearestMark<M extends { readonly x: number }>(
  marks: readonly M[],
  x: number,
  [from, to]: XRange,
): M | undefined {
  const distance = (mark: M) => Math.abs(mark.x - x);
  const near = marks.filter((mark) => distance(mark) <= Math.max(0.5, 0.01 * (to - from)));
  return near.reduce<M | undefined>(
    (best, mark) => (best === undefined || distance(mark) < distance(best) ? mark : best),
    undefined,
  );
}
