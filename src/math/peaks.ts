// Peaks of a function on a grid, by their prominence.

/**
 * The number of local maxima of `values`, row-major on a grid of width `side`, whose prominence is at least `least`:
 * how far one must descend from it to reach a higher one. The highest has the whole range as its prominence. It is the
 * 0-dimensional persistence of the sets above a level (Edelsbrunner and Harer 2010, Computational Topology, VII.1).
 */
export function prominentPeaks(values: ArrayLike<number>, side: number, least: number): number {
  const descending = Array.from(values, (_, k) => k).sort((a, b) => values[b] - values[a] || a - b);
  /** The parent of each cell in the forest of components, whose roots are their peaks; −1 above the current level. */
  const parent = new Int32Array(values.length).fill(-1);
  const root = (cell: number): number => {
    while (parent[cell] !== cell) cell = parent[cell] = parent[parent[cell]];
    return cell;
  };
  let count = 1;
  for (const cell of descending) {
    parent[cell] = cell;
    for (const neighbor of neighbors(cell, side, values.length)) {
      if (parent[neighbor] === -1) continue;
      const [a, b] = [root(cell), root(neighbor)];
      if (a === b) continue;
      const [higher, lower] = values[a] >= values[b] ? [a, b] : [b, a];
      if (lower !== cell && values[lower] - values[cell] >= least) count++;
      parent[lower] = higher;
    }
  }
  return count;
}

/** The up to eight cells around a cell. */
function* neighbors(cell: number, side: number, size: number): Generator<number> {
  const column = cell % side;
  for (let dx = column === 0 ? 0 : -1; dx <= (column === side - 1 ? 0 : 1); dx++) {
    for (const dy of [-side, 0, side]) {
      const at = cell + dx + dy;
      if (at !== cell && at >= 0 && at < size) yield at;
    }
  }
}
