// Installs selected files of wheels by pip, which knows the index, the proxy and the certificates of its user: each
// wheel into a folder of its own, which exists only when it is complete.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../files/folder';
import { isProcessRunning } from '../files/isProcessRunning';
import { openOrdinaryAsync } from '../files/ordinaryFile';
import { syncDirectory, writeNew } from '../files/replace';
import {
  badArchive,
  diskFailed,
  isDownloadError,
  noSpace,
  pipFailed,
  pipMissing,
  wrongWheel,
  type DownloadError,
} from './errors';

/** A wheel, and what is kept of it. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** Its name ends in the Python version, the ABI and the platforms: `…-cp312-cp312-manylinux_2_28_x86_64.whl`. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
  /** The files that are kept, by their names. */
  readonly keep: RegExp;
  /** Bytes of these files. */
  readonly unpacked: number;
}

export interface InstallOptions {
  readonly signal?: AbortSignal;
  /** Bytes of a wheel that were received. */
  readonly onProgress?: (wheel: Wheel, done: number) => void;
  readonly onInstalled?: (wheel: Wheel) => void;
  /** Called with the reason when a broken connection is retried. */
  readonly onRetry?: (reason: string) => void;
  /** Milliseconds before a retry. */
  readonly retryDelay?: number;
  /** Free bytes on the disk of a folder. */
  readonly freeSpace?: (folder: string) => Promise<number>;
}

/** The folder in which a process of a machine works: several may share a disk. */
const partialName = (host: string, pid: number): string => `.partial-${host}-${pid}`;

/** How often a fault is retried. Older versions of pip see a broken connection as a wrong checksum. */
const retries: Partial<Record<string, number>> = { broken: 3, 'wrong-content': 1 };

/**
 * Installs each wheel into `<folder>/<name>-<version>`, unless that folder exists. Nothing of an incomplete wheel
 * stays, and complete ones are kept for the next time. Throws DownloadError.
 */
export async function installWheels(
  wheels: readonly Wheel[],
  folder: string,
  { freeSpace = freeBytes, ...options }: InstallOptions = {},
): Promise<void> {
  const missing = wheels.filter((wheel) => !existsSync(folderOf(folder, wheel)));
  if (missing.length === 0) return;
  const python = await findPip();
  if (python === null) throw pipMissing();
  try {
    makeFolder(folder);
    await removeAbandoned(folder);
    // pip keeps a wheel and its files until they are moved.
    const needed = sum(missing.map((w) => w.unpacked)) + Math.max(...missing.map((w) => w.size + w.unpacked));
    const free = await freeSpace(folder);
    if (free < needed) throw noSpace(folder, needed, free);
    for (const wheel of missing) await installOne(python, wheel, folder, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isDownloadError(error)) throw error;
    throw diskFailed(folder, error as NodeJS.ErrnoException, sum(missing.map((w) => w.unpacked)));
  }
}

