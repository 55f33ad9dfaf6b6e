// The run directory: creates, opens, resumes and names one.
import { createHash } from 'node:crypto';
import { lstatSync, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { lockRun, type RunLock } from './runLock';
import { latestCheckpoint, latestCheckpointAsync } from './checkpoints';
import { clearCommands } from './control';
import { errno } from '../files/errno';
import { makeFolderAsync, makeNewFolder, makeNewFolderAsync } from '../files/folder';
import { FileKindError, requireOrdinary } from '../files/ordinaryFile';
import { writeNew, writeNewAsync } from '../files/replace';
import { damagedFile, newerFile, notARun, runError } from './errors';
import {
  folderInside,
  inside,
  makeFolder,
  onDisk,
  onDiskAsync,
  readJson,
  readJsonAsync,
  replaceFile,
} from './diskAccess';
import { startStatus, type StatusStart, type StatusWriter } from './status';
import { requireUnused } from './unusedDirectory';

/** The content of experiment.json. */
export interface RunManifest {
  /** The resolved experiment as plain JSON. */
  readonly experiment: unknown;
  /** The experiment file: its path, and its text when the run started. */
  readonly source: { readonly path: string; readonly text: string };
  /** Versions of Earthmover and its libraries. */
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  /** The identity of the data, see src/data/dataIdentity.ts; null if it is generated. */
  readonly data?: unknown;
  /** Engine, device and adapter of the first attempt; the status has those of the current one. */
  readonly engine?: string;
  readonly device: string;
  readonly adapter?: string | null;
  /** Cores of the machine of the first attempt, which "threads": "auto" counts on, as they affect the last bits. */
  readonly cores?: number;
  /** Model of the processor of the first attempt, which affects the last bits; absent if it is not known. */
  readonly processor?: string;
  /** Processes that train together, which affects the last bits; absent if it is one. */
  readonly ranks?: number;
  /** The checkpoint that the run began with, if it is a fork of another run. */
  readonly parent?: RunParent;
}

/** A checkpoint of another run. */
export interface RunParent {
  /** The absolute path of the run when it was forked. */
  readonly directory: string;
  readonly step: number;
  /** SHA-256 of the checkpoint's state. */
  readonly sha256: string;
}

/** A run that this process has locked for training. */
export interface OwnedRun {
  readonly directory: string;
  readonly lock: RunLock;
  readonly status: StatusWriter;
}

/** A run opened for reading. */
export interface OpenRun {
  readonly directory: string;
  readonly manifest: RunManifest;
}

/** The paths of the parts of a run directory. Reading the path of a folder throws a UserError if it is a link. */
export const runPaths = (directory: string) => ({
  experiment: inside(directory, 'experiment.json'),
  metrics: inside(directory, 'metrics.bin'),
  sampleMetrics: inside(directory, 'sampleMetrics.bin'),
  get samples() {
    return folderInside(directory, 'samples');
  },
  get live() {
    return folderInside(directory, 'live');
  },
  get checkpoints() {
    return folderInside(directory, 'checkpoints');
  },
  get control() {
    return folderInside(directory, 'control');
  },
  get model() {
    return folderInside(directory, 'model');
  },
  histograms: inside(directory, 'histograms.jsonl'),
  notices: inside(directory, 'notices.jsonl'),
  evaluations: inside(directory, 'evaluations.jsonl'),
  annotations: inside(directory, 'annotations.json'),
  log: inside(directory, 'log.txt'),
});

/**
 * Throws a UserError if a part of the run is a link or not of its kind: a folder, or an ordinary file. Call it before
 * anything in the run is changed.
 */
export function requireOwnParts(directory: string): void {
  for (const part of Object.values(runPaths(directory)))
    onDisk('open', part, () => {
      const found = lstatSync(part, { throwIfNoEntry: false });
      if (found && path.extname(part) !== '') requireOrdinary(found);
      else if (found && !found.isDirectory()) throw new FileKindError('EFTYPE', 'it is a file, not a folder');
    });
}

/**
 * Creates a run of `steps` steps in `directory`, which may exist if it is unused, locks it for this process and
 * writes its first status. Throws a UserError if it holds anything else, or cannot be written.
 */
export function createRun(directory: string, manifest: RunManifest, steps: number): OwnedRun {
  const root = path.resolve(directory);
  requireUnused(root);
  makeFolder(root);
  const lock = lockRun(root);
  createFolders(root);
  clearCommands(root);
  writeManifest(root, manifest);
  return startAttempt(root, lock, { step: 0, steps });
}

/** Writes experiment.json, which makes a folder a run. */
export const writeManifest = (directory: string, manifest: RunManifest): void =>
  replaceFile(runPaths(directory).experiment, manifestText(manifest), { sync: true });

/** The content of experiment.json. */
export function manifestText(manifest: RunManifest): string {
  const content = { format: 'earthmover-run', version: 1, ...manifest };
  return `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`;
}

/** Writes the first status of an attempt to resume a run. Commands sent to the previous trainer are removed. */
export function resumeRun(directory: string, lock: RunLock, start: Omit<StatusStart, 'attempt'>): OwnedRun {
  lock.assertHeld({ now: true });
  createFolders(directory);
  clearCommands(directory);
  return startAttempt(directory, lock, start);
}

/** Creates the inner folders of a run; somebody may have removed one since it began. */
function createFolders(root: string): void {
  const { samples, checkpoints, control } = runPaths(root);
  for (const folder of [samples, checkpoints, control]) makeFolder(folder);
}

function startAttempt(directory: string, lock: RunLock, start: Omit<StatusStart, 'attempt'>): OwnedRun {
  const guard = (): void => lock.assertHeld({ now: true });
  return { directory, lock, status: startStatus(directory, { ...start, attempt: lock.attempt }, { guard }) };
}

/** Opens a run for reading. Throws a UserError that names the missing or damaged file. */
export function openRun(directory: string): OpenRun {
  const root = path.resolve(directory);
  const stat = onDisk('open', root, () => statSync(root, { throwIfNoEntry: false }));
  if (stat === undefined) throw notARun(root, 'there is no such folder');
  if (!stat.isDirectory()) throw notARun(root, 'it is a file');
  return { directory: root, manifest: readManifest(root) };
}

/** Reads experiment.json. The experiment in it is not validated here. */
function readManifest(directory: string): RunManifest {
  const { experiment, checkpoints } = runPaths(directory);
  const found = readJson(experiment, maxManifestBytes, manifestAdvice);
  if (found === undefined && latestCheckpoint(checkpoints))
    throw damagedFile(experiment, 'it is missing', manifestAdvice);
  return manifestIn(directory, found);
}

/**
 * Reads experiment.json without blocking, for the extension host. The experiment in it is not validated. Errors are
 * about a run that the editor lists, not about a folder that was given to a command.
 */
export async function readManifestAsync(directory: string): Promise<RunManifest> {
  const file = runPaths(directory).experiment;
  const found = await readJsonAsync(file, maxManifestBytes, manifestAdvice);
  if (found !== undefined) return manifestIn(directory, found, listedAdvice);
  const isThere = await lstat(directory).catch(() => undefined);
  if (!isThere) throw notARun(directory, 'there is no such folder', 'It was deleted or moved.');
  const newest = await latestCheckpointAsync(inside(directory, 'checkpoints'));
  if (newest === null) throw notARun(directory, 'it has no experiment.json', listedAdvice);
  throw damagedFile(file, 'it is missing', `copy ${inside(newest.directory, 'experiment.json')} to it`);
}

const listedAdvice = 'Restore the experiment.json of the run, or delete the folder.';

const maxManifestBytes = 1 << 24;
const manifestAdvice = 'copy the one in the newest checkpoint over it, or start a new run from the experiment file';

/** The manifest in the parsed content of experiment.json, which is undefined if it does not exist. */
function manifestIn(directory: string, found: unknown, advice?: string): RunManifest {
  const file = runPaths(directory).experiment;
  if (found === undefined) throw notARun(directory, 'it has no experiment.json');
  const run = found as Partial<Record<keyof RunManifest | 'format' | 'version', unknown>> | null;
  if (run?.format !== 'earthmover-run')
    throw notARun(directory, 'its experiment.json was not written by Earthmover', advice);
  if (run.version !== 1) throw newerFile(file, run.version, 1);
  const { checksum, ...content } = found as Record<string, unknown>;
  if (checksum !== undefined && checksum !== checksumOf(content)) {
    const edited = 'if you edited it, remove its "checksum"';
    throw damagedFile(file, 'its checksum does not match its content', `${manifestAdvice}; ${edited}`);
  }
  const { experiment, source, versions, seed, device } = run;
  const { path: from, text } = (source ?? {}) as { path?: unknown; text?: unknown };
  const isComplete = typeof experiment === 'object' && experiment !== null && typeof versions === 'object';
  if (!isComplete || typeof from !== 'string' || typeof text !== 'string') {
    throw damagedFile(file, 'it does not contain an experiment and its source', manifestAdvice);
  }
  if (typeof seed !== 'number' || typeof device !== 'string')
    throw damagedFile(file, 'it has no seed or device', manifestAdvice);
  return {
    experiment,
    source: { path: from, text },
    versions: (versions ?? {}) as Record<string, string>,
    data: run.data,
    ...(typeof run.engine === 'string' ? { engine: run.engine } : {}),
    ...(typeof run.adapter === 'string' || run.adapter === null ? { adapter: run.adapter } : {}),
    ...(isCount(run.cores) ? { cores: run.cores } : {}),
    ...(typeof run.processor === 'string' ? { processor: run.processor } : {}),
    ...(isCount(run.ranks) ? { ranks: run.ranks } : {}),
    ...(isParent(run.parent) ? { parent: run.parent } : {}),
    seed,
    device,
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

function isParent(value: unknown): value is RunParent {
  const { directory, step, sha256 } = (value ?? {}) as Readonly<Record<keyof RunParent, unknown>>;
  return typeof directory === 'string' && Number.isSafeInteger(step) && typeof sha256 === 'string';
}

/** The checksum in experiment.json: of its other content, as JSON without spaces. */
const checksumOf = (content: object): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`;

/** The folder of the runs of a workspace. */
export const runsFolder = (root: string): string => inside(root, '.earthmover', 'runs');

/** The run directory of one seed of several: `directory` with the seed appended. */
export const seedDirectory = (directory: string, seed: number): string => `${directory}-seed-${seed}`;

interface RunName {
  /** Given if several seeds are trained. */
  readonly seed?: number;
  readonly now?: Date;
  /** The parent folder, instead of `root`/.earthmover/runs. */
  readonly folder?: string;
}

/**
 * Creates and returns a new folder for a run, `root`/.earthmover/runs/<YYYYMMDD-HHMMSS>-<name>[-seed-<seed>], in local
 * time; a number is appended if another run started in the same second.
 */
export function defaultRunDirectory(root: string, name: string, naming: RunName = {}): string {
  const { runs, candidates, isOurs } = runNames(root, name, naming);
  return onDisk('create a run in', runs, () => {
    makeFolder(runs);
    if (isOurs) ignoreInGit(path.dirname(runs));
    const directory = candidates.find(makeNewFolder);
    if (directory === undefined) throw noNameLeft(runs, candidates[0]);
    return directory;
  });
}

/** `defaultRunDirectory` without blocking, for the extension host. */
export async function defaultRunDirectoryAsync(root: string, name: string, naming: RunName = {}): Promise<string> {
  const { runs, candidates, isOurs } = runNames(root, name, naming);
  return onDiskAsync('create a run in', runs, async () => {
    await makeFolderAsync(runs);
    if (isOurs) await writeNewAsync(gitignoreIn(path.dirname(runs)), ignoreAll).catch(ifNotThere);
    for (const directory of candidates) if (await makeNewFolderAsync(directory)) return directory;
    throw noNameLeft(runs, candidates[0]);
  });
}

/** The folder of the runs, whether it is the usual one, and the names that a run may have in it. */
function runNames(root: string, name: string, { seed, now = new Date(), folder }: RunName) {
  const runs = folder ?? runsFolder(path.resolve(root));
  const named = `${timestamp(now)}-${slug(name)}`;
  const stem = seed === undefined ? named : seedDirectory(named, seed);
  const candidates = Array.from({ length: 999 }, (_, i) => inside(runs, i === 0 ? stem : `${stem}-${i + 1}`));
  return { runs, candidates, isOurs: folder === undefined };
}

const noNameLeft = (runs: string, first: string): Error =>
  runError(
    'exists',
    `Cannot name a run in ${runs}: a thousand runs are already named ${path.basename(first)}. Remove some of them.`,
  );

const gitignoreIn = (folder: string): string => inside(folder, '.gitignore');
const ignoreAll = '*\n';

/** Keeps runs, which are large and reproducible, out of the workspace's Git repository. */
export function ignoreInGit(folder: string): void {
  try {
    writeNew(gitignoreIn(folder), ignoreAll);
  } catch (error) {
    ifNotThere(error);
  }
}

/** If it exists, it is left as it is, whatever it is. */
function ifNotThere(error: unknown): void {
  if (errno(error) !== 'EEXIST' && !(error instanceof FileKindError)) throw error;
}

/** A name made safe for a path: at most 40 of [a-z0-9-], without accents, 'run' if nothing is left. */
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
