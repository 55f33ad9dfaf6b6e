// Reproductions of the papers' claims: progress.json, which `earthmover reproduce` writes, and what the page shows.
import { type Check, count, listOf, object, oneOf, orNull, text } from './check';
import type { Checked } from './control';
import type { ProcessIdentity } from './status';

/** The file in the folder of a study that asks its process to stop, also between two trainings. */
export const stopFile = 'stop';

/** A training of a study. */
export interface StudyTraining {
  readonly name: string;
  readonly seed: number;
  /** The name of its run directory in runs/. */
  readonly run: string;
}

const progressStates = ['training', 'drawing', 'finished', 'interrupted', 'failed'] as const;

/** The content of progress.json, with the process that works on the study. */
export interface StudyProgress extends ProcessIdentity {
  readonly version: 1;
  readonly state: (typeof progressStates)[number];
  /** Why it failed; null otherwise. */
  readonly message: string | null;
  /** Trainings that have ended. */
  readonly done: number;
  /** All trainings, in order. */
  readonly trainings: readonly StudyTraining[];
}

/** What the page shows of a study of the catalog. */
export interface Reproduction {
  /** Its id in the catalog. */
  readonly study: string;
  /** `crashed` = its process exited unexpectedly. */
  readonly state: 'new' | 'starting' | 'crashed' | StudyProgress['state'];
  readonly message: string | null;
  readonly done: number;
  readonly trainings: readonly StudyTraining[];
  /** Steps of the current training; 0 of 0 before it reports them. */
  readonly step: number;
  readonly steps: number;
  readonly result: StudyResult | null;
}

/** A study that nobody has run yet. */
export const notRun = (study: string): Reproduction => ({
  study,
  state: 'new',
  message: null,
  done: 0,
  trainings: [],
  step: 0,
  steps: 0,
  result: null,
});

export interface StudyResult {
  readonly holds: boolean;
  readonly verdict: string;
  /** A URI that the page may load, which changes with the image; null if there is none. */
  readonly figure: string | null;
}

/** A name that stays in its folder. */
export const isRunName: Check = (value) => typeof value === 'string' && /^(?!\.)[A-Za-z0-9.-]{1,200}$/.test(value);

const trainings = listOf(object<StudyTraining>({ name: text, seed: count, run: isRunName }));

const isProgress = object<StudyProgress>({
  version: oneOf(1),
  pid: (value) => count(value) && (value as number) > 0,
  host: text,
  processStart: orNull(text),
  state: oneOf(...progressStates),
  message: orNull(text),
  done: count,
  trainings,
});

/** Validates a parsed progress.json. */
export const checkStudyProgress = (value: unknown): Checked<StudyProgress> =>
  isProgress(value) ? { value: value as StudyProgress } : { problem: 'it is not the progress of a study' };

const isResult = object<StudyResult>({
  holds: oneOf(true, false),
  verdict: text,
  figure: orNull(text),
});

export const isReproduction: Check = object<Reproduction>({
  study: text,
  state: oneOf('new', 'starting', 'crashed', ...progressStates),
  message: orNull(text),
  done: count,
  trainings,
  step: count,
  steps: count,
  result: orNull(isResult),
});
