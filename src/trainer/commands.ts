// Executes the commands of a run between two updates; a run that is paused, stepped manually or in slow motion waits
// here.
import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises';
import type { Command, ManualStep, SimpleCommandKind } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';
import type { ReceivedCommands } from '../run/control';
import type { StatusWriter } from '../run/status';
import { failureReason } from './failure';
import { isManualStep, isStepStart, manualStepEnded, refusalOf } from './manualStepping';
import type { Interruption } from './trainingLoop';

/** Milliseconds between two checks for commands, each of which lists a folder. */
const CHECK_EVERY = 100;
/** Milliseconds between two heartbeats while the run waits. */
const HEARTBEAT_EVERY = 2000;

export interface CommandContext {
  readonly status: StatusWriter;
  readonly receive: () => ReceivedCommands;
  /** Aborted if the run is to end: as interrupted, or as failed if its reason is an error from outside of training. */
  readonly signal: AbortSignal;
  /** Reports a command that is invalid or not possible now. */
  readonly warn: (message: string) => void;
  /** Reports that training was paused, slowed down or resumed. */
  readonly announce: (message: string) => void;
  readonly checkpoint: () => Promise<void>;
  readonly sample: () => Promise<void>;
  /** Called when updates are no longer shown one by one. */
  readonly endLivePreview: () => void;
}

export interface Commands {
  /**
   * Call before the update `next`. Between two steps it usually returns at once; ten times per second it calls `report`
   * and executes commands. Within a step it does so only if each update is shown, by `show`. An interruption is only
   * returned between two steps: a started step is completed.
   */
  beforeUpdate(next: StepPosition, report: () => void, show: () => Promise<void>): Promise<Interruption | null>;
  /** Whether each update is shown: the run is paused, stepped manually or in slow motion. */
  showsUpdates(): boolean;
  /** Milliseconds so far in which the run waited, including drawing live previews. */
  waited(): number;
}

