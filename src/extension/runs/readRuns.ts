// Reads the runs in the given folders; files that have not changed are not read again.
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Liveness, RunStatus } from '../../protocol/status';
import { noAnnotations, readAnnotations } from '../../run/annotations';
import { readManifestAsync, runPaths, type RunParent } from '../../run/directory';
import { errno } from '../../files/errno';
import { recentCount, recentMedian } from '../../math/recentMedian';
import { openMetrics } from '../../run/metricsReader';
import { findLiveness, readStatusAsync } from '../../run/status';

export interface Run {
  readonly directory: string;
  /** The name that the user gave the run, else that of its experiment. */
  readonly name: string;
  /** The name of the experiment; of the folder if that cannot be read. */
  readonly experimentName: string;
  /** The resolved experiment, not validated: another version may have written it. Null if it cannot be read. */
  readonly experiment: unknown;
  /** The checkpoint that it began with, if it is a fork. */
  readonly parent: Pick<RunParent, 'directory' | 'step'> | null;
  readonly tags: readonly string[];
  readonly notes: string;
  /** The path of the experiment file that it was started from; null if it cannot be read. */
  readonly source: string | null;
  /** Null before the trainer has written one, and if it is damaged. */
  readonly status: RunStatus | null;
  readonly liveness: Liveness | null;
  /** The estimate as the monitor shows it, a median over the last steps; null before the first. */
  readonly estimate: number | null;
  /** What the objective estimates, such as K·W; '' before the first. */
  readonly estimateLabel: string;
  /** Why there is no status. */
  readonly problem: string | null;
}

interface RunIndex {
  /**
   * All runs in these folders, newest first. If there are many, the first call gives the newest to `onNewest` before it
   * reads the others.
   */
  read(folders: readonly string[], onNewest?: (runs: readonly Run[]) => void): Promise<readonly Run[]>;
}

/** Whether a process seems to be working on the run. */
export const isLive = ({ liveness }: Pick<Run, 'liveness'>): boolean =>
  liveness === 'alive' || liveness === 'stalled' || liveness === 'elsewhere';

/** The runs that were trained together with `run`, including itself, by seed: `<base>-seed-<k>`. */
export function seedsOf(run: Pick<Run, 'directory'>, all: readonly Run[]): readonly Run[] {
  const base = seedBase(run.directory);
  if (base === undefined) return [];
  return all
    .filter(({ directory }) => seedBase(directory) === base)
    .sort((a, b) => seedNumber(a.directory) - seedNumber(b.directory));
}

const seedForm = /^(.*)-seed-(\d+)$/;
const seedBase = (directory: string): string | undefined => seedForm.exec(directory)?.[1];
const seedNumber = (directory: string): number => Number(seedForm.exec(directory)?.[2]);

/** A run and the one of its experiment before it, the older one first; undefined if it is the first. */
export function withPrevious(directory: string, all: readonly Run[]): readonly [Run, Run] | undefined {
  const at = all.findIndex((run) => run.directory === directory);
  const run = all[at] as Run | undefined;
  const previous = run && all.slice(at + 1).find((other) => isOfSameExperiment(run, other));
  return run && previous && [previous, run];
}

const isOfSameExperiment = (a: Run, b: Run): boolean =>
  a.experimentName === b.experimentName || (a.source !== null && a.source === b.source);

export function createRunIndex(): RunIndex {
  let known = new Map<string, Entry>();
  return {
    async read(folders, onNewest = () => {}) {
      const directories = (await Promise.all(folders.map(runDirectories))).flat().sort(newestFirst);
      const entries: Entry[] = [];
      const readAll = async (some: readonly string[]) => {
        const read = await mapConcurrently(some, (directory) => readEntry(directory, known.get(directory)));
        entries.push(...read.filter((entry) => entry !== null));
      };
      const first = known.size === 0 ? directories.slice(0, atFirst) : [];
      await readAll(first);
      if (first.length > 0 && first.length < directories.length) onNewest(entries.map(({ run }) => run));
      await readAll(directories.slice(first.length));
      known = new Map(entries.map((entry) => [entry.run.directory, entry]));
      return entries.map(({ run }) => run);
    },
  };
}

