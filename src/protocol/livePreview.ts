// live/live.json: where a run is that is stepped by hand or in slow motion, beside the picture of its networks as they are there.
import { type Check, count, finite, oneOf, orNull, record } from './check';
import type { Checked } from './control';

/** A place between two updates of a run: which comes next. */
export interface StepPosition {
  /** The step that the update belongs to, counted from 1. */
  readonly step: number;
  readonly network: 'critic' | 'generator';
  /** Critic updates made in this step so far. */
  readonly criticUpdatesDone: number;
  /** Critic updates of this step in all; null where a rule decides after each. */
  readonly criticUpdatesTotal: number | null;
}

export interface LivePreview extends StepPosition {
  readonly version: 1;
  /** What the update before measured, by column; null where that is not finite. */
  readonly values: Readonly<Record<string, number | null>>;
}

const checks: { readonly [Key in keyof LivePreview]-?: Check } = {
  version: (value) => value === 1,
  step: count,
  network: oneOf('critic', 'generator'),
  criticUpdatesDone: count,
  criticUpdatesTotal: orNull(count),
  values: (value) => record(value) && Object.values(value as object).every(orNull(finite)),
};

/** Checks a parsed live.json. Keys that are not known are let through: a newer trainer may say more. */
export function checkLivePreview(value: unknown): Checked<LivePreview> {
  if (!record(value)) return { problem: 'it is not an object' };
  const wrong = (Object.keys(checks) as (keyof LivePreview)[]).find(
    (key) => !checks[key]((value as Partial<LivePreview>)[key]),
  );
  return wrong === undefined ? { value: value as LivePreview } : { problem: `its '${wrong}' is not valid` };
}
