// Downsamples curves to about the width of a chart, keeping the minimum and maximum of every bucket so that no peak is
// lost.

/** Chart points: `x` strictly increasing, and the values of each series; null for missing values. */
export interface Points {
  readonly x: readonly number[];
  readonly ys: readonly (readonly (number | null)[])[];
}

/**
 * Rows [from, to) of `series` over `steps`. More than `buckets` rows are grouped into buckets whose size is a power of
 * two and which start at multiples of it, so that the points of a growing curve do not change once their bucket is
 * full. A bucket becomes two points, the minimum and maximum of each series in their original order.
 */
export function downsample(
  steps: Float64Array,
  series: readonly (Float32Array | Float64Array)[],
  from: number,
  to: number,
  buckets: number,
): Points {
  let size = 1;
  while ((to - from) / size > buckets) size *= 2;
  const x: number[] = [];
  if (size === 1) {
    for (let i = from; i < to; i++) x.push(steps[i]);
    return { x, ys: series.map((values) => Array.from(values.subarray(from, to), orNull)) };
  }
  const ys = series.map((): (number | null)[] => []);
  for (let begin = from - (from % size); begin < to; begin += size) {
    const first = Math.max(begin, from);
    const end = Math.min(begin + size, to);
    x.push(steps[first]);
    if (end - first > 1) x.push(steps[end - 1]);
    series.forEach((values, s) => {
      const [a, b] = extremes(values, first, end);
      ys[s].push(a);
      if (end - first > 1) ys[s].push(b);
    });
  }
  return { x, ys };
}

/** The minimum and maximum finite values in [from, to), the earlier one first; a single value gives one point. */
function extremes(
  values: Float32Array | Float64Array,
  from: number,
  to: number,
): readonly [number | null, number | null] {
  let [low, high] = [-1, -1];
  let [least, most] = [Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value < least && value > -Infinity) {
      least = value;
      low = i;
    }
    if (value > most && value < Infinity) {
      most = value;
      high = i;
    }
  }
  if (low < 0) return [null, null];
  if (low === high && !values.subarray(low + 1, to).some(Number.isFinite)) return [least, null];
  return low <= high ? [least, most] : [most, least];
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
