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
  readonly checkpoint: () => Promise<void>;
  readonly sample: () => Promise<void>;
}

export interface Commands {
  /** Returns at once but for ten times a second, when `report` is called and commands are looked for. */
  between(report: () => void): Promise<Interruption | null>;
}

export function createCommands({ status, take, signal, note, checkpoint, sample }: CommandContext): Commands {
  let looked = 0;
  let paused = false;
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

  return {
    between: async (report) => {
      if (signal.aborted) return 'interrupted';
      if (performance.now() - looked < LOOK_EVERY) return null;
      looked = performance.now();
      // Signals and worker threads get their turn: a step runs without giving the event loop one.
      await breathe();
      report();
      await obey();
      for (let signed = performance.now(); paused && interruption() === null; ) {
        await sleep(LOOK_EVERY);
        if (performance.now() - signed > SIGN_EVERY) {
          status.update({});
          signed = performance.now();
        }
        await obey();
      }
      return interruption();
    },
  };
}
