// Brings curves with steps of their own onto one axis, which is what uPlot draws.
import type { Points } from './downsample';

/** What uPlot takes: `x` rising strictly; null where a curve has a gap, undefined where a step is not one of its own. */
export interface Aligned {
  readonly x: readonly number[];
  readonly ys: readonly (readonly (number | null | undefined)[])[];
}

/** All series of all groups over the union of their steps. */
export function align(groups: readonly Points[]): Aligned {
  if (groups.length === 0) return { x: [], ys: [] };
  if (groups.length === 1) return groups[0];
  const x = [...new Set(groups.flatMap((group) => group.x))].sort((a, b) => a - b);
  const ys = groups.flatMap((group) => {
    const rows = new Map(group.x.map((step, i) => [step, i]));
    return group.ys.map((y) => x.map((step) => at(y, rows.get(step))));
  });
  return { x, ys };
}

const at = (y: readonly (number | null)[], row: number | undefined) => (row === undefined ? undefined : y[row]);
