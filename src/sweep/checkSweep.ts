// Checks a sweep file with all its trials: each experiment is parsed and linted, and problems are told once.
import path from 'node:path';
import { maxTrials } from '../catalog';
import { errno } from '../files/errno';
import { diskReason } from '../files/diskReason';
import { readOrdinary } from '../files/ordinaryFile';
import { lintExperiment } from '../experiment/lint';
import { lintModuleFiles } from '../experiment/moduleFiles';
import type { Experiment } from '../experiment';
import { byPlace, type Problem } from '../experiment/problem';
import { firstFew, grouped, plural } from '../shared/text';
import { nameOfSweep, parseSweep, type ParsedSweep } from './parseSweep';
import type { SweepFile } from './schema';
import { lintSweep, type SweepFinding } from './sweepRules';
import { parseTrial, type BaseExperiment } from './trialExperiment';
import { combinations, experimentsOf, maxCombinations, trialsOf, type TrialSpec } from './trials';

/** A trial with its resolved experiment, which has its seed and threads, but not its name. */
export interface CheckedTrial extends TrialSpec {
  readonly resolved: Experiment;
}

/** A sweep without errors. */
export interface ValidSweep {
  /** Absolute path of the file. */
  readonly path: string;
  readonly text: string;
  readonly name: string;
  readonly file: SweepFile;
  readonly bases: readonly BaseExperiment[];
  readonly trials: readonly CheckedTrial[];
}

export interface CheckedSweep {
  /** Present if no problem is an error. */
  readonly sweep?: ValidSweep;
  readonly problems: readonly Problem[];
}

export interface CheckOptions {
  /** Plans at most this many trials, in place of "limits.trials". */
  readonly trials?: number;
  /** Checks at most this many trials: for an editor, at every edit. */
  readonly most?: number;
  /** Reads a file; by default from the disk. */
  readonly read?: (file: string) => string;
}

/** Checks the text of a sweep file; reads the experiments that it names. Never throws for what is in a file. */
export function checkSweep(text: string, file: string, options: CheckOptions = {}): CheckedSweep {
  const parsed = parseSweep(text, file);
  const { sweep: found } = parsed;
  if (found === undefined) return { problems: parsed.problems };
  const sweep = withLimit(found, options.trials);
  const unread: Problem[] = [];
  const bases = experimentsOf(sweep).map((name, index): BaseExperiment => {
    const base = path.resolve(path.dirname(path.resolve(file)), name);
    try {
      return { path: base, text: (options.read ?? readText)(base) };
    } catch (error) {
      unread.push(unreadable(parsed, sweep, index, error));
      return { path: base, text: '' };
    }
  });
  const tooMany = tooManyTrials(parsed, sweep);
  if (unread.length > 0 || tooMany !== undefined) return { problems: tooMany ? [...unread, tooMany] : unread };
  const { trials, problems } = checkTrials(parsed, sweep, bases, options.most);
  const sweepProblems = lintSweep(
    sweep,
    trials.map(({ resolved }) => resolved),
  ).map(parsed.place);
  const all = [...sweepProblems, ...problems, ...noTrials(parsed, trials.length + problems.length)];
  if (all.some(({ severity }) => severity === 'error')) return { problems: all.sort(byPlace) };
  const valid = { path: path.resolve(file), text, name: nameOfSweep({ sweep, file }), file: sweep, bases, trials };
  return { sweep: valid, problems: all.sort(byPlace) };
}

/** An experiment file has at most 1 MiB; the parser says so. */
const readText = (file: string): string => readOrdinary(file, 1 << 26, 'follow').toString('utf8');

const withLimit = (sweep: SweepFile, trials: number | undefined): SweepFile =>
  trials === undefined ? sweep : { ...sweep, limits: { ...sweep.limits, trials: Math.min(trials, maxTrials) } };

