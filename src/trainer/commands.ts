// Between two steps: what others ask of the run is carried out and acknowledged, and a paused run waits here.
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { CommandKind } from '../protocol/control';
import type { Taken } from '../run/control';
import type { StatusWriter } from '../run/status';
import type { Interruption } from './loop';

/** Milliseconds between two looks for commands: a folder is listed for each. */
const LOOK_EVERY = 100;
/** Milliseconds between two signs of life while the run is paused. */
const SIGN_EVERY = 2000;

export interface CommandContext {
  readonly status: StatusWriter;
  readonly take: () => Taken;
  /** Aborted, the run is to end: whoever started it is asked to stop. */
  readonly signal: AbortSignal;
  /** Told of what lay in control/ and was no command. */
  readonly note: (message: string) => void;
  /** Told that training waits, and that it goes on. */
  readonly say: (message: string) => void;
  readonly checkpoint: () => Promise<void>;
  readonly sample: () => Promise<void>;
}

export interface Commands {
  /** Returns at once but for ten times a second, when `report` is called and commands are looked for. */
  between(report: () => void): Promise<Interruption | null>;
  /** Milliseconds that the run was paused for until now. */
  pausedTime(): number;
}

/** A clock that does not jump, in milliseconds, and waiting by it. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export function createCommands(context: CommandContext, clock: Clock = processClock): Commands {
  const { status, take, signal, note, say, checkpoint, sample } = context;
  let looked = -Infinity;
  let paused = false;
  let pausedTime = 0;
  let stopped = false;

  const carryOut: { readonly [K in CommandKind]: () => void | Promise<void> } = {
    pause: () => {
      paused = true;
      status.update({ state: 'paused', message: 'Paused; resume it to go on.' });
    },
    resume: () => {
      paused = false;
      status.update({ state: 'running', message: null });
    },
    stop: () => {
      stopped = true;
      status.update({ state: 'stopping', message: 'Stopping: a checkpoint is being saved.' });
    },
    checkpoint,
    sample,
  };

  const obey = async (): Promise<void> => {
    const taken = take();
    taken.notes.forEach(note);
    for (const { kind, id } of taken.commands) {
      if (stopped) return;
      await carryOut[kind]();
      status.acknowledge(id);
    }
  };

  const interruption = (): Interruption | null => (signal.aborted ? 'interrupted' : stopped ? 'stopped' : null);

  const wait = async (): Promise<void> => {
    const began = clock.now();
    say('Paused; it goes on when it is resumed in the monitor.');
    for (let signed = began; paused && interruption() === null; ) {
      await clock.sleep(LOOK_EVERY);
      if (clock.now() - signed > SIGN_EVERY) {
        status.update({});
        signed = clock.now();
      }
      await obey();
    }
    pausedTime += clock.now() - began;
    if (interruption() === null) say('Training goes on.');
  };

  return {
    between: async (report) => {
      if (signal.aborted) return 'interrupted';
      if (clock.now() - looked < LOOK_EVERY) return null;
      looked = clock.now();
      // Signals and worker threads get their turn: a step runs without giving the event loop one.
      await breathe();
      report();
      await obey();
      if (paused && interruption() === null) await wait();
      return interruption();
    },
    pausedTime: () => pausedTime,
  };
}

const processClock: Clock = { now: () => performance.now(), sleep };
