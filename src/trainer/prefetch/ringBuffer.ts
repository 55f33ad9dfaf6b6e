// What the updates draw, ahead of them, in memory that two threads share: one fills it in the order of the updates, the other takes.
// Each network has a lane of slots; update n is in slot n mod count. Neither thread ever waits for the other to draw.
import type { Role } from '../../catalog';

type PerRole<T> = { readonly [R in Role]: T };

/** Threads hand it to each other. */
export interface RingBuffer {
  /** `words` by their place. */
  readonly words: Int32Array;
  readonly lanes: PerRole<Lane>;
}

interface Lane {
  /** One array for all that an update draws. */
  readonly slots: readonly Float32Array[];
  /** For each slot one more than the update that it holds; 0 where it holds none. */
  readonly held: Int32Array;
}

/** Slots of a lane: enough that who fills them is woken for several at a time. */
const MOST_SLOTS = 8;
/** Bytes of all slots. One of each lane is there in any case: what is taken is copied, so that it can be filled again at once. */
const MOST_BYTES = 64 * 2 ** 20;

/** Places of the words. An update is a number in [0, 2^32), as the steps of random keys are. */
const ASLEEP = 0;
/** The next update to be taken: those before it are over. */
const next = { critic: 1, generator: 2 } as const;
const roles = ['critic', 'generator'] as const;

/** An empty ring for updates that draw so many numbers, from the first ones on. */
export function createRingBuffer(draws: PerRole<{ readonly length: number }>, first: PerRole<number>): RingBuffer {
  const bytes = 4 * (draws.critic.length + draws.generator.length);
  const count = Math.max(1, Math.min(MOST_SLOTS, Math.floor(MOST_BYTES / bytes)));
  const lane = (role: Role): Lane => ({
    slots: Array.from({ length: count }, () => new Float32Array(new SharedArrayBuffer(4 * draws[role].length))),
    held: sharedWords(count),
  });
  const words = sharedWords(3);
  for (const role of roles) words[next[role]] = first[role];
  return { words, lanes: { critic: lane('critic'), generator: lane('generator') } };
}

const sharedWords = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * count));
const load = (words: Int32Array, place: number): number => Atomics.load(words, place) >>> 0;

export interface Consumer {
  /**
   * Copies what an update draws into `out`. False where it is not filled: the caller draws it, and it is not filled any more.
   * Updates of a network are taken in ascending order; those that are passed over are over.
   */
  take(role: Role, update: number, out: Float32Array): boolean;
  /** Updates that were asked for, and those of them that were there. */
  counts(): { readonly asked: number; readonly there: number };
}

export function createConsumer({ words, lanes }: RingBuffer): Consumer {
  const counts = { asked: 0, there: 0 };
  const heldBy = ({ slots, held }: Lane, update: number): boolean => load(held, update % slots.length) === update + 1;
  return {
    counts: () => counts,
    take: (role, update, out) => {
      const lane = lanes[role];
      const count = lane.slots.length;
      const over = load(words, next[role]);
      if (update < over)
        throw new Error(`assertion failed: update ${update} of the ${role} is taken after ${over - 1}`);
      const there = heldBy(lane, update);
      if (there) out.set(lane.slots[update % count]);
      Atomics.store(words, next[role], update + 1);
      counts.asked++;
      counts.there += Number(there);
      // Woken when half are taken: each waking is a call of the system.
      const halfIsTaken = !heldBy(lane, update + 1 + (count >> 1));
      if (halfIsTaken && Atomics.exchange(words, ASLEEP, 0) === 1) Atomics.notify(words, ASLEEP);
      return there;
    },
  };
}

/** Fills slot `slot` of a lane with what an update draws; it may leave off where the update is over. */
export type Fill = (role: Role, update: number, slot: number, isOver: () => boolean) => void;

export interface Producer {
  /** Fills the slot that will be wanted first, unless it comes too late; false where all are full. */
  fill(draw: Fill): boolean;
  /** Sleeps until half of a lane is free. The thread that takes must be another. */
  rest(): void;
}

export function createProducer({ words, lanes }: RingBuffer): Producer {
  const wanted = (role: Role): number => load(words, next[role]);
  const at = { critic: wanted('critic'), generator: wanted('generator') };
  /** Updates of a lane that are filled and not taken. */
  const ahead = (role: Role): number => {
    const from = wanted(role);
    // Overtaken by whoever takes, and draws what comes too late: they share the updates from here on.
    if (at[role] < from) at[role] = from + 1;
    return at[role] - from;
  };
  const isFull = (role: Role): boolean => ahead(role) >= lanes[role].slots.length;
  return {
    fill: (draw) => {
      const role = ahead('critic') <= ahead('generator') ? 'critic' : 'generator';
      if (isFull(role)) return false;
      const { slots, held } = lanes[role];
      const update = at[role];
      const isOver = (): boolean => wanted(role) > update;
      draw(role, update, update % slots.length, isOver);
      if (isOver()) return true;
      Atomics.store(held, update % slots.length, update + 1);
      at[role] = update + 1;
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