const folderOf = (folder: string, { name, version }: Wheel): string => path.join(folder, `${name}-${version}`);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Removes what processes of this machine that were killed have left. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/-(\d+)$/.exec(name)?.[1]);
    if (name === partialName(os.hostname(), pid) && !isProcessRunning(pid))
      await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function installOne(python: string, wheel: Wheel, folder: string, options: InstallOptions): Promise<void> {
  const work = path.join(folder, partialName(os.hostname(), process.pid));
  const complete = path.join(work, 'complete');
  try {
    for (let failures = 0; ; failures++) {
      await rm(work, { recursive: true, force: true });
      for (const name of ['pip', 'wheel', 'complete']) makeFolder(path.join(work, name));
      const fault = await runPip(python, wheel, work, options);
      if (fault === null) break;
      if (failures >= (retries[fault.code] ?? 0)) throw fault;
      options.onRetry?.(fault.summary);
      await sleep((options.retryDelay ?? 1000) * 2 ** failures, undefined, { signal: options.signal });
    }
    await keepFiles(wheel, path.join(work, 'wheel'), complete);
    await publish(complete, folderOf(folder, wheel));
    options.onInstalled?.(wheel);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Null if pip has unpacked the wheel. */
async function runPip(
  python: string,
  wheel: Wheel,
  work: string,
  options: InstallOptions,
): Promise<DownloadError | null> {
  const { signal, onProgress } = options;
  const requirements = path.join(work, 'requirements.txt');
  writeNew(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const downloads = path.join(work, 'pip');
  const watch = setInterval(() => {
    void bytesIn(downloads).then((bytes) => onProgress?.(wheel, Math.min(bytes, wheel.size)));
  }, 250);
  // Settings of the user that do not go with --target.
  const env = { ...process.env, TMPDIR: downloads, PIP_USER: '0', PIP_PREFIX: '', PIP_REQUIRE_VIRTUALENV: '0' };
  const args = [
    ...['-m', 'pip', 'install', '--target', path.join(work, 'wheel'), '--requirement', requirements],
    ...['--require-hashes', '--only-binary=:all:', '--no-deps', '--no-compile', '--no-cache-dir'],
    ...['--disable-pip-version-check', '--no-input', '--quiet', '--progress-bar=off', '--retries=2', '--timeout=30'],
    ...compatibility(wheel.file),
  ];
  const ended = await run(python, args, { env, signal });
  clearInterval(watch);
  signal?.throwIfAborted();
  if (ended.code === 0) return null;
  if (/DO NOT MATCH THE HASHES/.test(ended.stderr)) {
    const [found] = /(?<=Got\s+)[0-9a-f]{64}/.exec(ended.stderr) ?? ['another'];
    return wrongWheel(wheel.file, found, wheel.sha256);
  }
  if (/No space left on device/.test(ended.stderr))
    return diskFailed(work, Object.assign(new Error('disk full'), { code: 'ENOSPC' }), wheel.size + wheel.unpacked);
  const [connection] = brokenConnection.exec(ended.stderr) ?? [];
  if (connection) return pipFailed(wheel.file, short(connection), 'broken');
  const error = ended.stderr.split('\n').findLast((line) => /^ERROR: (?!Exception)/.test(line));
  return pipFailed(
    wheel.file,
    error ? short(error.slice('ERROR: '.length)) : `pip exited with ${ended.code}`,
    'refused',
  );
}

/** A broken connection in pip's messages, with its cause. */
const brokenConnection =
  /(?:NewConnectionError|ProxyError|SSLError|ProtocolError|IncompleteRead|TimeoutError|not enough bytes were received).*/;

const short = (reason: string): string => reason.slice(0, 300).replace(/\.$/, '');

/** The options that make pip take this wheel whatever Python it runs on. */
function compatibility(file: string): string[] {
  const [python, abi, platforms] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  const [, major, minor] = /^cp(\d)(\d+)$/.exec(python) ?? [null, '3', '12'];
  return [
    ...['--implementation', 'cp', '--python-version', `${major}.${minor}`, '--abi', abi],
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
  ];
}

interface Ended {
  readonly code: number | string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal }) {
  return new Promise<Ended>((resolve) => {
    execFile(program, args, { ...options, maxBuffer: 1 << 24 }, (error, _, stderr) =>
      resolve({ code: error ? (error.code ?? 'a signal') : 0, stderr }),
    );
  });
}

/** The Python that has pip; null if there is none. */
async function findPip(): Promise<string | null> {
  for (const python of ['python3', 'python'])
    if ((await run(python, ['-m', 'pip', '--version'], {})).code === 0) return python;
  return null;
}

/** Bytes of the wheels in pip's folder. */
async function bytesIn(folder: string): Promise<number> {
  try {
    const wheels = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.whl'));
    return sum(await Promise.all(wheels.map(async (name) => (await stat(path.join(folder, name))).size)));
  } catch {
    return 0; // pip may be removing them.
  }
}

/** Moves the files that are kept to `to`. */
async function keepFiles(wheel: Wheel, from: string, to: string): Promise<void> {
  const kept = (await readdir(from, { recursive: true })).filter((name) => wheel.keep.test(path.basename(name)));
  if (kept.length === 0) throw badArchive(wheel.file, 'it has none of the expected libraries');
  for (const name of kept) {
    const handle = await openOrdinaryAsync(path.join(from, name), 'update');
    await handle.sync().finally(() => handle.close());
    await rename(path.join(from, name), path.join(to, path.basename(name)));
  }
}

/** Renames a complete folder; one that another process has made first stays. */
async function publish(complete: string, folder: string): Promise<void> {
  syncDirectory(complete);
  await rename(complete, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  syncDirectory(path.dirname(folder));
}
