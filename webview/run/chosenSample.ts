// Which picture is shown: the latest, or the one that the user looks at.

/** The index of the sample at `step`, or of the nearest one where that is gone (a resumed run began before it); of the last for null; −1 where there are none. */
export function chosenSample(samples: readonly { readonly step: number }[], step: number | null): number {
  if (step === null) return samples.length - 1;
  let best = samples.length - 1;
  samples.forEach((sample, i) => {
    if (Math.abs(sample.step - step) < Math.abs(samples[best].step - step)) best = i;
  });
  return best;
}
