// Finds rows of a curve and sample images by their step.

/** The row whose step is nearest to `step`, in [0, n − 1]; −1 without rows. */
export function nearestRow(steps: Float64Array, step: number): number {
  const n = steps.length;
  const at = firstRowAtOrAfter(steps, step);
  if (at === 0) return n === 0 ? -1 : 0;
  return at === n || step - steps[at - 1] <= steps[at] - step ? at - 1 : at;
}

/** The first row whose step is at least `step`; n if there is none. */
export function firstRowAtOrAfter(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const at = (low + high) >> 1;
    if (steps[at] < step) low = at + 1;
    else high = at;
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
