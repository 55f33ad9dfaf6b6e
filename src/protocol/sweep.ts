// The page of a sweep: its plan, the states of its trials, and what the page asks for.
import { median } from '../math/median';
import { type Check, count, finite, listOf, object, oneOf, orNull, text } from './check';

/**
 * `waiting`: not begun. `canceled`: not begun, and nothing starts it before the sweep is resumed. `running`: a process
 * works on it. `exited`: its process exited without an end, or has been silent for long on another machine; the trial
 * resumes from its checkpoint.
 */
export const trialStates = [
  'waiting',
  'canceled',
  'running',
  'interrupted',
  'exited',
  'stopped',
  'finished',
  'diverged',
  'failed',
] as const;

export type TrialState = (typeof trialStates)[number];

/** States of trials that have ended: they stay as they are unless the sweep is resumed. */
export const isResult = (state: TrialState): boolean => ['finished', 'diverged', 'stopped', 'failed'].includes(state);

/** States of trials that count for a share of those that ended: a stopped one has trained less than the others. */
export const isOutcome = (state: TrialState): boolean => ['finished', 'diverged', 'failed'].includes(state);

/** What a sweep has trained of a trial. */
export interface TrialPace {
  readonly state: TrialState;
  readonly step: number;
  /** Steps in all; 0 if they are not known before the trial has begun. */
  readonly steps: number;
  /** Time spent on it so far. */
  readonly seconds: number;
}

/**
 * Seconds until all trials have ended if as many run as now, at the median pace of all that have begun; null if none
 * runs, or no step has been made. Of trials whose steps are not known, the median of the others is taken.
 */
export function sweepSecondsLeft(trials: readonly TrialPace[]): number | null {
  const running = trials.filter(({ state }) => state === 'running').length;
  const begun = trials.filter(({ step, seconds }) => step > 0 && seconds > 0);
  if (running === 0 || begun.length === 0) return null;
  const secondsPerStep = median(begun.map(({ step, seconds }) => seconds / step));
  const usualSteps = median(begun.map(({ steps }) => steps));
  const left = trials
    .filter(({ state }) => !isResult(state) && state !== 'canceled')
    .reduce((sum, { step, steps }) => sum + Math.max(0, (steps || usualSteps) - step), 0);
  return (left * secondsPerStep) / running;
}

/** The value of a setting; null if the trial does not have the setting. */
export type SettingValue = string | number | null;

export interface PlannedTrial {
  /** From 1. */
  readonly trial: number;
  /** In the order of the sweep's settings. */
  readonly values: readonly SettingValue[];
  /** From 1; null without samples. */
  readonly sample: number | null;
  readonly seed: number;
}

/** How trials are compared. */
export interface SweepComparison {
  readonly metric: string;
  readonly maximize: boolean;
  readonly thresholds: readonly number[];
}

/** What does not change while a sweep runs. */
export interface SweepPlan {
  /** By which the extension finds the sweep after a reload. */
  readonly directory: string;
  readonly name: string;
  /** How many trials the sweep file has; more than are planned if it is limited. */
  readonly ofFile: number;
  /** The settings in which trials differ, apart from the seed. */
  readonly settings: readonly string[];
  /** Those of them that are cases or part of the grid, not drawn. */
  readonly grid: readonly string[];
  /** Null if no metric of the samples is measured. */
  readonly comparison: SweepComparison | null;
  readonly trials: readonly PlannedTrial[];
}

export interface TrialProgress extends TrialPace {
  readonly trial: number;
  /** Its result; null if it has not finished, or has no finite value. */
  readonly value: number | null;
  /** Why it ended, as a sentence. */
  readonly message: string | null;
}

export type SweepMessage =
  | { readonly type: 'sweep'; readonly plan: SweepPlan }
  /** A button has had its effect, or has none. */
  | { readonly type: 'sweepAnswered'; readonly request: 'resumeSweep' | 'cancelSweep' }
  /** The trials that have changed. */
  | {
      readonly type: 'trials';
      readonly trials: readonly TrialProgress[];
      /** A process works on the sweep. */
      readonly active: boolean;
      /** The sweep was canceled and has not been resumed. */
      readonly canceled: boolean;
      /** Slurm has accepted trials of it. */
      readonly submitted: boolean;
      /** Why the last process that the editor has started failed, as a sentence; null if it has not. */
      readonly problem: string | null;
    };

/** From the page of a sweep. */
export type FromSweepPage =
  /** Opens the monitor of a trial. */
  | { readonly type: 'openTrial'; readonly trial: number }
  | { readonly type: 'openTrialLog'; readonly trial: number }
  /** Copies the settings of a trial to a new experiment file. */
  | { readonly type: 'copyTrial'; readonly trial: number }
  /** Opens a comparison of the runs of these trials. */
  | { readonly type: 'compareTrials'; readonly trials: readonly number[] }
  /** Trains the trials that have not ended; with `failed`, also those that have failed. */
  | { readonly type: 'resumeSweep'; readonly failed: boolean }
  | { readonly type: 'cancelSweep' }
  | { readonly type: 'openSweepFile' }
  | { readonly type: 'openSweepLog' }
  | { readonly type: 'revealSweep' };

const trial: Check = (value) => count(value) && (value as number) > 0;
const settingValue: Check = orNull((value) => text(value) || finite(value));
const flag = oneOf(true, false);

const isSweepPlan: Check = object<SweepPlan>({
  directory: text,
  name: text,
  ofFile: count,
  settings: listOf(text),
  grid: listOf(text),
  comparison: orNull(object<SweepComparison>({ metric: text, maximize: flag, thresholds: listOf(finite) })),
  trials: listOf(object<PlannedTrial>({ trial, values: listOf(settingValue), sample: orNull(trial), seed: count })),
});

const isTrialProgress: Check = object<TrialProgress>({
  trial,
  state: oneOf(...trialStates),
  step: count,
  steps: count,
  seconds: finite,
  value: orNull(finite),
  message: orNull(text),
});

/** The checks of the fields of each message to the page. */
export const sweepMessages = {
  sweepAnswered: { request: oneOf('resumeSweep', 'cancelSweep') },
  sweep: { plan: isSweepPlan },
  trials: { trials: listOf(isTrialProgress), active: flag, canceled: flag, submitted: flag, problem: orNull(text) },
};

/** The checks of the fields of each message from the page. */
export const fromSweepPage = {
  openTrial: { trial },
  openTrialLog: { trial },
  copyTrial: { trial },
  compareTrials: { trials: listOf(trial) },
  resumeSweep: { failed: flag },
  cancelSweep: {},
  openSweepFile: {},
  openSweepLog: {},
  revealSweep: {},
};
