// How fast a run goes now, from the times of its rows: what lies between the steps (samples, measures, checkpoints) counts too.

/** Far enough back to be calm, near enough to follow a change. */
const windowSeconds = 20;

/** No step and no picture takes this long where it takes a moment otherwise: the run was paused, or gone on with. */
const gapSeconds = 10;

/**
 * Seconds a step over the last 20 seconds of the curve, or over its last two rows where those are further apart; null where
 * there are no two, or the last two have a pause between them. `wallTime` is in Unix seconds; `median` is the length of a
 * step, from which a pause is told.
 */
export function secondsPerStep(step: Float64Array, wallTime: Float64Array, median: number | null): number | null {
  const last = step.length - 1;
  const gap = Math.max(gapSeconds, 10 * (median ?? 0));
  let first = last;
  while (first > 0 && wallTime[last] - wallTime[first] < windowSeconds) {
    const pause = wallTime[first] - wallTime[first - 1];
    if (pause < 0 || pause > gap) break;
    first--;
  }
  const seconds = wallTime[last] - wallTime[first];
  return first < last && seconds > 0 ? seconds / (step[last] - step[first]) : null;
}
