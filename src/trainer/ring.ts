// What the updates draw, ahead of them, in memory that two threads share: one fills it in the order of the updates, the other takes.
// Each network has a lane of slots; update n is in slot n mod count. Neither thread ever waits for the other to compute.
import type { Role } from '../catalog';

type PerRole<T> = { readonly [R in Role]: T };

/** Threads hand it to each other. */
export interface Ring {
  /** `words` by their place. */
  readonly words: Int32Array;
  /** One array for all that an update draws. */
  readonly slots: PerRole<readonly Float32Array[]>;
}

/** Slots of a lane: enough that who fills them is woken for several at a time. */
const MOST_SLOTS = 8;
/** Bytes of all slots. One of each lane is there in any case: what is taken is copied, so that it can be filled again at once. */
const MOST_BYTES = 64 * 2 ** 20;

/** Places of the words. An update is a number in [0, 2^32), as the steps of random keys are. */
const ASLEEP = 0;
/** The next update to be taken: those before it are over. */
const next = { critic: 1, generator: 2 } as const;
/** The first update from there on that is not filled. */
const end = { critic: 3, generator: 4 } as const;
const roles = ['critic', 'generator'] as const;

/** An empty ring for updates that draw so many numbers, from the first ones on. */
export function createRing(draws: PerRole<{ readonly length: number }>, first: PerRole<number>): Ring {
  const bytes = 4 * (draws.critic.length + draws.generator.length);
  const count = Math.max(1, Math.min(MOST_SLOTS, Math.floor(MOST_BYTES / bytes)));
  const lane = ({ length }: { readonly length: number }): Float32Array[] =>
    Array.from({ length: count }, () => new Float32Array(new SharedArrayBuffer(4 * length)));
  const words = new Int32Array(new SharedArrayBuffer(4 * 5));
  for (const role of roles) words[next[role]] = words[end[role]] = first[role];
  return { words, slots: { critic: lane(draws.critic), generator: lane(draws.generator) } };
}

export interface Taker {
  /**
   * Copies what an update draws into `out`. False where it is not filled: the caller draws it, and it is not filled any more.
   * Updates of a network are taken in ascending order; those that are passed over are over.
   */
  take(role: Role, update: number, out: Float32Array): boolean;
  /** Updates that were asked for, and those of them that were there. */
  counts(): { readonly asked: number; readonly there: number };
}

export function takerOf({ words, slots }: Ring): Taker {
  const at = (place: number): number => Atomics.load(words, place) >>> 0;
  const counts = { asked: 0, there: 0 };
  return {
    counts: () => counts,
    take: (role, update, out) => {
      const { length } = slots[role];
      const over = at(next[role]);
      if (update < over)
        throw new Error(`assertion failed: update ${update} of the ${role} is taken after ${over - 1}`);
      const filled = at(end[role]);
      const there = update < filled;
      if (there) out.set(slots[role][update % length]);
      counts.asked++;
      counts.there += Number(there);
      Atomics.store(words, next[role], update + 1);
      // Woken at half: each waking is a call of the system.
      if (2 * (filled - update - 1) <= length && Atomics.exchange(words, ASLEEP, 0) === 1)
        Atomics.notify(words, ASLEEP);
      return there;
    },
  };
}

/** Fills slot `slot` of a lane with what an update draws. */
export type Fill = (role: Role, update: number, slot: number) => void;

export interface Filler {
  /** Fills the slot that will be wanted first; false where all are full. */
  fill(draw: Fill): boolean;
  /** Sleeps until half of a lane is free. The thread that takes must be another. */
  rest(): void;
}

export function fillerOf({ words, slots }: Ring): Filler {
  const wanted = (role: Role): number => Atomics.load(words, next[role]) >>> 0;
  const at = { critic: wanted('critic'), generator: wanted('generator') };
  /** Updates of a lane that are filled and not taken. What was taken meanwhile is not filled any more. */
  const ahead = (role: Role): number => {
    const from = wanted(role);
    at[role] = Math.max(at[role], from);
    return at[role] - from;
  };
  const isFull = (role: Role): boolean => ahead(role) >= slots[role].length;
  return {
    fill: (draw) => {
      const role = ahead('critic') <= ahead('generator') ? 'critic' : 'generator';
      if (isFull(role)) return false;
      const update = at[role];
      draw(role, update, update % slots[role].length);
      at[role] = update + 1;
      Atomics.store(words, end[role], update + 1);
      return true;
    },
    rest: () => {
      Atomics.store(words, ASLEEP, 1);
      // Whoever took one before it saw that has left room.
      if (roles.every(isFull)) Atomics.wait(words, ASLEEP, 1);
      Atomics.store(words, ASLEEP, 0);
    },
  };
}
