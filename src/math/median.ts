// Medians of columns, in which NaN marks steps without a value.

/**
 * The median of the values that are not NaN: the mean of the middle two if their number is even, NaN if there are none.
 */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return middle(sorted, sorted.length);
}

/**
 * The running median of a curve over a centered window of `window` values (odd), shortened at the ends of the curve;
 * NaN values are ignored. 101 is the window of the curves of Arjovsky et al., "Wasserstein GAN", 2017: `medfilt(loss,
 * 101)` in the authors' notes, which pads with zeros at the ends. O(n w): a memory move of at most w values per step.
 */
export function medianFilter(values: ArrayLike<number>, window = 101): Float64Array {
  if (!Number.isInteger(window) || window < 1 || window % 2 === 0) throw new Error(`medianFilter: window is ${window}`);
  const n = values.length;
  const half = (window - 1) / 2;
  const out = new Float64Array(n);
  const sorted = new Float64Array(window + 1);
  let size = 0;

  const insert = (value: number) => {
    if (Number.isNaN(value)) return;
    const at = lowerBound(sorted, size, value);
    sorted.copyWithin(at + 1, at, size);
    sorted[at] = value;
    size++;
  };
  const remove = (value: number) => {
    if (Number.isNaN(value)) return;
    const at = lowerBound(sorted, size, value);
    sorted.copyWithin(at, at + 1, size);
    size--;
  };

  for (let i = 0; i < Math.min(half, n); i++) insert(values[i]);
  for (let i = 0; i < n; i++) {
    if (i + half < n) insert(values[i + half]);
    if (i - half > 0) remove(values[i - half - 1]);
    out[i] = middle(sorted, size);
  }
  return out;
}

/** The median of the first `size` values of an ascending array. */
function middle(sorted: Float64Array, size: number): number {
  const high = size >> 1;
  if (size === 0) return NaN;
  if (size % 2 === 1) return sorted[high];
  // Works for infinite values, and does not overflow.
  return sorted[high - 1] === sorted[high] ? sorted[high] : sorted[high - 1] / 2 + sorted[high] / 2;
}

/** The first position, among the first `size` values of an ascending array, with a value of at least `value`. */
function lowerBound(sorted: Float64Array, size: number, value: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const at = (low + high) >> 1;
    if (sorted[at] < value) low = at + 1;
    else high = at;
  }
  return low;
}
