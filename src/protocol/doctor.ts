// The page of the doctor: what `earthmover doctor --json` found on this machine.
import { type Check, object, oneOf, orNull, text } from './check';

/**
 * `none`: something optional is not available. `warn`: training works, with a limitation. `fail`: training does not
 * work.
 */
export const checkLevels = ['ok', 'none', 'warn', 'fail'] as const;

export type CheckLevel = (typeof checkLevels)[number];

/** A line of `earthmover doctor --json`. */
export interface DoctorCheck {
  /** Its name, which the page translates. */
  readonly check: string;
  readonly level: CheckLevel;
  /** What was found, in English. */
  readonly text: string;
  /** What to do about it, for a terminal. */
  readonly todo: string | null;
}

export interface DoctorReport {
  /** Versions, one per line. */
  readonly about: string;
  /** The checks that have ended. */
  readonly checks: readonly DoctorCheck[];
  readonly checking: boolean;
  /** Why the checks could not be run to their end. */
  readonly problem: string | null;
}

/** What the buttons of the page do. */
export const doctorActions = [
  'checkAgain',
  'copyReport',
  'showLog',
  'installTensorflow',
  'openNodePath',
  'openRunsFolder',
  'showExtension',
] as const;

export type DoctorAction = (typeof doctorActions)[number];

export interface FromDoctor {
  readonly type: 'doctorAction';
  readonly action: DoctorAction;
}

export const isDoctorCheck: Check = object<DoctorCheck>({
  check: text,
  level: oneOf(...checkLevels),
  text,
  todo: orNull(text),
});