/** A monotonic clock in milliseconds, and waiting by it. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export function createCommands(context: CommandContext, clock: Clock = processClock): Commands {
  const { status, receive, signal, warn, announce, checkpoint, sample, endLivePreview } = context;
  let checkedAt = -Infinity;
  let releasedAt = -Infinity;
  let waited = 0;
  let stopped = false;
  let paused = false;
  /** Updates per second in slow motion, and whether the run was paused before it. */
  let slowMotion: { readonly rate: number; readonly wasPaused: boolean } | null = null;
  /** A manual step in progress since before the update `from`; `id` is that of its command. */
  let manualStep: { readonly kind: ManualStep; readonly from: StepPosition; readonly id: string | null } | null = null;
  /** Received commands that wait for the manual step to end. */
  const queue: Command[] = [];
  /** Commands that wait for the step to be complete. */
  const afterStep: { readonly work: () => Promise<void>; readonly id: string }[] = [];

  const endManualStep = (): void => {
    const id = manualStep?.id ?? null;
    manualStep = null;
    if (id !== null) status.acknowledge(id);
  };
  const pause = (): void => {
    if (!paused) announce('Paused. Resume it from the monitor.');
    [paused, slowMotion] = [true, null];
    endManualStep();
    status.update({ state: 'paused', slowMotionRate: null, message: 'Paused. Resume to continue.' });
  };
  const resume = (): void => {
    if (paused || slowMotion) announce('Training resumed.');
    [paused, slowMotion] = [false, null];
    endManualStep();
    endLivePreview();
    status.update({ state: 'running', slowMotionRate: null, message: null });
  };
  const startSlowMotion = (rate: number): void => {
    announce(`Slow motion: ${rate === 1 ? '1 update' : `${rate} updates`} per second.`);
    [paused, slowMotion] = [false, { rate, wasPaused: slowMotion?.wasPaused ?? paused }];
    endManualStep();
    status.update({ state: 'running', slowMotionRate: rate, message: null });
  };
  /** Checkpoints and sample images belong to complete steps: a started step is completed first. */
  const afterCompleteStep = (work: () => Promise<void>) => async (id: string, next: StepPosition) => {
    if (isStepStart(next)) return work();
    afterStep.push({ work, id });
    if (paused) manualStep = { kind: 'generator-step', from: next, id: null };
    return acknowledgeLater;
  };
  const stepManually = (kind: ManualStep) => (id: string, next: StepPosition) => {
    if (!paused) pause();
    const refusal = refusalOf(kind, next);
    if (refusal !== null) return warn(refusal);
    manualStep = { kind, from: next, id };
    return acknowledgeLater;
  };
  const actions: Actions = {
    pause,
    resume,
    stop: () => {
      stopped = true;
      status.update({ state: 'stopping', slowMotionRate: null, message: 'Stopping: saving a checkpoint.' });
    },
    checkpoint: afterCompleteStep(checkpoint),
    sample: afterCompleteStep(sample),
    'critic-step': stepManually('critic-step'),
    'generator-step': stepManually('generator-step'),
    step: stepManually('step'),
  };

  const executeCommands = async (next: StepPosition): Promise<void> => {
    const received = receive();
    received.notices.forEach(warn);
    queue.push(...received.commands);
    // A manual step waits for the one in progress; all other commands apply immediately.
    while (queue.length > 0 && !stopped && !(manualStep && isManualStep(queue[0].kind))) {
      const command = queue.shift()!;
      if (command.kind !== 'slow-motion') {
        if ((await actions[command.kind](command.id, next)) === acknowledgeLater) continue;
      } else if (command.rate !== null) startSlowMotion(command.rate);
      else if (slowMotion?.wasPaused) pause();
      else if (slowMotion) resume();
      status.acknowledge(command.id);
    }
  };

  const interruption = (): Interruption | null => {
    if (signal.aborted) return failureReason(signal) ? 'failed' : 'interrupted';
    return stopped ? 'stopped' : null;
  };

  /** Milliseconds until the next update may run. */
  const remaining = (): number => {
    if (interruption() || manualStep) return 0;
    if (paused) return Infinity;
    return slowMotion === null ? 0 : releasedAt + 1000 / slowMotion.rate - clock.now();
  };
  const wait = async (next: StepPosition, show: () => Promise<void>): Promise<void> => {
    if (manualStep && (manualStep.from === next || !manualStepEnded[manualStep.kind](manualStep.from, next))) return;
    const startedAt = clock.now();
    await show();
    endManualStep();
    for (let heartbeatAt = startedAt; remaining() > 0; ) {
      await clock.sleep(Math.min(CHECK_EVERY, remaining()));
      if (clock.now() - heartbeatAt > HEARTBEAT_EVERY) {
        status.update({});
        heartbeatAt = clock.now();
      }
      await executeCommands(next);
    }
    releasedAt = clock.now();
    waited += releasedAt - startedAt;
  };

  const showsUpdates = (): boolean => paused || slowMotion !== null;

  return {
    beforeUpdate: async (next, report, show) => {
      const isStart = isStepStart(next);
      if (isStart) for (const { work, id } of afterStep.splice(0)) await work().then(() => status.acknowledge(id));
      if (isStart && interruption()) return interruption();
      if (!showsUpdates() && (!isStart || clock.now() - checkedAt < CHECK_EVERY)) return null;
      checkedAt = clock.now();
      // Short steps run without returning to the event loop; signals and worker threads need it.
      await yieldToEvents();
      report();
      await executeCommands(next);
      if (showsUpdates() && !interruption()) await wait(next, show);
      return isStart ? interruption() : null;
    },
    showsUpdates,
    waited: () => waited,
  };
}

/** Returned by an action whose command is acknowledged when its work is done. */
const acknowledgeLater = Symbol('acknowledge later');

type Actions = {
  readonly [K in SimpleCommandKind]: (
    id: string,
    next: StepPosition,
  ) => void | typeof acknowledgeLater | Promise<void | typeof acknowledgeLater>;
};

const processClock: Clock = { now: () => performance.now(), sleep };
