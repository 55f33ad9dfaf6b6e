import { describe, expect, it } from 'vitest';
import type { Communicator } from '../parallel/communicator';
import { shareStart, sharedHooks } from './rankProtocol';
import type { Session } from './session';

/** Rank 1 of two, which receives these arrays from rank 0, one after another; sums add nothing. */
function rankOne(...received: readonly (Float32Array | null)[]): Communicator & { sums: number[] } {
  const left = [...received];
  const sums: number[] = [];
  return {
    ...{ rank: 1, size: 2, sums },
    broadcast: (x) => {
      const next = left.shift();
      if (next) x.set(next);
    },
    sum: (x) => sums.push(...x),
    close: () => {},
  };
}

const session = (values: Record<string, Float32Array>): Pick<Session, 'state' | 'experiment'> => {
  const state = { read: async () => values, write: async (next: object) => void Object.assign(values, next) };
  return { state, experiment: { steps: 20, checkpoints: { every: 10 } } } as unknown as Session;
};

const critic = { step: 3, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 1 } as const;

it('a rank starts with the state and at the step of rank 0', async () => {
  const values = { b: Float32Array.of(1, 2), a: Float32Array.of(3) };
  const numbers = new Float32Array(Float64Array.of(20_000_001, 100_000_005).buffer);
  const ranks = rankOne(numbers, Float32Array.of(30), Float32Array.of(10, 20));
  const from = await shareStart(ranks, session(values).state, { step: 0, criticUpdates: 0 });
  expect(from).toEqual({ step: 20_000_001, criticUpdates: 100_000_005 });
  expect(values).toEqual({ b: Float32Array.of(10, 20), a: Float32Array.of(30) });
});

it('a rank ends when rank 0 does', async () => {
  const hooks = sharedHooks(rankOne(Float32Array.of(0), Float32Array.of(2)), session({}), null);
  expect(await hooks.beforeUpdate(critic, {})).toBeNull();
  // Between the updates of a step nothing is asked.
  expect(await hooks.beforeUpdate({ ...critic, criticUpdatesDone: 1 }, {})).toBeNull();
  expect(await hooks.beforeUpdate(critic, {})).toBe('interrupted');
});

describe('the weights of ranks', () => {
  const at = (step: number, ranks: Communicator, { values = {}, checkpoint = true } = {}) =>
    sharedHooks(ranks, session({ w: Float32Array.of(1, 2) }), null).stepDone(
      { step, criticUpdates: 0 },
      values,
      { sample: false, checkpoint },
      [],
    );

  it('are compared at the steps of checkpoints and at the last one', async () => {
    const sumsAt = async (step: number, result?: { values?: object; checkpoint?: boolean }) => {
      const ranks = rankOne(null);
      await at(step, ranks, result);
      return ranks.sums;
    };
    expect(await sumsAt(9)).toEqual([]);
    expect(await sumsAt(10)).toEqual([0]);
    expect(await sumsAt(20)).toEqual([0]);
    // All ranks end there.
    expect(await sumsAt(10, { values: { estimate: NaN }, checkpoint: false })).toEqual([]);
    // An estimate on held-out samples, which rank 0 alone has, keeps it from no comparison.
    expect(await sumsAt(10, { values: { validationEstimate: Infinity } })).toEqual([0]);
  });

  it('that differ are an error at all ranks', async () => {
    await expect(at(10, rankOne(Float32Array.of(1, 1)))).rejects.toThrow(/weights of the processes differ at step 10/);
    const other = { ...rankOne(null), sum: (x: Float32Array) => void (x[0] += 1) };
    await expect(at(10, other)).rejects.toThrow(/differ at step 10/);
  });
});
