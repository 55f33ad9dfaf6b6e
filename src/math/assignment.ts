// The linear assignment problem on a dense square matrix, solved exactly: the cheapest one-to-one pairing of rows and
// columns.
//
// Shortest augmenting paths: Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
// assignment problems", Computing 38, 1987; in the form of Crouse, "On implementing 2D rectangular assignment
// algorithms", IEEE Transactions on Aerospace and Electronic Systems 52, 2016, section III.

/** An optimal assignment with duals that certify it: uᵢ + vⱼ ≤ cᵢⱼ everywhere, with equality on the assigned pairs. */
interface Assignment {
  /** The column of each row. */
  readonly columns: Int32Array;
  /** Σᵢ c[i, columns[i]], summed from the costs themselves. */
  readonly cost: number;
  /** Dual of each row. */
  readonly u: Float64Array;
  /** Dual of each column. */
  readonly v: Float64Array;
}

/**
 * Solves min Σᵢ c[i, π(i)] over permutations π. `c` is row-major [n, n] and finite; any sign.
 * O(n³) time at worst, 0.05 to 1 s at n = 1024; O(n) memory in addition to the costs.
 */
export function assign(c: Float64Array, n: number): Assignment {
  if (c.length !== n * n) throw new Error(`assign: ${c.length} costs are not a ${n} by ${n} matrix`);
  if (!c.every(Number.isFinite)) throw new Error('assign: the costs are not finite');
  const u = new Float64Array(n);
  const v = columnMinima(c, n);
  const columns = new Int32Array(n).fill(-1); // of rows
  const rows = new Int32Array(n).fill(-1); // of columns
  const distance = new Float64Array(n); // of each column from the row being assigned, in reduced costs
  const parent = new Int32Array(n); // the row from which each column was reached
  const open = new Int32Array(n); // columns whose distance is not final, followed by those whose distance is

  for (let row = 0; row < n; row++) {
    // Dijkstra from `row` over reduced costs cᵢⱼ − uᵢ − vⱼ ≥ 0, until a free column is the nearest.
    distance.fill(Infinity);
    for (let k = 0; k < n; k++) open[k] = k;
    let opened = n;
    let shortest = 0;
    let i = row;
    let sink = -1;
    while (sink < 0) {
      const offset = shortest - u[i];
      let nearest = -1;
      let lowest = Infinity;
      for (let k = 0; k < opened; k++) {
        const j = open[k];
        const d = offset + c[i * n + j] - v[j];
        if (d < distance[j]) {
          distance[j] = d;
          parent[j] = i;
        }
        if (distance[j] < lowest || (distance[j] === lowest && rows[j] < 0)) {
          lowest = distance[j];
          nearest = k;
        }
      }
      shortest = lowest;
      const j = open[nearest];
      open[nearest] = open[--opened];
      open[opened] = j;
      if (rows[j] < 0) sink = j;
      else i = rows[j];
    }

    // Update the duals so that reduced costs stay non-negative and become zero along the path.
    u[row] += shortest;
    for (let k = opened; k < n; k++) {
      const j = open[k];
      const slack = shortest - distance[j];
      if (rows[j] >= 0) u[rows[j]] += slack;
      v[j] -= slack;
    }

    // Flip the pairs along the path.
    for (let j = sink; ; ) {
      const r = parent[j];
      const next = columns[r];
      rows[j] = r;
      columns[r] = j;
      if (r === row) break;
      j = next;
    }
  }

  let cost = 0;
  for (let i = 0; i < n; i++) cost += c[i * n + columns[i]];
  return { columns, cost, u, v };
}

/** vⱼ = minᵢ cᵢⱼ: feasible duals with u = 0, from which most rows find their column immediately. */
function columnMinima(c: Float64Array, n: number): Float64Array {
  const v = new Float64Array(n).fill(Infinity);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (c[i * n + j] < v[j]) v[j] = c[i * n + j];
    }
  }
  return v;
}