function unreadable({ place }: ParsedSweep, sweep: SweepFile, index: number, error: unknown): Problem {
  const name = experimentsOf(sweep)[index];
  const at = typeof sweep.experiment === 'string' ? ['experiment'] : ['experiment', index];
  const advice =
    errno(error) === 'ENOENT' ? 'Paths start at the folder of the sweep file.' : 'Check the path and its permissions.';
  const message = `The experiment file "${name}" cannot be read: ${diskReason(error)}. ${advice}`;
  return place({
    severity: 'error',
    code: 'experiment-missing',
    message,
    path: at,
    target: 'value',
  } satisfies SweepFinding);
}

function tooManyTrials({ place }: ParsedSweep, sweep: SweepFile): Problem | undefined {
  const count = combinations(sweep);
  const limit = sweep.limits?.trials ?? null;
  if (count <= maxTrials || (limit !== null && count <= maxCombinations)) return undefined;
  const most = limit === null ? maxTrials : maxCombinations;
  const message =
    `The sweep has ${grouped(count)} combinations; at most ${grouped(most)} are possible. ` +
    `Use fewer values${limit === null ? ', or plan the first ones with "limits": { "trials": 1000 }' : ''}.`;
  const at = sweep.over ? ['over'] : sweep.sample ? ['sample', 'count'] : ['seeds'];
  return place({
    severity: 'error',
    code: 'too-many-trials',
    message,
    path: at,
    target: 'value',
  } satisfies SweepFinding);
}

function noTrials({ place }: ParsedSweep, count: number): Problem[] {
  if (count > 0) return [];
  const message = 'The rules of "skip" leave no trial.';
  return [
    place({ severity: 'error', code: 'no-trials', message, path: ['skip'], target: 'key' } satisfies SweepFinding),
  ];
}

function checkTrials(
  parsed: ParsedSweep,
  sweep: SweepFile,
  bases: readonly BaseExperiment[],
  most = maxTrials,
): { readonly trials: CheckedTrial[]; readonly problems: Problem[] } {
  const limit = Math.min(sweep.limits?.trials ?? maxTrials, most);
  const trials: CheckedTrial[] = [];
  const collected = collectProblems();
  let count = 0;
  for (const spec of trialsOf(sweep)) {
    if (count === limit) break;
    count++;
    const trial = parseTrial(bases[spec.experiment], spec.settings, parsed.place);
    const folder = path.dirname(bases[spec.experiment].path);
    collected.add(count, [...trial.problems, ...lintExperiment(trial), ...lintModuleFiles(trial, folder)]);
    if (trial.experiment) trials.push({ ...spec, resolved: forTrial(trial.experiment, sweep, spec.seed) });
  }
  return { trials, problems: collected.problems(count) };
}

/** The threads are fixed: the last bits of the numbers depend on them, and must not depend on the machine. */
const forTrial = (experiment: Experiment, { slurm }: Pick<SweepFile, 'slurm'>, seed: number): Experiment => ({
  ...experiment,
  seed,
  seeds: 1,
  threads: experiment.threads === 'auto' ? (slurm?.cpus ?? 1) : experiment.threads,
});

/** Tells a problem that many trials have once, with their number and the first of them. */
export function collectProblems() {
  const found = new Map<string, { readonly problem: Problem; readonly trials: number[] }>();
  return {
    add: (trial: number, problems: readonly Problem[]): void => {
      for (const problem of problems) {
        const { file, offset, length, code, message } = problem;
        // Values differ from trial to trial.
        const kind = JSON.stringify([file, offset, length, code, message.replace(/-?\d[\d.]*(e[+-]?\d+)?/g, '#')]);
        const known = found.get(kind);
        if (known === undefined) found.set(kind, { problem, trials: [trial] });
        else if (known.trials.at(-1) !== trial) known.trials.push(trial);
      }
    },
    problems: (count: number): Problem[] =>
      [...found.values()].map(({ problem, trials }) => {
        if (trials.length === count) return problem;
        const which = firstFew(trials.map(String), 3);
        const where =
          trials.length === 1 ? `In trial ${which}.` : `In ${plural(trials.length, 'trial')} of ${count}: ${which}.`;
        return { ...problem, message: `${problem.message} ${where}` };
      }),
  };
}
