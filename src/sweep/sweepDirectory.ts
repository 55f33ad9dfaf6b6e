// The directory of a sweep: its file, its plan, and fixed places for the run and the log of each trial.
//
//   sweep.json      the sweep file and its experiments, as of the last call
//   plan/1.jsonl    the trials, a line each; an extension is another file, and none is ever changed
//   runs/0017/      an ordinary run directory
//   logs/0017.txt   what its processes printed
//   failures/       why a trial failed before it had a run
//   canceled/      marks: trials that must not be started
import path from 'node:path';
import { createFile } from '../files/replace';
import { filesIn, isFile, removeFile } from '../files/folder';
import type { Experiment } from '../experiment';
import { isRecord } from '../shared/isRecord';
import { ignoreInGit, slug } from '../run/directory';
import {
  folderInside,
  folderInsideAsync,
  inside,
  listFolder,
  makeFolder,
  onDisk,
  readIfExists,
  readIfExistsAsync,
  readJson,
  readJsonAsync,
  replaceFile,
} from '../run/diskAccess';
import { newerFile, notEmpty } from '../run/errors';
import { damagedSweep, noTrial, notASweep } from './errors';
import { parseSweep } from './parseSweep';
import type { SweepFile } from './schema';
import type { BaseExperiment } from './trialExperiment';

/** A trial of the plan. */
export interface Trial {
  /** From 1; the number never changes. */
  readonly trial: number;
  /** Index in the list of experiments. */
  readonly experiment: number;
  /** What distinguishes its setting: "experiment", "case" and the settings of the grid. */
  readonly axes: Readonly<Record<string, unknown>>;
  /** Index of its sample; null without samples. */
  readonly sample: number | null;
  readonly sampled: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Paths and values, in the order in which they apply to the experiment. */
  readonly settings: readonly (readonly [path: string, value: unknown])[];
  readonly threads: number;
  /** Its experiment with all settings, but not its name; validate it before use. */
  readonly resolved: Experiment;
}

/** The content of sweep.json. */
export interface SweepRecord {
  readonly name: string;
  /** The sweep file: its absolute path and its text. */
  readonly source: BaseExperiment;
  readonly experiments: readonly BaseExperiment[];
  /** Version of Earthmover. */
  readonly version: string;
}

/** A sweep with a plan. */
export interface Sweep extends SweepRecord {
  readonly directory: string;
  readonly file: SweepFile;
  readonly trials: readonly Trial[];
}

/** The name of the parts of a trial: `0017`. */
export const numbered = (trial: number): string => String(trial).padStart(4, '0');

/** Paths of a sweep. Reading the path of a folder throws a UserError if it is a link. */
export const sweepPaths = (directory: string) => ({
  record: inside(directory, 'sweep.json'),
  get plan() {
    return folderInside(directory, 'plan');
  },
  run: (trial: number): string => folderInside(directory, 'runs', numbered(trial)),
  log: (trial: number): string => inside(folderInside(directory, 'logs'), `${numbered(trial)}.txt`),
  failure: (trial: number): string => inside(folderInside(directory, 'failures'), `${numbered(trial)}.json`),
});

/** In the folder of logs: why the last process that an editor started failed, until another one works on the sweep. */
export const startProblemName = 'problem.json';

/** A process works on the sweep. */
export function forgetStartProblem(directory: string): void {
  const file = inside(folderInside(directory, 'logs'), startProblemName);
  onDisk('remove', file, () => removeFile(file));
}

/** The folder of the sweeps of a workspace. */
export const sweepsFolder = (root: string): string => inside(root, '.earthmover', 'sweeps');

/** Where the sweep of this name is kept, if nothing else is said. */
export const defaultSweepDirectory = (root: string, name: string): string => inside(sweepsFolder(root), slug(name));

const parts = ['sweep.json', 'plan', 'runs', 'logs', 'failures', 'canceled', 'submissions', 'script.sh', 'prepare.sh'];

/** Creates the directory of a sweep. Throws a UserError if it holds anything but a sweep. */
export function createSweepDirectory(directory: string): void {
  makeFolder(directory);
  const others = listFolder(directory).filter((name) => !parts.includes(name) && !name.endsWith('.tmp'));
  if (others.length > 0) throw notEmpty(directory, others);
  for (const name of ['plan', 'runs', 'logs', 'failures', 'canceled']) makeFolder(folderInside(directory, name));
  const above = path.dirname(path.dirname(directory));
  if (path.basename(above) === '.earthmover') ignoreInGit(above);
}

/** Whether there is a sweep in a directory. */
export const isSweepDirectory = (directory: string): boolean => listFolder(directory).includes('sweep.json');

/** Writes sweep.json. */
export function writeRecord(directory: string, { version: earthmover, ...record }: SweepRecord): void {
  const content = { format: 'earthmover-sweep', version: 1, earthmover, ...record };
  replaceFile(sweepPaths(directory).record, `${JSON.stringify(content, null, 2)}\n`, { sync: true });
}

/** Adds trials to the plan. Returns false if another process has extended it since it was read. */
export function appendTrials(directory: string, read: PlanParts, trials: readonly Trial[]): boolean {
  const file = inside(sweepPaths(directory).plan, `${read.parts + 1}.jsonl`);
  const text = trials.map((trial) => `${JSON.stringify(trial)}\n`).join('');
  return onDisk('write', file, () => createFile(file, text));
}

/** Opens a sweep for reading. Throws a UserError that names what is missing or damaged. */
export function openSweep(directory: string): Sweep {
  const root = path.resolve(directory);
  return withFile(readRecord(root), root, readPlan(root).trials);
}