/** More runs than a view shows without scrolling. */
const atFirst = 100;

/** The names of folders begin with the time. */
const newestFirst = (a: string, b: string): number => (path.basename(a) < path.basename(b) ? 1 : -1);

/** Runs that are read at the same time; a thousand at once take twice as long, and more memory. */
const maxConcurrent = 16;

/** The results of `work` for each item, in order. */
async function mapConcurrently<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, worker));
  return results;
}

/** A run and the stamps of the files that it was read from. */
interface Entry {
  readonly run: Run;
  readonly stamp: string;
}

async function runDirectories(runs: string): Promise<string[]> {
  try {
    const entries = await readdir(runs, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(runs, name));
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return [];
  }
}

/** Null for an empty folder: a run that is being created, or could not begin. */
async function readEntry(directory: string, before: Entry | undefined): Promise<Entry | null> {
  const { experiment: manifest, annotations } = runPaths(directory);
  const files = [path.join(directory, 'status.json'), manifest, annotations];
  const stamps = await Promise.all(files.map(stampOf));
  const [, experiment, annotated] = stamps;
  const stamp = stamps.join(' ');
  if (experiment === 'ENOENT' && (await isEmpty(directory))) return null;
  if (before?.stamp !== stamp) return { run: await open(directory, annotated !== 'ENOENT'), stamp };
  // The file does not change any more if the trainer has crashed.
  const { run } = before;
  const now = run.status && (await findLiveness(run.status));
  return now === run.liveness ? before : { run: { ...run, liveness: now }, stamp };
}

const isEmpty = (directory: string): Promise<boolean> =>
  readdir(directory).then(
    (names) => names.length === 0,
    () => false,
  );

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await lstat(file);
    return `${mtimeMs}:${size}:${ino}`;
  } catch (error) {
    return errno(error) ?? 'unreadable';
  }
}

async function open(directory: string, isAnnotated: boolean): Promise<Run> {
  const { name: givenName, tags, notes } = isAnnotated ? await readAnnotations(directory) : noAnnotations;
  const folder = path.basename(directory);
  let run: Run = {
    directory,
    name: givenName || folder,
    experimentName: folder,
    experiment: null,
    parent: null,
    tags,
    notes,
    source: null,
    status: null,
    liveness: null,
    estimate: null,
    estimateLabel: '',
    problem: null,
  };
  try {
    const { experiment, source, parent = null } = await readManifestAsync(directory);
    const experimentName = nameOf(experiment) ?? folder;
    run = { ...run, name: givenName || experimentName, experimentName, experiment, parent, source: source.path };
    const status = await readStatusAsync(directory);
    if (status === null) return { ...run, problem: 'The training exited before its first step; see its log.' };
    return { ...run, status, liveness: await findLiveness(status), ...(await lastEstimate(directory)) };
  } catch (error) {
    // Whatever is wrong with one run, the others are listed.
    return { ...run, problem: error instanceof Error ? error.message : String(error) };
  }
}

function nameOf(experiment: unknown): string | undefined {
  const { name } = experiment as { name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

const noEstimate = { estimate: null, estimateLabel: '' };

async function lastEstimate(directory: string): Promise<Pick<Run, 'estimate' | 'estimateLabel'>> {
  try {
    const metrics = await openMetrics(runPaths(directory).metrics);
    try {
      const { rows } = metrics;
      const column = metrics.columns.find(({ name }) => name === 'estimate');
      if (rows === 0 || column === undefined) return noEstimate;
      const { columns } = await metrics.read(Math.max(0, rows - recentCount(rows)), rows);
      const estimate = recentMedian(rows, columns.estimate);
      return { estimate: Number.isFinite(estimate) ? estimate : null, estimateLabel: column.label };
    } finally {
      await metrics.close();
    }
  } catch {
    // The curve is created after the status and may be truncated at this moment; the estimate is optional here.
    return noEstimate;
  }
}
