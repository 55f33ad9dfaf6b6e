// Between two updates: what others ask of the run is carried out and acknowledged, and a run that is paused, stepped by hand or in
// slow motion waits here.
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { Command, ManualStep, SimpleCommandKind } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';
import type { ReceivedCommands } from '../run/control';
import type { StatusWriter } from '../run/status';
import type { Interruption } from './trainingLoop';
import { isHandStep, isOver, isWhole, whyNot } from './manualStepping';

/** Milliseconds between two looks for commands: a folder is listed for each. */
const LOOK_EVERY = 100;
/** Milliseconds between two signs of life while the run is paused. */
const SIGN_EVERY = 2000;

export interface CommandContext {
  readonly status: StatusWriter;
  readonly take: () => ReceivedCommands;
  /** Aborted, the run is to end: whoever started it is asked to stop. */
  readonly signal: AbortSignal;
  /** Told of what lay in control/ and was no command. */
  readonly note: (message: string) => void;
  /** Told that training waits, and that it goes on. */
  readonly say: (message: string) => void;
  readonly checkpoint: () => Promise<void>;
  readonly sample: () => Promise<void>;
  /** Told that nobody looks at each update any more. */
  readonly hide: () => void;
}

export interface Commands {
  /**
   * Before the update `next`. Between two steps it returns at once but for ten times a second, when `report` is called and
   * commands are looked for; within a step it does so only where each update is looked at, which `show` shows. Why the run is
   * to end is told between two steps: one that is begun is made whole.
   */
  between(next: StepPosition, report: () => void, show: () => Promise<void>): Promise<Interruption | null>;
  /** Each update is looked at: the run is paused, stepped by hand or in slow motion. */
  watched(): boolean;
  /** Milliseconds until now that the run waited, and drew what it waits with. */
  waited(): number;
}

/** A clock that does not jump, in milliseconds, and waiting by it. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export function createCommands(context: CommandContext, clock: Clock = processClock): Commands {
  const { status, take, signal, note, say, checkpoint, sample, hide } = context;
  let looked = -Infinity;
  let letGo = -Infinity;
  let waited = 0;
  let stopped = false;
  let paused = false;
  /** Updates a second in slow motion, and whether the run was paused when that began. */
  let slow: { readonly rate: number; readonly wasPaused: boolean } | null = null;
  /** A step by hand that is on its way, since before the update `from`; `id` is of the command that asked for it. */
  let walk: { readonly kind: ManualStep; readonly from: StepPosition; readonly id: string | null } | null = null;
  /** What was taken and waits for that step to end. */
  const line: Command[] = [];
  /** What waits for the step to be whole. */
  const whenWhole: { readonly work: () => Promise<void>; readonly id: string }[] = [];

  const arrive = (): void => {
    const id = walk?.id ?? null;
    walk = null;
    if (id !== null) status.acknowledge(id);
  };
  const pause = (): void => {
    if (!paused) say('Paused; it goes on when it is resumed in the monitor.');
    [paused, slow] = [true, null];
    arrive();
    status.update({ state: 'paused', slowMotionRate: null, message: 'Paused; resume it to go on.' });
  };
  const goOn = (): void => {
    if (paused || slow) say('Training goes on.');
    [paused, slow] = [false, null];
    arrive();
    hide();
    status.update({ state: 'running', slowMotionRate: null, message: null });
  };
  const slowDown = (rate: number): void => {
    say(`Slow motion: ${rate === 1 ? '1 update' : `${rate} updates`} a second.`);
    [paused, slow] = [false, { rate, wasPaused: slow?.wasPaused ?? paused }];
    arrive();
    status.update({ state: 'running', slowMotionRate: rate, message: null });
  };
  /** A checkpoint and a picture belong to a whole step: one that is begun is made whole first. */
  const ofWhole = (work: () => Promise<void>) => async (id: string, next: StepPosition) => {
    if (isWhole(next)) return work();
    whenWhole.push({ work, id });
    if (paused) walk = { kind: 'generator-step', from: next, id: null };
    return later;
  };
  const byHand = (kind: ManualStep) => (id: string, next: StepPosition) => {
    if (!paused) pause();
    const why = whyNot(kind, next);
    if (why !== null) return note(why);
    walk = { kind, from: next, id };
    return later;
  };
  const carryOut: Actions = {
    pause,
    resume: goOn,
    stop: () => {
      stopped = true;
      status.update({ state: 'stopping', slowMotionRate: null, message: 'Stopping: a checkpoint is being saved.' });
    },
    checkpoint: ofWhole(checkpoint),
    sample: ofWhole(sample),
    'critic-step': byHand('critic-step'),
    'generator-step': byHand('generator-step'),
    step: byHand('step'),
  };

  const obey = async (next: StepPosition): Promise<void> => {
    const taken = take();
    taken.notices.forEach(note);
    line.push(...taken.commands);
    // One step by hand waits for another; whatever else is asked, is asked of the run as it is now.
    while (line.length > 0 && !stopped && !(walk && isHandStep(line[0].kind))) {
      const command = line.shift()!;
      if (command.kind !== 'slow-motion') {
        if ((await carryOut[command.kind](command.id, next)) === later) continue;
      } else if (command.rate !== null) slowDown(command.rate);
      else if (slow?.wasPaused) pause();
      else if (slow) goOn();
      status.acknowledge(command.id);
    }
  };

  const interruption = (): Interruption | null => (signal.aborted ? 'interrupted' : stopped ? 'stopped' : null);

  /** Milliseconds until the next update may be made. */
  const left = (): number => {
    if (interruption() || walk) return 0;
    if (paused) return Infinity;
    return slow === null ? 0 : letGo + 1000 / slow.rate - clock.now();
  };
  const hold = async (next: StepPosition, show: () => Promise<void>): Promise<void> => {
    if (walk && (walk.from === next || !isOver[walk.kind](walk.from, next))) return;
    const began = clock.now();
    await show();
    arrive();
    for (let signed = began; left() > 0; ) {
      await clock.sleep(Math.min(LOOK_EVERY, left()));
      if (clock.now() - signed > SIGN_EVERY) {
        status.update({});
        signed = clock.now();
      }
      await obey(next);
    }
    letGo = clock.now();
    waited += letGo - began;
  };

  const watched = (): boolean => paused || slow !== null;

  return {
    between: async (next, report, show) => {
      const whole = isWhole(next);
      if (whole) for (const { work, id } of whenWhole.splice(0)) await work().then(() => status.acknowledge(id));
      if (whole && interruption()) return interruption();
      if (!watched() && (!whole || clock.now() - looked < LOOK_EVERY)) return null;
      looked = clock.now();
      // Signals and worker threads get their turn: a short step runs without giving the event loop one.
      await breathe();
      report();
      await obey(next);
      if (watched() && !interruption()) await hold(next, show);
      return whole ? interruption() : null;
    },
    watched,
    waited: () => waited,
  };
}

/** The command is acknowledged when what it asked for has been done. */
const later = Symbol('later');

type Actions = {
  readonly [K in SimpleCommandKind]: (
    id: string,
    next: StepPosition,
  ) => void | typeof later | Promise<void | typeof later>;
};

const processClock: Clock = { now: () => performance.now(), sleep };
