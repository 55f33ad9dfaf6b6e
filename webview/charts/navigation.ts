// Cursor movement by keyboard, and limits of the zoom.
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

/**
 * The position that a key moves the cursor to; undefined for other keys. Arrow keys move by one row, with Shift and for
 * the Page keys by a twentieth of the visible rows; Home and End move to the first and last visible row. Without a
 * cursor, movement starts at the end.
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
  const now = cursor === null ? last + 1 : nearestRow(x, cursor);
  const page = Math.max(1, Math.round((last - first) / 20));
  const to =
    now +
    moves[key as keyof typeof moves] * (far && key.startsWith('Arrow') ? page : key.startsWith('Page') ? page : 1);
  return x[Math.max(first, Math.min(last, to))];
}

const moves = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowUp: 1,
  PageDown: -1,
  PageUp: 1,
  Home: -Infinity,
  End: Infinity,
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
