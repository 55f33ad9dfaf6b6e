// The ring buffer with both ends on one thread: what is ready, what is skipped, and how far ahead it is filled.
import { describe, expect, test } from 'vitest';
import { createRingBuffer, createProducer, createConsumer, type Fill } from './ringBuffer';

const first = { critic: 0, generator: 1 };

/** Both ends of a ring buffer whose inputs are 100 · update for the critic, and one more for the generator. */
function ends(from = first, length = 1) {
  const ring = createRingBuffer({ critic: { length }, generator: { length } }, from);
  const { take, counts } = createConsumer(ring);
  const { fill } = createProducer(ring);
  const filled: [role: string, update: number | 'obsolete'][] = [];
  const write: Fill = (role, update, slot, isObsolete) => {
    filled.push([role, isObsolete() ? 'obsolete' : update]);
    ring.lanes[role].slots[slot].fill(100 * update + Number(role === 'generator'));
  };
  const out = new Float32Array(length);
  return {
    ring,
    filled,
    counts,
    fill: (during?: () => void) => fill((...args) => (during?.(), write(...args))),
    fillAll: () => {
      while (fill(write));
    },
    /** The input; null if it was not ready. */
    take: (role: 'critic' | 'generator', update: number) => (take(role, update, out) ? out[0] : null),
  };
}

describe('the order of slots', () => {
  test('gives five critic updates per generator update, over many rounds of the ring', () => {
    const { take, fillAll, counts } = ends();
    fillAll();
    for (let step = 1; step <= 40; step++) {
      for (let k = 0; k < 5; k++) {
        const update = 5 * (step - 1) + k;
        expect(take('critic', update)).toBe(100 * update);
        if ((step + k) % 3 === 0) fillAll();
      }
      expect(take('generator', step)).toBe(100 * step + 1);
    }
    expect(counts()).toEqual({ requested: 240, ready: 240 });
  });

  test('fills the network with the fewest filled slots first', () => {
    const { filled, fill } = ends();
    for (let i = 0; i < 4; i++) fill();
    expect(filled).toEqual([
      ['critic', 0],
      ['generator', 1],
      ['critic', 1],
      ['generator', 2],
    ]);
  });

  test('starts at the next updates of a resumed run', () => {
    const { take, fill } = ends({ critic: 977, generator: 201 });
    fill();
    fill();
    expect([take('critic', 977), take('generator', 201), take('critic', 978)]).toEqual([97700, 20101, null]);
  });

  test('is correct beyond 2^31 updates', () => {
    const { take, fillAll } = ends({ critic: 2 ** 31 - 2, generator: 1 });
    fillAll();
    for (let k = -2; k < 3; k++) expect(take('critic', 2 ** 31 + k)).toBe(Math.fround(100 * (2 ** 31 + k)));
  });
});

describe('an update that is not ready', () => {
  test('is computed by the consumer and not filled afterwards', () => {
    const { take, fill, filled } = ends();
    expect([0, 1, 2].map((update) => take('critic', update))).toEqual([null, null, null]);
    for (let i = 0; i < 3; i++) fill();
    expect(filled).toEqual([
      ['generator', 1],
      ['critic', 4],
      ['generator', 2],
    ]);
    expect([take('critic', 3), take('critic', 4)]).toEqual([null, 400]);
  });

  test('and is just being filled is computed by the consumer, like the next one; the one after that is ready', () => {
    const { take, fill, filled } = ends();
    fill(() => expect(take('critic', 0)).toBeNull());
    for (let i = 0; i < 4; i++) fill();
    expect(filled).toEqual([
      ['critic', 'obsolete'],
      ['generator', 1],
      ['critic', 2],
      ['generator', 2],
      ['critic', 3],
    ]);
    expect([1, 2, 3].map((update) => take('critic', update))).toEqual([null, 200, 300]);
  });

  test('with a single slot may be one taken before the slot is refilled', () => {
    const { take, fill } = ends(first, 2 ** 22 + 16);
    expect(fill() && fill()).toBe(true);
    expect(fill()).toBe(false);
    expect([take('critic', 0), take('critic', 1)]).toEqual([0, null]);
    expect(fill()).toBe(false);
    expect(take('critic', 2)).toBeNull();
    expect(fill()).toBe(true);
    expect(take('critic', 3)).toBe(300);
  });

  test('and was skipped cannot be taken later', () => {
    const { take, fillAll, filled } = ends();
    fillAll();
    expect(take('critic', 5)).toBe(500);
    expect(take('critic', 60)).toBeNull();
    filled.length = 0;
    fillAll();
    expect(filled[0]).toEqual(['critic', 62]);
    expect(() => take('critic', 60)).toThrow('update 60 of the critic is taken after 60');
  });
});

describe('the number of prefetched updates', () => {
  test('is the number of slots, and no slot is overwritten before it is taken', () => {
    const { ring, take, fillAll, filled } = ends();
    fillAll();
    const { length } = ring.lanes.critic.slots;
    expect(length).toBe(8);
    expect(filled).toHaveLength(2 * length);
    take('critic', 0);
    fillAll();
    expect(filled.slice(2 * length)).toEqual([['critic', length]]);
    for (let update = 1; update <= length; update++) expect(take('critic', update)).toBe(100 * update);
  });

  test('is limited by 64 MiB in total, with at least one slot per network', () => {
    const slots = (critic: number, generator: number) => {
      const { lanes } = createRingBuffer({ critic: { length: critic }, generator: { length: generator } }, first);
      expect(lanes.critic.slots.every(({ length }) => length === critic)).toBe(true);
      return [lanes.critic.slots.length, lanes.generator.slots.length];
    };
    expect(slots(2 ** 20, 2 ** 20)).toEqual([8, 8]);
    expect(slots(3 * 2 ** 20, 2 ** 20)).toEqual([4, 4]);
    expect(slots(2 ** 23, 1)).toEqual([1, 1]);
    expect(slots(2 ** 25, 1)).toEqual([1, 1]);
  });
});
