// attempts/: one numbered file per process that has worked on a run, with the identity of that process.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { errno } from '../files/errno';
import { removeFile } from '../files/folder';
import { readOrdinary } from '../files/ordinaryFile';
import { syncDirectory, writeNew } from '../files/replace';
import type { ProcessIdentity } from '../protocol/status';
import { folderInside, inside, listFolder, makeFolder, onDisk, readJson } from './diskAccess';
import { damagedFile } from './errors';
import { thisProcess } from './process';

/** The process of an attempt. */
export interface Attempt extends ProcessIdentity {
  /** Random, so that a process recognizes its own file. */
  readonly token: string;
  readonly slurm: SlurmTask | null;
}

/** A job or array task of Slurm, and how often Slurm has restarted it. */
export interface SlurmTask {
  readonly job: string;
  readonly restarts: number;
}

export const attemptFile = (directory: string, attempt: number): string =>
  inside(attemptsFolder(directory), `${attempt}.json`);

/** The number of the last attempt; 0 if there is none. */
export function lastAttempt(directory: string): number {
  const names = listFolder(attemptsFolder(directory));
  return names.reduce((last, name) => Math.max(last, Number(/^([1-9]\d{0,14})\.json$/.exec(name)?.[1] ?? 0)), 0);
}

/**
 * Creates the file of an attempt of this process, on the disk when this returns. Returns null if another process has
 * created it.
 */
export function claimAttempt(directory: string, attempt: number): Attempt | null {
  const folder = attemptsFolder(directory);
  const file = attemptFile(directory, attempt);
  if (attempt >= 1e15)
    throw damagedFile(attemptFile(directory, attempt - 1), 'no attempt has such a high number', 'delete it and resume');
  const mine: Attempt = { ...thisProcess(), token: randomUUID(), slurm: slurmTask(process.env) };
  return onDisk('write', file, () => {
    makeFolder(folder);
    const temporary = writeTemporary(folder, JSON.stringify(mine));
    try {
      // Linking a complete file is atomic, and only one of two links succeeds.
      linkOrCopy(temporary, file);
    } catch (error) {
      // The reply of a network disk may be lost: the repeated request then fails although the first one succeeded.
      if (errno(error) !== 'EEXIST') throw error;
      if (readAttempt(directory, attempt)?.token !== mine.token) return null;
    } finally {
      removeFile(temporary);
    }
    syncDirectory(folder);
    syncDirectory(directory);
    return mine;
  });
}

/** The process of an attempt; null if the file is missing or damaged. */
export function readAttempt(directory: string, attempt: number): Attempt | null {
  try {
    const content = readJson(attemptFile(directory, attempt), 4096, '') as Record<string, unknown>;
    const { pid, host, processStart, token, slurm } = content;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof host !== 'string') return null;
    return {
      pid: pid as number,
      host,
      processStart: typeof processStart === 'string' ? processStart : null,
      token: typeof token === 'string' ? token : '',
      slurm: isSlurmTask(slurm) ? slurm : null,
    };
  } catch {
    return null;
  }
}

/** Now, by the clock of the disk, in Unix seconds: the clocks of two machines that share it may differ. */
export function diskTime(directory: string): number {
  const folder = attemptsFolder(directory);
  return onDisk('write', folder, () => {
    makeFolder(folder);
    const temporary = writeTemporary(folder, '');
    try {
      return fs.statSync(temporary).mtimeMs / 1000;
    } finally {
      removeFile(temporary);
    }
  });
}

/** The Slurm task in an environment; null outside of Slurm. */
export function slurmTask(env: NodeJS.ProcessEnv): SlurmTask | null {
  const { SLURM_JOB_ID: id, SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task } = env;
  if (!id) return null;
  const job = [env.SLURM_CLUSTER_NAME, array && task ? `${array}_${task}` : id].filter(Boolean).join(':');
  return { job, restarts: Number(env.SLURM_RESTART_COUNT) || 0 };
}

const attemptsFolder = (directory: string): string => folderInside(directory, 'attempts');

/** Several machines may write to the folder, and their process ids may be equal. */
function writeTemporary(folder: string, text: string): string {
  const host = os
    .hostname()
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 64);
  const file = inside(folder, `${host}-${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  writeNew(file, text, true);
  return file;
}

function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (errno(error) === 'EEXIST') throw error;
    // Some file systems have no links: after an exclusive copy the file is empty for a moment.
    writeNew(to, readOrdinary(from, 1 << 16), true);
  }
}

const isSlurmTask = (value: unknown): value is SlurmTask => {
  const { job, restarts } = (value ?? {}) as Partial<SlurmTask>;
  return typeof job === 'string' && Number.isSafeInteger(restarts);
};
