// The plan of a sweep: its trials with their numbers. It is only ever extended, and deterministic: the same file gives
// the same plan, on every machine and at every call.
import path from 'node:path';
import { parseExperiment, type Experiment } from '../experiment';
import { isRecord } from '../shared/isRecord';
import { firstFew, list, plural } from '../shared/text';
import { type CheckedTrial, type ValidSweep } from './checkSweep';
import { changedSweep, damagedSweep } from './errors';
import {
  appendTrials,
  createSweepDirectory,
  isSweepDirectory,
  openSweep,
  readPlan,
  sweepPaths,
  writeRecord,
  type Sweep,
  type SweepRecord,
  type Trial,
} from './sweepDirectory';
import { parseTrial } from './trialExperiment';

/** A sweep after planning, and how many trials this call added. */
export interface Planned {
  readonly sweep: Sweep;
  readonly added: number;
}

/**
 * Plans a sweep in a directory, or extends the plan that is there. Throws a UserError if that contradicts it, or if the
 * directory holds anything else.
 * @param version that of Earthmover
 */
export function planSweep(directory: string, valid: ValidSweep, version: string): Planned {
  createSweepDirectory(directory);
  for (let added = 0; ; ) {
    const read = readPlan(directory);
    const before = isSweepDirectory(directory) ? openSweep(directory) : null;
    const planned = planOf(directory, valid, read.trials, before).map(({ trial }) => trial);
    const more = planned.slice(read.trials.length);
    if (more.length > 0 && !appendTrials(directory, read, more)) continue;
    added += more.length;
    const { name, path: file, text, bases } = valid;
    writeRecord(directory, { name, source: { path: file, text }, experiments: bases, version });
    return { sweep: openSweep(directory), added };
  }
}

/** A trial of the plan, and as it is in the sweep file now; a smaller limit than before leaves it out there. */
export interface PlannedTrial {
  readonly trial: Trial;
  readonly checked?: CheckedTrial;
}

/** What `planSweep` would plan; writes nothing. */
export function previewPlan(
  directory: string,
  valid: ValidSweep,
): { readonly trials: readonly PlannedTrial[]; readonly added: number } {
  const before = isSweepDirectory(directory) ? openSweep(directory) : null;
  const trials = planOf(directory, valid, before?.trials ?? [], before);
  return { trials, added: trials.length - (before?.trials.length ?? 0) };
}

/** The trials of the plan followed by those of the file that it does not have. */
function planOf(directory: string, valid: ValidSweep, planned: readonly Trial[], before: Sweep | null): PlannedTrial[] {
  const left = new Map(valid.trials.map((trial) => [keyOf(trial, valid.bases), trial]));
  const unknown: Trial[] = [];
  const kept = planned.map((trial): PlannedTrial => {
    const key = keyOf(trial, before?.experiments ?? valid.bases);
    const checked = left.get(key);
    left.delete(key);
    if (checked === undefined) unknown.push(trial);
    else requireSame(directory, trial, checked);
    return { trial, checked };
  });
  // A smaller limit than before only plans no more trials.
  const limit = valid.file.limits?.trials ?? Infinity;
  if (unknown.length > 0 && planned.length <= limit) throw changedSweep(directory, goneOf(unknown, valid));
  const added = [...left.values()].slice(0, Math.max(0, limit - planned.length));
  return [
    ...kept,
    ...added.map((checked, index) => ({ trial: withNumber(checked, planned.length + index + 1), checked })),
  ];
}

const withNumber = (
  { experiment, axes, sample, sampled, seed, settings, resolved }: CheckedTrial,
  trial: number,
): Trial => ({
  trial,
  experiment,
  axes,
  sample,
  sampled,
  seed,
  settings: settings.map(({ path: at, value }) => [at, value] as const),
  threads: Number(resolved.threads),
  resolved,
});

/** What makes a trial of the file the same one as a trial of the plan. */
const keyOf = (
  { experiment, axes, sample, seed }: Pick<Trial, 'experiment' | 'axes' | 'sample' | 'seed'>,
  bases: SweepRecord['experiments'],
): string => {
  const sorted = Object.entries(axes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([experiment, path.basename(bases[experiment]?.path ?? ''), sorted, sample, seed]);
};

function goneOf(unknown: readonly Trial[], { trials }: ValidSweep): string {
  const names = (axes: Trial['axes']): string => Object.keys(axes).sort().join(', ');
  const [was, now] = [names(unknown[0].axes), names(trials[0].axes)];
  if (was !== now) return `it varies ${was || 'only the seed'}, and the file now ${now || 'only the seed'}.`;
  const which = firstFew(unknown.map(describeTrial), 2);
  return `the file no longer has ${plural(unknown.length, 'trial')} of the plan (${which}).`;
}

/** `trial 3: case "GAN", critic.width 64, sample 2, seed 1`. */
function describeTrial({ trial, axes, sample, seed }: Trial): string {
  const settings = Object.entries(axes).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `trial ${trial}: ${[...settings, ...(sample === null ? [] : [`sample ${sample + 1}`]), `seed ${seed}`].join(', ')}`;
}

/**
 * Throws a UserError if a trial of the plan has another experiment now. Settings that the Earthmover which planned it
 * did not have are no difference if they have their defaults.
 */
function requireSame(directory: string, trial: Trial, { resolved }: CheckedTrial): void {
  const unnamed = (experiment: Experiment): Experiment => ({ ...experiment, name: '' });
  if (JSON.stringify(unnamed(trial.resolved)) === JSON.stringify(unnamed(resolved))) return;
  const differences = differencesOf(unnamed(validTrial(directory, trial)), unnamed(resolved));
  if (differences.length > 0)
    throw changedSweep(directory, `in ${describeTrial(trial)}, ${list(differences.slice(0, 3))}.`);
}

/** `critic.width is 64 in the plan and 128 now`, for each setting in which two experiments differ. */
function differencesOf(was: unknown, now: unknown, at: readonly string[] = []): string[] {
  if (JSON.stringify(was) === JSON.stringify(now)) return [];
  if (isRecord(was) && isRecord(now)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(now)])];
    return keys.flatMap((key) => differencesOf(was[key], now[key], [...at, key]));
  }
  const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value)).slice(0, 60);
  return [`${at.join('.')} is ${shown(was)} in the plan and ${shown(now)} now`];
}

/** The experiment of a trial, and its source as a trainer needs it. */
export interface TrialExperiment {
  readonly experiment: Experiment;
  readonly source: {
    readonly path: string;
    readonly text: string;
    readonly place: ReturnType<typeof parseTrial>['place'];
  };
}

/** The experiment of a trial as it was planned, whatever the defaults are now. Throws a UserError if it is damaged. */
export function experimentOf(sweep: Sweep, trial: Trial): TrialExperiment {
  const { record } = sweepPaths(sweep.directory);
  const base = sweep.experiments[trial.experiment];
  if (base === undefined) throw damagedSweep(record, `the experiment of trial ${trial.trial} is missing`);
  const settings = trial.settings.map(([at, value]) => ({ path: at, value, at: [], written: false }));
  const experiment = { ...validTrial(sweep.directory, trial), name: `${sweep.name.slice(0, 190)} ${trial.trial}` };
  return { experiment, source: { ...base, place: parseTrial(base, settings).place } };
}

function validTrial(directory: string, { trial, resolved }: Trial): Experiment {
  const { plan } = sweepPaths(directory);
  const { experiment, problems } = parseExperiment(JSON.stringify(resolved), plan);
  if (experiment === undefined) throw damagedSweep(plan, `trial ${trial} is not valid: ${problems[0]?.message}`);
  return experiment;
}
