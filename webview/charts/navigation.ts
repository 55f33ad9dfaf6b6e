// Where the keys take the cursor, and what stretch of steps can be shown.
import type { StepRange } from './chartPlan';
import { firstRowAtOrAfter, nearestRow } from '../curve/nearestStep';

/** A stretch inside of what there is, and not narrower than two steps. */
export function clampZoom([from, to]: StepRange, all: StepRange): StepRange {
  const low = Math.max(all[0], Math.min(from, to));
  const high = Math.min(all[1], Math.max(from, to));
  if (high - low >= 2) return [low, high];
  const centre = (low + high) / 2;
  return [Math.max(all[0], centre - 1), Math.min(all[1], centre + 1)];
}

/**
 * The step that a key takes the cursor to; undefined where the key is none of the cursor's. Arrows move it by a row, with
 * Shift or Page keys by a twentieth of what is shown; Home and End to the first and last row shown. Without a cursor they
 * begin at the end.
 */
export function moveCursor(
  key: string,
  far: boolean,
  step: Float64Array,
  cursor: number | null,
  shown: StepRange,
): number | undefined {
  if (!Object.hasOwn(moves, key) || step.length === 0) return undefined;
  const first = Math.min(firstRowAtOrAfter(step, shown[0]), step.length - 1);
  const last = Math.max(first, Math.min(firstRowAtOrAfter(step, shown[1] + 1), step.length) - 1);
  const now = cursor === null ? last + 1 : nearestRow(step, cursor);
  const page = Math.max(1, Math.round((last - first) / 20));
  const to =
    now +
    moves[key as keyof typeof moves] * (far && key.startsWith('Arrow') ? page : key.startsWith('Page') ? page : 1);
  return step[Math.max(first, Math.min(last, to))];
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

/** The mark that is meant by a cursor at `step`: the nearest one, if it is nearer than a hundredth of what is shown. */
export function nearestMark<M extends { readonly step: number }>(
  marks: readonly M[],
  step: number,
  [from, to]: StepRange,
): M | undefined {
  const distance = (mark: M) => Math.abs(mark.step - step);
  const near = marks.filter((mark) => distance(mark) <= Math.max(0.5, 0.01 * (to - from)));
  return near.reduce<M | undefined>(
    (best, mark) => (best === undefined || distance(mark) < distance(best) ? mark : best),
    undefined,
  );
}
