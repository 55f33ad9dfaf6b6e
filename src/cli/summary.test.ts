import { expect, it } from 'vitest';
import { seedsSummary, type SeedResult } from './summary';
import { createStyle } from './output';

const end = (seed: number, modes: number, reason: 'finished' | 'diverged' = 'finished'): SeedResult => ({
  seed,
  code: 0,
  end: { event: 'end', reason, run: `/r-${seed}`, step: 10, metrics: { modes, w1: modes / 16 } },
});

it('shows each seed, then the median and the range', () => {
  expect(seedsSummary([end(1, 8), end(2, 6), end(3, 7)], 3, createStyle(false)).split('\n')).toEqual([
    '3 of 3 seeds',
    '',
    '  seed    result    modes   w1',
    '  1       finished  8       0.5',
    '  2       finished  6       0.375',
    '  3       finished  7       0.4375',
    '  median            7       0.4375',
    '  range             6 to 8  0.375 to 0.5',
  ]);
});

it('lists seeds that were not started, and escapes control characters in column names', () => {
  const stopped: SeedResult = { seed: 4, code: 3 };
  const odd = { ...end(3, 8), end: { ...end(3, 8).end!, metrics: { '\x1b[2J': NaN } } };
  const text = seedsSummary([odd, stopped], 5, createStyle(false));
  expect(text).toContain('\\x1b[2J');
  expect(text).toMatch(/^ {2}4 {7}failed {4}-$/m);
  expect(seedsSummary([{ seed: 4, code: 130 }], 5, createStyle(false))).toMatch(/^ {2}4 {5}interrupted$/m);
  expect(text).toContain('3 seeds were not started.');
});
