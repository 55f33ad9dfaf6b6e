// `earthmover sweep FILE --dry-run`: checks all that the trials need, and shows what would be trained.
import { formatBytes, grouped, plural } from '../../shared/text';
import type { ValidSweep } from '../../sweep/checkSweep';
import { costOf, type SweepCost } from '../../sweep/cost';
import { previewPlan } from '../../sweep/plan';
import { allKeys, cellOf, settingOf } from '../../sweep/resultTables';
import type { Sweep, Trial } from '../../sweep/sweepDirectory';
import { stateOf, stateTexts, type TrialState } from '../../sweep/trialState';
import type { Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { duration } from '../format';
import { toJson } from '../output';
import { shortPath } from '../summary';
import { checkTrialInputs } from './checkTrialInputs';
import { limitText } from './describeSweep';
import { runnerNamed } from './runners';
import { tableLines } from './tableLines';
import { isWanted, type Retries } from './wantedTrials';

interface DryRunOptions extends Retries {
  readonly on?: string;
  readonly json?: boolean;
  readonly atOnce: number | null;
  readonly prepare: boolean;
}

/** Returns the exit code. Writes nothing. Throws a UserError with the problems of the trials. */
export async function dryRun(
  { out, err }: Context,
  directory: string,
  valid: ValidSweep,
  { on, json, atOnce, prepare, ...retries }: DryRunOptions,
): Promise<number> {
  const { trials: planned, added } = previewPlan(directory, valid);
  const runner = await runnerNamed(on);
  const trials = planned.map(({ trial }) => trial);
  const states = trials.map(({ trial }) => stateOf(directory, trial).state);
  const wanted = planned.filter((_, k) => isWanted(states[k], retries));
  const problems = await checkTrialInputs(
    valid,
    wanted.flatMap(({ trial, checked }) => (checked ? [{ number: trial.trial, checked }] : [])),
    runner.id === 'local',
  );
  if (problems.length > 0) throw errors.invalidExperiment(problems, 'sweep');
  const left = wanted.map(({ trial }) => trial);
  const sweep: Sweep = {
    ...{ directory, name: valid.name, source: valid, experiments: valid.bases, version: '', file: valid.file, trials },
  };
  const lines = await runner.preview({ sweep, trials: left, atOnce, prepare });
  const cost = costOf(
    directory,
    process.cwd(),
    trials,
    left.map(({ resolved }) => resolved),
  );
  if (json) {
    const plan = trials.map(({ trial, axes, sample, sampled, seed }, k) => {
      return { trial, axes, sample, sampled, seed, state: states[k] };
    });
    const counts = { trials: trials.length, added, left: left.length };
    out.line(toJson({ event: 'dry-run', directory, ...counts, ...cost, lines, plan }));
    return exitCode.ok;
  }
  out.line(
    `${plural(trials.length, 'trial')} in ${shortPath(directory)}: ${grouped(added)} new, ${grouped(left.length)} to train.`,
  );
  const limit = limitText(sweep);
  if (limit !== null) out.line(limit);
  out.line();
  for (const line of trialLines(trials, states)) out.line(line);
  out.line();
  if (left.length > 0) out.line(costText(cost));
  for (const line of lines) out.line(line);
  err.line('Nothing was started.');
  return exitCode.ok;
}

/** More trials than this are shown by the first and the last ones. */
const most = 40;
const ends = 3;

/** A row for each trial with its settings and, if some have begun, its state. */
function trialLines(trials: readonly Trial[], states: readonly TrialState[]): string[] {
  const shown = trials.length <= most ? trials : [...trials.slice(0, most - ends), ...trials.slice(-ends)];
  const keys = allKeys(trials);
  const someBegan = states.some((state) => state !== 'waiting');
  const rows = shown.map((trial) => [
    trial.trial,
    ...keys.map((key) => cellOf(settingOf(trial, key))),
    ...(someBegan ? [stateTexts[states[trial.trial - 1]]] : []),
  ]);
  const lines = tableLines({ columns: ['trial', ...keys, ...(someBegan ? ['state'] : [])], rows });
  if (shown.length === trials.length) return lines;
  const hidden = `… ${grouped(trials.length - shown.length)} more trials; --json lists all`;
  return [...lines.slice(0, -ends), hidden, ...lines.slice(-ends)];
}

function costText({ steps, files, seconds, bytes, measuredBy }: SweepCost): string {
  const size = `${grouped(steps)} steps, about ${grouped(files)} files`;
  if (seconds === null || bytes === null)
    return `${size}. The time and space are known when a trial has finished; --max 1 trains only the first.`;
  const basis = measuredBy === 'trials' ? 'the trials that have finished' : 'earlier runs on such data and networks';
  return `${size}, ${formatBytes(bytes)}, and ${duration(seconds)} one after another, by ${basis}.`;
}
