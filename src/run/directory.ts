// The run directory: making one, opening one, taking one over, and its name.
import fs from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../protocol/status';
import { acquireLock } from './runLock';
import { clearCommands } from './control';
import { errno } from '../files/errno';
import { alreadyARun, damagedFile, newerFile, notARun, runError } from './errors';
import { inside, onDisk, readJson, replaceFile } from './files';
import { readStatus, startStatus, type StatusWriter } from './status';

/** What experiment.json says of a run. */
export interface RunManifest {
  /** The experiment, resolved, as plain JSON. */
  readonly experiment: unknown;
  /** The file it came from: its path, and its text as it was then. */
  readonly source: { readonly path: string; readonly text: string };
  /** Versions of Earthmover and of what it computes with. */
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Engine, device and what the device is, of the first attempt; the status says those of the present one. */
  readonly engine?: string;
  readonly device: string;
  readonly adapter?: string | null;
}

/** A run that this process owns. */
export interface OwnedRun {
  readonly directory: string;
  readonly attempt: number;
  readonly status: StatusWriter;
}

/** A run to look at. */
export interface OpenRun {
  readonly directory: string;
  readonly manifest: RunManifest;
  /** Null where the first trainer died before it wrote one, or a damaged one was deleted: the run can be resumed. */
  readonly status: RunStatus | null;
}

/** A run directory's parts, by name. */
export const runPaths = (directory: string) => ({
  experiment: inside(directory, 'experiment.json'),
  metrics: inside(directory, 'metrics.bin'),
  samples: inside(directory, 'samples'),
  live: inside(directory, 'live'),
  checkpoints: inside(directory, 'checkpoints'),
  histograms: inside(directory, 'histograms.jsonl'),
  notices: inside(directory, 'notices.jsonl'),
  log: inside(directory, 'log.txt'),
});

/**
 * Makes a run in `directory`, which may exist but hold no run, for this process, and writes its first status. `steps` is
 * how many are to be trained. Throws a RunError where there is a run already, or the disk refuses.
 */
export function createRun(directory: string, manifest: RunManifest, steps: number): OwnedRun {
  const root = path.resolve(directory);
  if (fs.existsSync(inside(root, 'status.json'))) throw alreadyARun(root);
  onDisk('create', root, () => fs.mkdirSync(root, { recursive: true }));
  const attempt = acquireLock(root);
  const paths = runPaths(root);
  for (const folder of [paths.samples, paths.checkpoints, inside(root, 'control')]) {
    onDisk('create', folder, () => fs.mkdirSync(folder, { recursive: true }));
  }
  clearCommands(root);
  const text = JSON.stringify({ format: 'earthmover-run', version: 1, ...manifest }, null, 2);
  replaceFile(paths.experiment, `${text}\n`, { sync: true });
  return { directory: root, attempt, status: startStatus(root, { attempt, step: 0, steps }) };
}

/**
 * Takes an existing run over for this process, to go on from `step`. Throws a RunError where a trainer is still at work on
 * it. What was sent to the trainer before is thrown away.
 */
export function resumeRun({ directory }: OpenRun, step: number, steps: number): OwnedRun {
  const attempt = acquireLock(directory);
  clearCommands(directory);
  return { directory, attempt, status: startStatus(directory, { attempt, step, steps }) };
}

/** Opens a run to look at it. Throws a RunError that says which file is missing or damaged. */
export function openRun(directory: string): OpenRun {
  const root = path.resolve(directory);
  const stat = onDisk('open', root, () => fs.statSync(root, { throwIfNoEntry: false }));
  if (stat === undefined) throw notARun(root, 'there is no such folder');
  if (!stat.isDirectory()) throw notARun(root, 'it is a file');
  return { directory: root, manifest: readManifest(root), status: readStatus(root) };
}

/** Reads experiment.json. Its experiment is checked by whoever uses it. */
export function readManifest(directory: string): RunManifest {
  const file = runPaths(directory).experiment;
  const toDo = 'begin a new run from the experiment file';
  const found = readJson(file, 1 << 26, toDo);
  if (found === undefined) throw notARun(directory, 'it has no experiment.json');
  const run = found as Partial<Record<keyof RunManifest | 'format' | 'version', unknown>> | null;
  if (run?.format !== 'earthmover-run') throw notARun(directory, 'its experiment.json was not written by a training');
  if (run.version !== 1) throw newerFile(file, run.version, 1);
  const { experiment, source, versions, seed, device } = run;
  const { path: from, text } = (source ?? {}) as { path?: unknown; text?: unknown };
  const whole = typeof experiment === 'object' && experiment !== null && typeof versions === 'object';
  if (!whole || typeof from !== 'string' || typeof text !== 'string') {
    throw damagedFile(file, 'it does not hold an experiment and its source', toDo);
  }
  if (typeof seed !== 'number' || typeof device !== 'string') throw damagedFile(file, 'it has no seed or device', toDo);
  return {
    experiment,
    source: { path: from, text },
    versions: (versions ?? {}) as Record<string, string>,
    seed,
    device,
  };
}

/** The folder of the runs of a workspace. */
export const runsFolder = (root: string): string => inside(root, '.earthmover', 'runs');

/** The run of one seed among several: `directory` with the seed behind it. */
export const seedDirectory = (directory: string, seed: number): string => `${directory}-seed-${seed}`;

interface RunName {
  /** Given where several seeds are trained. */
  readonly seed?: number;
  readonly now?: Date;
  /** Where the run is put instead of `root`/.earthmover/runs. */
  readonly folder?: string;
}

/**
 * Makes and returns a new folder for a run, `root`/.earthmover/runs/<YYYYMMDD-HHMMSS>-<name>[-seed-<seed>], in local time; a
 * number is put behind it where another run began in the same second.
 */
export function defaultRunDirectory(
  root: string,
  name: string,
  { seed, now = new Date(), folder }: RunName = {},
): string {
  const runs = folder ?? runsFolder(path.resolve(root));
  const named = `${timestamp(now)}-${slug(name)}`;
  const stem = seed === undefined ? named : seedDirectory(named, seed);
  return onDisk('create a run in', runs, () => {
    fs.mkdirSync(runs, { recursive: true });
    if (folder === undefined) ignoreInGit(path.dirname(runs));
    for (let n = 1; n < 1000; n++) {
      const directory = inside(runs, n === 1 ? stem : `${stem}-${n}`);
      try {
        fs.mkdirSync(directory);
        return directory;
      } catch (error) {
        if (errno(error) !== 'EEXIST') throw error;
      }
    }
    throw runError('exists', `Cannot name a run in ${runs}: a thousand of them are named ${stem}. Give another --out.`);
  });
}

/** Runs are large and made again from their experiment: they stay out of the repository that they are trained in. */
function ignoreInGit(folder: string): void {
  const file = inside(folder, '.gitignore');
  if (!fs.existsSync(file)) fs.writeFileSync(file, '*\n');
}

/** A name as it may stand in a path: [a-z0-9-], at most 40 of them; accents are dropped, and 'run' stands for nothing left. */
export function slug(name: string): string {
  const plain = name.slice(0, 400).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const joined = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return joined === '' ? 'run' : joined;
}

function timestamp(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
