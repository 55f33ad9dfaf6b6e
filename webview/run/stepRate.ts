// The current speed of a run from the times of its rows, including the time for samples, metrics and checkpoints.

/** Long enough to be steady, short enough to follow changes. */
const windowSeconds = 20;

/** A longer gap between fast steps means that the run was paused or resumed. */
const gapSeconds = 10;

/**
 * Seconds per step over the last 20 seconds of the curve, or over its last two rows if those are further apart; null
 * without two rows, or if the last two have a pause between them. `wallTime` is in Unix seconds; `median` is the
 * median step duration, used to recognize pauses.
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
