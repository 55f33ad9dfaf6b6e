// The time that a run still takes: steps at their current pace, and the samples and checkpoints that are still due.

/** What a step cost, in seconds of training: without the time in which the run was paused. */
export interface StepCost {
  /** From the end of the step before, with everything. */
  readonly seconds: number;
  /** Of these for its checkpoint; undefined if none was due. */
  readonly checkpoint?: number;
  /** Whether samples were due, with their metrics and images. */
  readonly hasSample: boolean;
}

export interface RemainingTime {
  observe(step: number, cost: StepCost): void;
  /** Seconds from the end of the last step to the end of the run; null before two steps. */
  secondsLeft(): number | null;
}

interface Schedule {
  readonly steps: number;
  readonly samplesEvery: number;
  readonly checkpointsEvery: number;
}

/** The pace is that of this many seconds: long enough to be steady, short enough to follow changes. */
const windowSeconds = 30;
/** A few occurrences of what is due are enough. */
const maxKept = 8;

export function createRemainingTime({ steps, samplesEvery, checkpointsEvery }: Schedule): RemainingTime {
  const plain: number[] = [];
  let plainSeconds = 0;
  const extras = { sample: [] as number[], checkpoint: [] as number[] };
  let lastStep: number | undefined;
  let observed = 0;
  const pace = (): number => plainSeconds / plain.length;
  const keep = (list: number[], seconds: number): void => {
    list.push(seconds);
    if (list.length > maxKept) list.shift();
  };
  return {
    observe(step, { seconds, checkpoint = 0, hasSample }) {
      lastStep = step;
      // The first step compiles.
      if (observed++ === 0) return;
      if (checkpoint > 0) keep(extras.checkpoint, checkpoint);
      const rest = seconds - checkpoint;
      if (hasSample && plain.length > 0) return keep(extras.sample, Math.max(0, rest - pace()));
      plain.push(rest);
      plainSeconds += rest;
      while (plain.length > 50 && plainSeconds - plain[0] > windowSeconds) plainSeconds -= plain.shift()!;
    },
    secondsLeft() {
      if (lastStep === undefined || plain.length === 0) return null;
      const stepsLeft = Math.max(0, steps - lastStep);
      const dueOf = (every: number): number =>
        Math.ceil(steps / every) - Math.floor(lastStep! / every) - Number(lastStep === steps);
      const extra = (list: readonly number[], every: number): number => usual(list) * Math.max(0, dueOf(every));
      return stepsLeft * pace() + extra(extras.sample, samplesEvery) + extra(extras.checkpoint, checkpointsEvery);
    },
  };
}

/** The mean of what usually happens: the first time, code is compiled and folders are created. */
function usual(list: readonly number[]): number {
  const later = list.length > 1 ? list.slice(1) : list;
  return later.length === 0 ? 0 : later.reduce((sum, seconds) => sum + seconds, 0) / later.length;
}
