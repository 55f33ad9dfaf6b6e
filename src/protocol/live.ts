// live/live.json: where a run is that is stepped by hand or in slow motion, beside the picture of its networks as they are there.
import { type Check, count, finite, oneOf, orNull, record } from './check';
import type { Checked } from './control';

/** A place between two updates of a run: which comes next. */
export interface Turn {
  /** The step that the update belongs to, counted from 1. */
  readonly step: number;
  readonly network: 'critic' | 'generator';
  /** Critic updates made in this step so far. */
  readonly made: number;
  /** Critic updates of this step in all; null where a rule decides after each. */
  readonly of: number | null;
}

export interface Live extends Turn {
  readonly version: 1;
  /** What the update before measured, by column; null where that is not finite. */
  readonly values: Readonly<Record<string, number | null>>;
}

const checks: { readonly [Key in keyof Live]-?: Check } = {
  version: (value) => value === 1,
  step: count,
  network: oneOf('critic', 'generator'),
  made: count,
  of: orNull(count),
  values: (value) => record(value) && Object.values(value as object).every(orNull(finite)),
};

/** Checks a parsed live.json. Keys that are not known are let through: a newer trainer may say more. */
export function checkLive(value: unknown): Checked<Live> {
  if (!record(value)) return { problem: 'it is not an object' };
  const wrong = (Object.keys(checks) as (keyof Live)[]).find((key) => !checks[key]((value as Partial<Live>)[key]));
  return wrong === undefined ? { value: value as Live } : { problem: `its '${wrong}' is not valid` };
}
