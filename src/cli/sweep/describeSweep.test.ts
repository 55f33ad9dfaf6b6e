import { expect, it } from 'vitest';
import type { SweepFile } from '../../sweep/schema';
import type { Sweep } from '../../sweep/sweepDirectory';
import type { TrialStatus } from '../../sweep/trialState';
import { countsText, limitText, secondsLeftOf } from './describeSweep';

const sweep = { trials: Array.from({ length: 4 }, () => ({ resolved: { steps: 100 } })) } as unknown as Sweep;
/** A trial whose steps took this long with all that was due between them; a burst of them was much faster. */
const trial = (state: string, step?: number, secondsPerStep = 0): TrialStatus => {
  const status = { step, steps: 100, startedAt: 1000, updatedAt: 1000 + (step ?? 0) * secondsPerStep };
  return { state, status: step === undefined ? null : status, message: null } as unknown as TrialStatus;
};

it('the time left is that of the missing steps, shared by the trials that run', () => {
  const running = [trial('finished', 100, 2), trial('running', 40, 2), trial('running', 60, 4), trial('waiting')];
  expect(secondsLeftOf(sweep, running)).toBe(((60 + 40 + 100) * 2) / 2);
});

it('canceled trials have not ended', () => {
  expect(countsText({ finished: 1, stopped: 1, canceled: 2 }, 4)).toBe(
    '2 of 4 ended: 1 finished, 1 stopped; 2 canceled',
  );
});

it('a plan of the first trials says of how many, without those that are skipped', () => {
  const file = (more: object): SweepFile => ({ experiment: 'a.gan.json', seeds: 3, ...more }) as SweepFile;
  const cases = { cases: { A: {}, B: {} } };
  const of = (more: object, planned: number) => limitText({ file: file(more), trials: sweep.trials.slice(0, planned) });
  expect(of(cases, 4)).toMatch(/^The plan has the first 4 of the 6 trials of the sweep file, by --max\./);
  expect(of({ ...cases, limits: { trials: 2 } }, 2)).toContain(
    '2 of the 6 trials of the sweep file, by --max or "limits.trials"',
  );
  expect(of({ ...cases, skip: [{ case: 'B' }] }, 2)).toContain('2 of the 3 trials');
  expect(of({ ...cases, skip: [{ case: 'B' }] }, 3)).toBeNull();
});
