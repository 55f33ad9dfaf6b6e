// control/: the command queue of a run, and the only place where other processes write into it. A command is a file
// that is renamed into place; the trainer consumes them in order.
import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  checkCommand,
  type Command,
  maxCommandBytes,
  type CommandRequest,
  type SimpleCommandKind,
} from '../protocol/control';
import { errno } from '../files/errno';
import { makeFolderAsync, namesIn, removeFile } from '../files/folder';
import { FileKindError, readOrdinary } from '../files/ordinaryFile';
import { replaceFileAsync } from '../files/replace';
import { runError } from './errors';
import { folderInside, inside, listFolder, makeFolder, onDisk, onDiskAsync } from './diskAccess';
import { findLiveness, readStatusAsync } from './status';

/** Commands in the order they were sent, and a message for each file that is not a command. */
export interface ReceivedCommands {
  readonly commands: readonly Command[];
  readonly notices: readonly string[];
}

/** Sends a command to the trainer of a run and returns its id. Throws a UserError if the run is not training. */
export async function sendCommand(directory: string, request: CommandRequest | SimpleCommandKind): Promise<string> {
  const command: CommandRequest = typeof request === 'string' ? { kind: request } : request;
  const status = await readStatusAsync(directory);
  const state = status === null ? 'dead' : await findLiveness(status);
  if (state === 'dead' || state === 'ended') {
    const finished = state === 'ended' && status?.state === 'finished';
    const why = finished
      ? 'it is already finished'
      : state === 'ended'
        ? `it has already ended (${status?.state})`
        : 'its process has exited';
    const advice = finished
      ? `To extend it: earthmover resume ${directory} --steps N`
      : `To resume it: earthmover resume ${directory}`;
    const message = `Cannot ${command.kind} ${directory}: ${why}. ${advice}`;
    throw runError('not-training', message);
  }
  const control = controlFolder(directory);
  const id = randomUUID().slice(0, 13);
  lastSent = Math.max(Date.now(), lastSent + 1);
  const name = `${String(lastSent).padStart(15, '0')}-${id}.json`;
  await onDiskAsync('write', control, async () => {
    await makeFolderAsync(control);
    await replaceFileAsync(inside(control, name), `${JSON.stringify({ id, ...command })}\n`);
  });
  return id;
}

/**
 * Returns a function that removes the pending commands from control/, at most 64 per call. A file that is not a command
 * is moved to control/rejected and reported; what cannot be moved stays. Nothing is thrown, because a stray file must
 * not end a training run.
 * Checking an empty folder takes a few microseconds.
 */
export function createCommandReceiver(directory: string): () => ReceivedCommands {
  const control = inside(directory, 'control');
  // Files that cannot be removed would be found at every step: they are reported once and never executed.
  const stuck = new Set<string>();
  return () => {
    const names = pendingIn(directory).filter((name) => !stuck.has(name));
    if (names.length === 0) return nothing;
    const commands: Command[] = [];
    const notices: string[] = [];
    for (const name of names.sort().slice(0, 64)) {
      const file = inside(control, name);
      const checked = readCommand(file, name);
      const problem = 'problem' in checked ? checked.problem : null;
      const removed = problem === null ? consumed(file) : moved(directory, file, name);
      if (!removed) stuck.add(name);
      if ('value' in checked && removed) commands.push(checked.value);
      else notices.push(rejection(name, problem ?? 'it cannot be removed', removed));
    }
    return { commands, notices };
  };
}

/**
 * Removes commands sent to an earlier trainer, so that an old 'stop' does not stop the next one. Whatever else is in
 * the folder stays.
 */
export function clearCommands(directory: string): void {
  const control = controlFolder(directory);
  for (const name of listFolder(control)) {
    const file = inside(control, name);
    if (commandName.test(name)) onDisk('clear', control, () => lstatSync(file).isFile() && removeFile(file));
  }
}

/** How waiting for a command ended: executed, the run ended or its process exited first, or a timeout. */
export type CommandOutcome = 'acknowledged' | 'ended' | 'dead' | 'timeout';

/** Waits until the trainer acknowledges command `id`. */
export async function waitForAcknowledgment(directory: string, id: string, timeoutMs: number): Promise<CommandOutcome> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const status = await readStatusAsync(directory);
    if (status?.acknowledged.includes(id)) return 'acknowledged';
    const state = status === null ? 'dead' : await findLiveness(status);
    if (state === 'ended' || state === 'dead') return state;
    if (Date.now() >= end) return 'timeout';
    await sleep(Math.min(50, Math.max(1, end - Date.now())));
  }
}

const nothing: ReceivedCommands = { commands: [], notices: [] };
const rejected = 'rejected';
const maxRejected = 32;

/** Keeps the commands of this process in order even within a millisecond. */
let lastSent = 0;

function readCommand(file: string, name: string): ReturnType<typeof checkCommand> {
  if (!commandName.test(name) || name.endsWith('.tmp')) return { problem: 'its name is not <time>-<id>.json' };
  try {
    const checked = checkCommand(JSON.parse(readOrdinary(file, maxCommandBytes).toString('utf8')));
    if ('value' in checked && !name.endsWith(`-${checked.value.id}.json`))
      return { problem: 'its id differs from the one in its name' };
    return checked;
  } catch (error) {
    if (error instanceof FileKindError) return { problem: error.problem };
    return { problem: errno(error) === undefined ? 'it is not JSON' : `it cannot be read (${errno(error)})` };
  }
}

/** Removes a command that was read. Returns whether this succeeded: it must not be executed twice. */
function consumed(file: string): boolean {
  try {
    return lstatSync(file).isFile() && removeFile(file);
  } catch {
    return false;
  }
}

/**
 * Moves what is no command to control/rejected; if that is full, a file that is named like one is removed. Returns
 * whether this succeeded.
 */
function moved(directory: string, file: string, name: string): boolean {
  try {
    const to = folderInside(directory, 'control', rejected);
    makeFolder(to);
    if (namesIn(to).length >= maxRejected) return commandName.test(name) && consumed(file);
    renameSync(file, inside(to, `${Date.now()}-${randomUUID().slice(0, 8)}`));
    return true;
  } catch {
    return false;
  }
}

function pendingIn(directory: string): string[] {
  try {
    return namesIn(controlFolder(directory)).filter(isPending);
  } catch {
    return [];
  }
}

const controlFolder = (directory: string): string => folderInside(directory, 'control');

/** A command, or one that was being written. */
const commandName = /^\d{15}-[a-z0-9-]{8,64}\.json(\.[\w-]+\.tmp)?$/;

/** Whether a name is neither a file still being written nor the folder of rejected files. */
const isPending = (name: string): boolean => !name.endsWith('.tmp') && name !== rejected;

const rejection = (name: string, problem: string, removed: boolean): string =>
  `Ignored control/${printable(name)}: ${problem}. ` +
  (removed ? `It was moved to control/${rejected}.` : 'It could not be moved; delete it.');

const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
