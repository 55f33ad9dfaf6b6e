// Aligns curves with different positions on a common x axis, as uPlot requires.
import type { Points } from './downsample';

/**
 * uPlot's data: `x` strictly increasing; null for a gap in a curve, undefined for a position that the curve does not
 * have.
 */
export interface Aligned {
  readonly x: readonly number[];
  readonly ys: readonly (readonly (number | null | undefined)[])[];
}

/** Aligns all series of all groups on the union of their positions. */
export function align(groups: readonly Points[]): Aligned {
  if (groups.length === 0) return { x: [], ys: [] };
  if (groups.length === 1) return groups[0];
  const x = [...new Set(groups.flatMap((group) => group.x))].sort((a, b) => a - b);
  const ys = groups.flatMap((group) => {
    const rows = new Map(group.x.map((position, i) => [position, i]));
    return group.ys.map((y) => x.map((position) => at(y, rows.get(position))));
  });
  return { x, ys };
}

const at = (y: readonly (number | null)[], row: number | undefined) => (row === undefined ? undefined : y[row]);
