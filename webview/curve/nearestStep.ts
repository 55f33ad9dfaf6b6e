// Finds rows of a curve by their position on the x axis, and sample images by their step.

/** The row nearest to `x`, in [0, n − 1]; −1 without rows. */
export function nearestRow(xs: Float64Array, x: number): number {
  const n = xs.length;
  const at = firstRowAtOrAfter(xs, x);
  if (at === 0) return n === 0 ? -1 : 0;
  return at === n || x - xs[at - 1] <= xs[at] - x ? at - 1 : at;
}

/** The first row at or after `x`; n if there is none. */
export const firstRowAtOrAfter = (xs: Float64Array, x: number): number => firstRow(xs, (each) => each >= x);

/** The first row after `x`; n if there is none. */
export const firstRowAfter = (xs: Float64Array, x: number): number => firstRow(xs, (each) => each > x);

/** The first row with a property that all later rows have, too. */
function firstRow(xs: Float64Array, has: (x: number) => boolean): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const at = (low + high) >> 1;
    if (has(xs[at])) high = at;
    else low = at + 1;
  }
  return low;
}

/** The index of the sample nearest to `step`, or of the last one if `step` is null; −1 without samples. */
export function nearestSample(samples: readonly { readonly step: number }[], step: number | null): number {
  if (step === null || samples.length === 0) return samples.length - 1;
  let low = 0;
  let high = samples.length - 1;
  while (low < high) {
    const at = (low + high) >> 1;
    // The earlier of two that are equally near.
    if (step - samples[at].step <= samples[at + 1].step - step) high = at;
    else low = at + 1;
  }
  return low;
}
