// live/live.json: the position of a run during manual stepping or slow motion, next to its live preview image.
import { type Check, count, finite, oneOf, orNull, record } from './check';
import type { Checked } from './control';

/** A position between two updates of a run: the next update. */
export interface StepPosition {
  /** The step of the next update, counted from 1. */
  readonly step: number;
  readonly network: 'critic' | 'generator';
  /** Critic updates done in this step so far. */
  readonly criticUpdatesDone: number;
  /** Total critic updates of this step; null if a rule decides after each. */
  readonly criticUpdatesTotal: number | null;
}

export interface LivePreview extends StepPosition {
  readonly version: 1;
  /** The losses of the previous update by column; null if not finite. */
  readonly values: Readonly<Record<string, number | null>>;
}

/** The checks of all fields but the version. */
export const livePreviewFields: { readonly [Key in Exclude<keyof LivePreview, 'version'>]: Check } = {
  step: count,
  network: oneOf('critic', 'generator'),
  criticUpdatesDone: count,
  criticUpdatesTotal: orNull(count),
  values: (value) => record(value) && Object.values(value as object).every(orNull(finite)),
};

const checks: { readonly [Key in keyof LivePreview]: Check } = { version: oneOf(1), ...livePreviewFields };

/** Validates a parsed live.json. Unknown keys are allowed: a newer trainer may write more. */
export function checkLivePreview(value: unknown): Checked<LivePreview> {
  if (!record(value)) return { problem: 'it is not an object' };
  const wrong = (Object.keys(checks) as (keyof LivePreview)[]).find(
    (key) => !checks[key]((value as Partial<LivePreview>)[key]),
  );
  return wrong === undefined ? { value: value as LivePreview } : { problem: `its '${wrong}' is not valid` };
}
