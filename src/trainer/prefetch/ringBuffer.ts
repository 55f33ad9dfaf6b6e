// A single-producer, single-consumer ring buffer of update inputs in memory shared by two threads. Each network has a
// lane of slots; update n is in slot n mod count. The consumer never waits for the producer.
import type { Role } from '../../catalog';

type PerRole<T> = { readonly [R in Role]: T };

/** Can be sent to another thread. */
export interface RingBuffer {
  /** Shared words, at the indexes below. */
  readonly words: Int32Array;
  readonly lanes: PerRole<Lane>;
}

interface Lane {
  /** Each holds all random inputs of an update. */
  readonly slots: readonly Float32Array[];
  /** For each slot, one more than the update it holds; 0 if it is empty. */
  readonly held: Int32Array;
}

/** Slots per lane: enough that the producer is woken for several at a time. */
const MAX_SLOTS = 8;
/**
 * Bytes of all slots, unless a single slot per lane is larger. The consumer copies, so that a slot can be refilled at
 * once.
 */
const MAX_BYTES = 64 * 2 ** 20;

/** Indexes of `words`. An update is a number in [0, 2^32), like the steps of random keys. */
const ASLEEP = 0;
/** The next update that can be taken: earlier ones are obsolete. */
const next = { critic: 1, generator: 2 } as const;
const roles = ['critic', 'generator'] as const;

/** An empty ring buffer for inputs of these lengths, starting at the updates `first`. */
export function createRingBuffer(inputs: PerRole<{ readonly length: number }>, first: PerRole<number>): RingBuffer {
  const bytes = 4 * (inputs.critic.length + inputs.generator.length);
  const count = Math.max(1, Math.min(MAX_SLOTS, Math.floor(MAX_BYTES / bytes)));
  const lane = (role: Role): Lane => ({
    slots: Array.from({ length: count }, () => new Float32Array(new SharedArrayBuffer(4 * inputs[role].length))),
    held: sharedWords(count),
  });
  const words = sharedWords(3);
  for (const role of roles) words[next[role]] = first[role];
  return { words, lanes: { critic: lane('critic'), generator: lane('generator') } };
}

const sharedWords = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * count));
const load = (words: Int32Array, index: number): number => Atomics.load(words, index) >>> 0;

export interface Consumer {
  /**
   * Copies the inputs of an update into `out`. False if they are not ready: the caller draws them, and the producer
   * skips them. Updates of a network must be taken in ascending order; skipped updates cannot be taken later.
   */
  take(role: Role, update: number, out: Float32Array): boolean;
  /** The number of `take` calls, and of those that found their inputs ready. */
  counts(): { readonly requested: number; readonly ready: number };
}

export function createConsumer({ words, lanes }: RingBuffer): Consumer {
  const counts = { requested: 0, ready: 0 };
  const isReady = ({ slots, held }: Lane, update: number): boolean => load(held, update % slots.length) === update + 1;
  return {
    counts: () => counts,
    take: (role, update, out) => {
      const lane = lanes[role];
      const count = lane.slots.length;
      const expected = load(words, next[role]);
      if (update < expected)
        throw new Error(`assertion failed: update ${update} of the ${role} is taken after ${expected - 1}`);
      const ready = isReady(lane, update);
      if (ready) out.set(lane.slots[update % count]);
      Atomics.store(words, next[role], update + 1);
      counts.requested++;
      counts.ready += Number(ready);
      // The producer is woken when half of the slots are free: each wake-up is a system call.
      const isHalfFree = !isReady(lane, update + 1 + (count >> 1));
      if (isHalfFree && Atomics.exchange(words, ASLEEP, 0) === 1) Atomics.notify(words, ASLEEP);
      return ready;
    },
  };
}

/** Writes the inputs of an update into a slot; it may return early once the update is obsolete. */
export type Fill = (role: Role, update: number, slot: number, isObsolete: () => boolean) => void;

export interface Producer {
  /** Fills the slot that is needed first; false if all are full. */
  fill(write: Fill): boolean;
  /** Blocks until half of a lane is free. The consumer must be on another thread. */
  waitForSpace(): void;
}

export function createProducer({ words, lanes }: RingBuffer): Producer {
  const nextTaken = (role: Role): number => load(words, next[role]);
  const nextFilled = { critic: nextTaken('critic'), generator: nextTaken('generator') };
  /** The number of updates of a lane that are filled and not yet taken. */
  const ahead = (role: Role): number => {
    const from = nextTaken(role);
    // The consumer has overtaken the producer and draws this update itself: continue with the one after it.
    if (nextFilled[role] < from) nextFilled[role] = from + 1;
    return nextFilled[role] - from;
  };
  const isFull = (role: Role): boolean => ahead(role) >= lanes[role].slots.length;
  return {
    fill: (write) => {
      const role = ahead('critic') <= ahead('generator') ? 'critic' : 'generator';
      if (isFull(role)) return false;
      const { slots, held } = lanes[role];
      const update = nextFilled[role];
      const isObsolete = (): boolean => nextTaken(role) > update;
      write(role, update, update % slots.length, isObsolete);
      if (isObsolete()) return true;
      Atomics.store(held, update % slots.length, update + 1);
      nextFilled[role] = update + 1;
      return true;
    },
    waitForSpace: () => {
      Atomics.store(words, ASLEEP, 1);
      // If the consumer took one before it saw this, there is space.
      if (roles.every(isFull)) Atomics.wait(words, ASLEEP, 1);
      Atomics.store(words, ASLEEP, 0);
    },
  };
}
