// control/: the one place where others write into a run. A command is a file that is renamed into place and consumed in order.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  checkCommand,
  type Command,
  maxCommandBytes,
  type CommandRequest,
  type SimpleCommandKind,
} from '../protocol/control';
import { errno } from '../files/errno';
import { runError } from './errors';
import { inside, onDisk, replaceFile } from './files';
import { liveness, readStatus } from './status';

/** Commands in the order in which they were sent, and what lay there that was none, in words. */
export interface ReceivedCommands {
  readonly commands: readonly Command[];
  readonly notices: readonly string[];
}

/**
 * Puts a command where the trainer of the run looks for it, and returns its id. Throws a RunError where nobody trains the
 * run any more.
 */
export function sendCommand(directory: string, asked: CommandRequest | SimpleCommandKind): string {
  const order: CommandRequest = typeof asked === 'string' ? { kind: asked } : asked;
  const status = readStatus(directory);
  const state = status === null ? 'dead' : liveness(status);
  if (state === 'dead' || state === 'ended') {
    const how = state === 'ended' ? `it is ${status?.state}` : 'its process is gone';
    const text = `Cannot ${order.kind} ${directory}: nobody trains this run now, ${how}. To go on with it: earthmover resume`;
    throw runError('not-training', `${text} ${directory}`);
  }
  const control = inside(directory, 'control');
  onDisk('create', control, () => fs.mkdirSync(control, { recursive: true }));
  const id = randomUUID().slice(0, 13);
  lastSent = Math.max(Date.now(), lastSent + 1);
  const name = `${String(lastSent).padStart(15, '0')}-${id}.json`;
  replaceFile(inside(control, name), `${JSON.stringify({ id, ...order })}\n`);
  return id;
}

/**
 * Makes the function by which a trainer takes the commands that lie in control/, at most 64 of them at a time. A file that
 * is no command is moved to control/rejected and noted; whatever lies there, nothing is thrown, because a stranger's file
 * must not end a training. A look into the empty folder takes some microseconds.
 */
export function createCommandReceiver(directory: string): () => ReceivedCommands {
  const control = inside(directory, 'control');
  // Files that cannot be taken away would be found again at every step: they are noted once and never carried out.
  const stuck = new Set<string>();
  return () => {
    const names = listOrEmpty(control).filter((name) => isOffered(name) && !stuck.has(name));
    if (names.length === 0) return nothing;
    const commands: Command[] = [];
    const notices: string[] = [];
    for (const name of names.sort().slice(0, 64)) {
      const file = inside(control, name);
      const checked = readCommand(file, name);
      const problem = 'problem' in checked ? checked.problem : null;
      const gone = remove(file, problem === null ? null : inside(control, rejected));
      if (!gone) stuck.add(name);
      if ('value' in checked && gone) commands.push(checked.value);
      else notices.push(note(name, problem ?? 'it cannot be removed', gone));
    }
    return { commands, notices };
  };
}

/** Throws away what was sent to a trainer that is gone, so that an old 'stop' does not stop the next one. */
export function clearCommands(directory: string): void {
  const control = inside(directory, 'control');
  onDisk('clear', control, () => {
    for (const name of listOrEmpty(control)) {
      if (name !== rejected) fs.rmSync(inside(control, name), { recursive: true, force: true });
    }
  });
}

/** How waiting ended: carried out, or the run ended or its process died first, or the time was up. */
export type CommandOutcome = 'acknowledged' | 'ended' | 'dead' | 'timeout';

/** Waits until the trainer says that it carried out command `id`. */
export async function waitForAcknowledgement(
  directory: string,
  id: string,
  timeoutMs: number,
): Promise<CommandOutcome> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const status = readStatus(directory);
    if (status?.acknowledged.includes(id)) return 'acknowledged';
    const state = status === null ? 'dead' : liveness(status);
    if (state === 'ended' || state === 'dead') return state;
    if (Date.now() >= end) return 'timeout';
    await sleep(Math.min(50, Math.max(1, end - Date.now())));
  }
}

const nothing: ReceivedCommands = { commands: [], notices: [] };
const rejected = 'rejected';
const maxRejected = 32;

/** Commands of this process are in order even within a millisecond. */
let lastSent = 0;

function readCommand(file: string, name: string): ReturnType<typeof checkCommand> {
  if (!/^\d{15}-[a-z0-9-]{8,64}\.json$/.test(name)) return { problem: 'its name is not <time>-<id>.json' };
  try {
    // A pipe would block for ever when opened, and a link leads elsewhere: only a plain small file is opened.
    const stat = fs.lstatSync(file);
    if (!stat.isFile()) return { problem: 'it is not a plain file' };
    if (stat.size > maxCommandBytes)
      return { problem: `it has ${stat.size} bytes, and a command has at most ${maxCommandBytes}` };
    const checked = checkCommand(JSON.parse(fs.readFileSync(file, 'utf8')));
    if ('value' in checked && !name.endsWith(`-${checked.value.id}.json`))
      return { problem: 'its id is not the one in its name' };
    return checked;
  } catch (error) {
    return { problem: errno(error) === undefined ? 'it is not JSON' : `it cannot be read (${errno(error)})` };
  }
}

/** Removes a file, or moves it into `to`, where there is room for a few; whether it is gone. */
function remove(file: string, to: string | null): boolean {
  try {
    if (to === null) fs.unlinkSync(file);
    else {
      fs.mkdirSync(to, { recursive: true });
      const full = fs.readdirSync(to).length >= maxRejected;
      if (full) fs.rmSync(file, { recursive: true, force: true });
      else fs.renameSync(file, inside(to, `${Date.now()}-${randomUUID().slice(0, 8)}`));
    }
    return true;
  } catch {
    return false;
  }
}

function listOrEmpty(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

/** Not what is still being written under another name, nor the folder of what was refused. */
const isOffered = (name: string): boolean => !name.endsWith('.tmp') && name !== rejected;

const note = (name: string, problem: string, gone: boolean): string =>
  `control/${printable(name)} is not carried out: ${problem}. ` +
  (gone ? `It was moved to control/${rejected}.` : 'It cannot be moved away either: remove it.');

const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