function withFile(record: SweepRecord, directory: string, trials: readonly Trial[]): Sweep {
  const { sweep: file, problems } = parseSweep(record.source.text, record.source.path);
  if (file === undefined)
    throw damagedSweep(sweepPaths(directory).record, `its sweep is not valid: ${problems[0].message}`);
  return { ...record, directory, file, trials };
}

/** The trial with this number. Throws a UserError if there is none. */
export function trialOf({ directory, trials }: Sweep, number: string): Trial {
  const trial = /^\d{1,9}$/.test(number) ? trials[Number(number) - 1] : undefined;
  if (trial === undefined) throw noTrial(directory, number, trials.length);
  return trial;
}

/** `openSweep` without blocking: for the extension host. */
export async function openSweepAsync(directory: string): Promise<Sweep> {
  const root = path.resolve(directory);
  const record = recordIn(root, await readJsonAsync(inside(root, 'sweep.json'), maxBytes, recordAdvice));
  const plan = await folderInsideAsync(root, 'plan');
  const trials: Trial[] = [];
  for (let part = 1; ; part++) {
    const file = inside(plan, `${part}.jsonl`);
    const bytes = await readIfExistsAsync(file, maxBytes);
    if (bytes === undefined) return withFile(record, root, trials);
    addTrials(trials, file, bytes);
  }
}

const maxBytes = 1 << 28;
const recordAdvice = 'start the sweep again with --out DIR';

const readRecord = (directory: string): SweepRecord =>
  recordIn(directory, readJson(sweepPaths(directory).record, maxBytes, recordAdvice));

/** The record in the parsed content of sweep.json, which is undefined if it does not exist. */
function recordIn(directory: string, found: unknown): SweepRecord {
  const file = sweepPaths(directory).record;
  if (found === undefined) throw notASweep(directory, 'it has no sweep.json');
  if (!isRecord(found) || found.format !== 'earthmover-sweep')
    throw notASweep(directory, 'its sweep.json was not written by Earthmover');
  if (found.version !== 1) throw newerFile(file, found.version, 1);
  const { name, source, experiments, earthmover } = found;
  if (typeof name !== 'string' || !isText(source) || !Array.isArray(experiments) || !experiments.every(isText))
    throw damagedSweep(file, 'it does not contain a sweep and its experiments');
  return { name, source, experiments, version: typeof earthmover === 'string' ? earthmover : '' };
}

const isText = (value: unknown): value is BaseExperiment =>
  isRecord(value) && typeof value.path === 'string' && typeof value.text === 'string';

/** The trials of the plan, and the number of its files. */
export interface PlanParts {
  readonly parts: number;
  readonly trials: readonly Trial[];
}

/** Reads the plan: all its files in order. */
export function readPlan(directory: string): PlanParts {
  const { plan } = sweepPaths(directory);
  const trials: Trial[] = [];
  for (let part = 1; ; part++) {
    const file = inside(plan, `${part}.jsonl`);
    const bytes = readIfExists(file, maxBytes);
    if (bytes === undefined) return { parts: part - 1, trials };
    addTrials(trials, file, bytes);
  }
}

/** Adds the trials in the content of a file of the plan. */
function addTrials(trials: Trial[], file: string, bytes: Buffer): void {
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line === '') continue;
    const trial = parseLine(line);
    if (trial === undefined || trial.trial !== trials.length + 1)
      throw damagedSweep(file, `trial ${trials.length + 1} is missing or not valid`);
    trials.push(trial);
  }
}

function parseLine(line: string): Trial | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return isTrial(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isTrial = (value: unknown): value is Trial =>
  isRecord(value) &&
  [value.trial, value.experiment, value.seed, value.threads].every(Number.isSafeInteger) &&
  isRecord(value.axes) &&
  isRecord(value.sampled) &&
  (value.sample === null || Number.isSafeInteger(value.sample)) &&
  isRecord(value.resolved) &&
  Array.isArray(value.settings) &&
  value.settings.every((setting) => Array.isArray(setting) && typeof setting[0] === 'string' && setting.length === 2);

const markOf = (directory: string, trial: number | 'all'): string =>
  inside(folderInside(directory, 'canceled'), trial === 'all' ? 'all' : numbered(trial));

/** Marks a trial, or all, so that nothing starts them until `clearCanceled`. */
export function markCanceled(directory: string, trial: number | 'all'): void {
  makeFolder(folderInside(directory, 'canceled'));
  replaceFile(markOf(directory, trial), '', { sync: true });
}

/** Removes the marks of canceled trials; a folder is none. */
export function clearCanceled(directory: string): void {
  const folder = folderInside(directory, 'canceled');
  for (const name of marksIn(folder)) onDisk('remove', inside(folder, name), () => removeFile(inside(folder, name)));
}

/** A function that tells whether a trial is canceled, as of now. */
export const canceledTrials = (directory: string): ((trial: number) => boolean) =>
  canceledBy(new Set(marksIn(folderInside(directory, 'canceled'))));

const marksIn = (folder: string): string[] => onDisk('list', folder, () => filesIn(folder));

/** The same from the names in the folder of the marks. */
export const canceledBy =
  (names: ReadonlySet<string>) =>
  (trial: number): boolean =>
    names.has('all') || names.has(numbered(trial));

/** Whether a trial is canceled, as of now. */
export const isCanceled = (directory: string, trial: number): boolean =>
  isFile(markOf(directory, trial)) || isFile(markOf(directory, 'all'));
