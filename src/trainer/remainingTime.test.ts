// The remaining time is right within 20 % after 10 % of a run: over the times of real runs, and over made-up ones.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRemainingTime } from './remainingTime';

interface Timeline {
  readonly samplesEvery: number;
  readonly checkpointsEvery: number;
  /** From each row of the curve to the next, with the samples and the checkpoint of the step. */
  readonly milliseconds: string;
}
const file = path.join(__dirname, '../../test/fixtures/run/timelines.json');
const recorded: Record<string, Timeline> = JSON.parse(readFileSync(file, 'utf8'));

/** What was expected, and what it took, in seconds, at a share of a run whose steps take `seconds`. */
function atShare(share: number, seconds: readonly number[], every: Omit<Timeline, 'milliseconds'>) {
  const steps = seconds.length;
  const remaining = createRemainingTime({ steps, ...every });
  const typical = [...seconds].sort((a, b) => a - b)[steps >> 1];
  const seen = Math.floor(steps * share);
  for (let step = 1; step <= seen; step++) {
    const cost = seconds[step - 1];
    const isCheckpoint = step % every.checkpointsEvery === 0;
    remaining.observe(step, {
      seconds: cost,
      hasSample: step % every.samplesEvery === 0,
      ...(isCheckpoint && { checkpoint: Math.max(0, cost - typical) }),
    });
  }
  return { expected: remaining.secondsLeft() ?? NaN, took: seconds.slice(seen).reduce((sum, each) => sum + each, 0) };
}

const errorAt = (...given: Parameters<typeof atShare>): number => {
  const { expected, took } = atShare(...given);
  return Math.abs(expected / took - 1);
};

describe('the remaining time', () => {
  it.each(Object.keys(recorded))('of the recorded run %s is right within 20 %% after 10 %%', (name) => {
    const { milliseconds, ...every } = recorded[name];
    const seconds = milliseconds.split(' ').map((text) => Number(text) / 1000);
    // The end of the last step is not in the curve.
    expect(errorAt(0.1, [...seconds, seconds[0]], every)).toBeLessThan(0.2);
  });

  const every = { samplesEvery: 50, checkpointsEvery: 200 };
  /** A run whose steps take 10 ms, with samples of 1 s and checkpoints of half a second. */
  const made = (stepSeconds: (step: number) => number) =>
    Array.from({ length: 1000 }, (_, i) => {
      const step = i + 1;
      return stepSeconds(step) + (step % 50 === 0 ? 1 : 0) + (step % 200 === 0 ? 0.5 : 0);
    });

  it('counts the samples and checkpoints that are due, which take most of the time', () => {
    for (const share of [0.1, 0.2, 0.3, 0.5, 0.9])
      expect(
        errorAt(
          share,
          made(() => 0.01),
          every,
        ),
      ).toBeLessThan(0.2);
  });

  it('does not count what happens once: compiling the first step, and the first samples', () => {
    const seconds = made((step) => 0.01 + (step === 1 ? 60 : 0) + (step === 50 ? 30 : 0));
    expect(errorAt(0.1, seconds, every)).toBeLessThan(0.2);
  });

  it('follows a change of the pace', () => {
    const seconds = made((step) => (step < 400 ? 0.1 : 0.4));
    expect(errorAt(0.6, seconds, every)).toBeLessThan(0.2);
  });

  it('is unknown before two steps, and nothing at the end', () => {
    expect(
      atShare(
        0.001,
        made(() => 1),
        every,
      ).expected,
    ).toBeNaN();
    expect(
      atShare(
        1,
        made(() => 1),
        every,
      ).expected,
    ).toBe(0);
  });
});
