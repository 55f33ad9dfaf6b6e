// Runs trials on this machine: some at a time, each in a process of its own. Several calls may share a sweep: the lock
// of a run decides who trains it, and the others continue with the next.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { errno } from '../../files/errno';
import { openOrdinary } from '../../files/ordinaryFile';
import { makeFolder, onDisk } from '../../run/diskAccess';
import { processExists } from '../../run/process';
import { sendCommand } from '../../run/control';
import { isRunError } from '../../run/errors';
import { notPrepared } from '../../sweep/errors';
import { canceledTrials, sweepPaths, type Sweep, type Trial } from '../../sweep/sweepDirectory';
import { isResult, stateOf, writeFailure, type TrialStatus } from '../../sweep/trialState';
import type { Runner, Started, StartRequest, SweepEvent } from '../../sweep/runner';
import { plural } from '../../shared/text';
import path from 'node:path';
import { bundleFile } from '../bundlePaths';

export const localRunner: Runner = {
  id: 'local',
  preview: async ({ sweep, trials, atOnce, prepare }) => {
    const count = placesOf(sweep, atOnce);
    const first = prepare && trials.length > 0 ? ['The data is read into the cache first.'] : [];
    return [
      ...first,
      `${plural(count, 'trial')} at a time on this machine, ${plural(threadsOf(trials), 'thread')} each.`,
    ];
  },
  start: runPool,
  cancel: async (sweep, trials) => {
    for (const { trial } of trials)
      if (stateOf(sweep.directory, trial).state === 'running') await stopTrial(sweep, trial);
  },
  waiting: async () => new Map(),
};

const threadsOf = (trials: readonly Trial[]): number => Math.max(1, ...trials.map(({ threads }) => threads));

/** How many trials run at a time: as asked for, else as many as the cores have room for. */
const placesOf = ({ trials, file }: Sweep, atOnce: number | null): number =>
  atOnce ?? file.limits?.atOnce ?? Math.max(1, Math.floor(os.availableParallelism() / threadsOf(trials)));

/**
 * Trains the trials of a request. Resolves when each has ended, here or elsewhere, or when the request is aborted. If a
 * trial cannot be started, those that run are saved and ended before the error is thrown.
 */
