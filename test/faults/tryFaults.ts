// Runs trials of a kind and counts those that held.
import { type FaultKind, must } from './faultKind';
import { Random } from './random';
import { Sandbox } from './sandbox';

export interface Failure {
  readonly number: number;
  readonly message: string;
}

export interface Tally {
  readonly tried: number;
  readonly failures: readonly Failure[];
}

interface Options {
  readonly seed: string;
  /** The numbers of the trials. */
  readonly numbers: Iterator<number>;
  /** Trials that run at the same time; trials in this process always run one after another. */
  readonly atOnce?: number;
  /** Called before each trial. */
  readonly onTrial?: (number: number) => void;
}

export async function tryFaults(kind: FaultKind, { seed, numbers, atOnce = 1, onTrial }: Options): Promise<Tally> {
  let tried = 0;
  const failures: Failure[] = [];
  // A new sandbox for each of thousands of trials would take most of the time.
  const shared = kind.inProcess ? new Sandbox() : null;
  const attempt = async (number: number, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failures.push({ number, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const lane = async () => {
    for (let next = numbers.next(); !next.done; next = numbers.next()) {
      const number = next.value;
      tried++;
      onTrial?.(number);
      const sandbox = shared ?? new Sandbox();
      await attempt(number, () => kind.run({ number, random: new Random(`${seed}/${kind.id}/${number}`), sandbox }));
      if (!shared) sandbox.remove();
    }
  };
  await Promise.all(Array.from({ length: shared ? 1 : atOnce }, lane));
  if (shared) {
    await attempt(-1, () => Promise.resolve(shared.mustBeUntouched()));
    shared.remove();
  }
  return { tried, failures };
}

/** The numbers from 0 to `count` − 1. */
export function* numbersBelow(count: number): Generator<number, undefined> {
  for (let number = 0; number < count; number++) yield number;
}

/** The numbers from 0 until a time in ms, as of Date.now(). */
export function* numbersUntil(end: number): Generator<number, undefined> {
  for (let number = 0; Date.now() < end; number++) yield number;
}

/** Parses a whole number of at least 1. */
export function positive(text: string, name: string): number {
  const value = Number(text);
  must(Number.isSafeInteger(value) && value >= 1, `${name} is "${text}"; it must be a whole number of at least 1.`);
  return value;
}