async function runPool(request: StartRequest): Promise<Started> {
  const { sweep, trials, atOnce, prepare, launcher, diverged, listener } = request;
  const { directory } = sweep;
  if (prepare && trials.length > 0) await prepareData(sweep, request.signal);
  const failure = new AbortController();
  const signal = AbortSignal.any([request.signal, failure.signal]);
  const queue = [...trials];
  const before = new Map(trials.map(({ trial }) => [trial, stampOf(stateOf(directory, trial))]));
  const children = new Map<number, ChildProcess>();
  const ended = (trial: number, status: TrialStatus): void => listener({ event: 'trial-end', trial, status });

  const places = placesOf(sweep, atOnce);
  /**
   * The next trial that nobody works on; undefined if all have ended. Waits for those of other processes, which count
   * among those that may run at a time: a pool that was killed leaves its trials running.
   */
  const next = async (): Promise<Trial | undefined> => {
    while (queue.length > 0 && !signal.aborted) {
      const isCanceled = canceledTrials(directory);
      const free: Trial[] = [];
      let elsewhere = 0;
      for (const entry of [...queue]) {
        const { trial } = entry;
        const status = stateOf(directory, trial);
        const hasEnded = isResult(status.state) && stampOf(status) !== before.get(trial);
        if (hasEnded || isCanceled(trial)) {
          queue.splice(queue.indexOf(entry), 1);
          ended(trial, status);
        } else if (status.state === 'running') elsewhere++;
        else if (!children.has(trial)) free.push(entry);
      }
      if (free.length > 0 && children.size + elsewhere < places) {
        queue.splice(queue.indexOf(free[0]), 1);
        return free[0];
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  };

  const work = async (): Promise<void> => {
    for (let trial = await next(); trial !== undefined; trial = await next()) {
      const { state } = stateOf(directory, trial.trial);
      listener({ event: 'trial-start', trial: trial.trial, attempt: state === 'waiting' ? 'train' : 'resume' });
      const exit = await runTask(sweep, trial, { children, launcher, diverged });
      const status = stateOf(directory, trial.trial);
      // A launcher that cannot start its processes is no trial that waits: it would be started again and again.
      if (launcher !== undefined && exit !== null && status.state === 'waiting' && !signal.aborted)
        writeFailure(directory, trial.trial, `${launcher[0]} ${exit}. Its output: earthmover sweep log`);
      // Another process was faster.
      if (status.state === 'running') queue.push(trial);
      else {
        if (exit !== null && !isResult(status.state)) listener(exitNotice(trial, exit));
        ended(trial.trial, stateOf(directory, trial.trial));
      }
    }
  };

  const abort = (): void => {
    for (const [trial, child] of children) endTask(sweep, trial, child, launcher !== undefined);
  };
  signal.addEventListener('abort', abort);
  const killAll = (): void => {
    for (const child of children.values()) child.kill('SIGKILL');
  };
  process.on('exit', killAll);
  const working = Array.from({ length: Math.min(places, trials.length) }, () =>
    work().catch((error: unknown) => {
      failure.abort();
      throw error;
    }),
  );
  try {
    await Promise.allSettled(working);
    await Promise.all(working);
  } finally {
    signal.removeEventListener('abort', abort);
    process.off('exit', killAll);
  }
  return request.signal.aborted ? 'interrupted' : 'ended';
}

/** Reads the data in a process of its own, whose messages are shown. @throws UserError if it fails */
async function prepareData({ directory }: Sweep, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [bundleFile, 'sweep', 'prepare', directory], {
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  process.on('exit', end);
  try {
    const reason = await new Promise<string | null>((resolve) => {
      child.once('error', ({ message }) => resolve(message));
      child.once('exit', (code, killed) =>
        resolve(code === 0 ? null : `it ended with ${killed ?? `exit code ${code}`}`),
      );
    });
    if (reason !== null && !signal.aborted) throw notPrepared(reason);
  } finally {
    signal.removeEventListener('abort', end);
    process.off('exit', end);
  }
}

/** Milliseconds between two looks at trials that others train. */
const pollMs = 500;

/** Changes when a trial ends again. */
const stampOf = ({ state, status }: TrialStatus): string =>
  `${state} ${status?.attempt ?? 0} ${status?.updatedAt ?? 0}`;

/** Runs the process of a trial. Resolves to how it was ended, if not by itself. */
async function runTask(
  { directory }: Sweep,
  { trial }: Trial,
  {
    children,
    launcher = [],
    diverged = false,
  }: Pick<StartRequest, 'launcher' | 'diverged'> & { readonly children: Map<number, ChildProcess> },
): Promise<string | null> {
  const log = sweepPaths(directory).log(trial);
  makeFolder(path.dirname(log));
  const output = onDisk('write', log, () => openOrdinary(log, 'append'));
  try {
    const task = ['sweep', 'task', directory, String(trial), ...(diverged ? ['--diverged'] : [])];
    const [program, ...args] = [...launcher, process.execPath, bundleFile, ...task];
    const child = spawn(program, args, {
      env: { ...process.env, ...(launcher.length > 0 ? patientMpirun : {}) },
      // In a process group of its own, Ctrl-C reaches it through this process only. Windows has consoles instead.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', output, output],
    });
    children.set(trial, child);
    return await new Promise<string | null>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, killed) => {
        if (killed !== null) resolve(`was ended by ${killed}`);
        // Without a launcher the process itself records why it failed.
        else resolve(launcher.length > 0 && code !== 0 ? `ended with exit code ${code}` : null);
      });
    });
  } finally {
    children.delete(trial);
    closeSync(output);
  }
}

/** Open MPI kills its processes a second after it was told to end, before a checkpoint is saved. */
const patientMpirun = { OMPI_MCA_odls_base_sigkill_timeout: '30' };

const exitNotice = ({ trial }: Trial, exit: string): SweepEvent => ({
  event: 'notice',
  level: 'warning',
  message: `The process of trial ${trial} ${exit}.`,
});

/** Asks the process of a trial to save a checkpoint and end. */
function endTask(sweep: Sweep, trial: number, child: ChildProcess, hasRanks: boolean): void {
  // Of several processes the one that saves is asked; the others end with it.
  const { status } = stateOf(sweep.directory, trial);
  if (hasRanks && status !== null && processExists(status) === true) terminate(status.pid);
  // On Windows a signal would kill it; there Ctrl-C reaches all processes of the console.
  else if (process.platform === 'win32') void stopTrial(sweep, trial);
  else child.kill('SIGTERM');
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    // It has just ended.
    if (errno(error) !== 'ESRCH') throw error;
  }
}

async function stopTrial({ directory }: Sweep, trial: number): Promise<void> {
  try {
    await sendCommand(sweepPaths(directory).run(trial), 'stop');
  } catch (error) {
    // It has just ended.
    if (!isRunError(error)) throw error;
  }
}
