// Tables of results against numbers counted without a program, and the number of a trial from its curve.
import { expect, test } from 'vitest';
import type { Experiment } from '../experiment';
import { csvOf, latexTable, markdownTable } from '../shared/table';
import { pairsTable, settingsTable, trialsTable } from './resultTables';
import { valueOf, type Comparison, type TrialResult } from './results';

const comparison: Comparison = { metric: 'w1', maximize: false, value: 'last', tail: 0.2, thresholds: [1, 0.5] };

const resultOf = (name: string, sample: number, value: number | null, state: TrialResult['state'] = 'finished') => ({
  trial: {
    ...{
      trial: 1,
      experiment: 0,
      axes: { case: name },
      sample,
      sampled: { 'critic.width': 8 * (sample + 1) },
      seed: 1,
    },
    ...{ settings: [], threads: 1, resolved: {} as Experiment },
  },
  state,
  value,
});

/** Samples 0 to 4: only B is within 1, both are, only A is within 0.5, A diverged, B waits. */
const results: TrialResult[] = [
  resultOf('A', 0, 2),
  resultOf('B', 0, 0.9),
  resultOf('A', 1, 0.4),
  resultOf('B', 1, 0.3),
  resultOf('A', 2, 0.5),
  resultOf('B', 2, 0.8),
  resultOf('A', 3, null, 'diverged'),
  resultOf('B', 3, 0.1),
  resultOf('A', 4, 0.2),
  resultOf('B', 4, null, 'waiting'),
];

test('a setting has its trials, median, range, and the share of those that ended within each threshold', () => {
  const { columns, rows } = settingsTable(results, ['case'], comparison);
  expect(columns).toEqual([
    'case',
    'n',
    'median w1',
    'least',
    'most',
    'diverged',
    'failed',
    'waiting',
    '% ≤ 1',
    '% ≤ 0.5',
  ]);
  expect(rows).toEqual([
    ['A', 4, 0.45, 0.2, 2, 1, 0, 0, 60, 60],
    ['B', 4, 0.55, 0.1, 0.9, 0, 0, 1, 100, 50],
  ]);
});

test('the median of two values has no digits of rounding', () => {
  const [a, b] = [1.1015087, 1.1120795];
  expect((a + b) / 2).not.toBe(1.1067941);
  const rows = settingsTable([resultOf('A', 0, a), resultOf('A', 1, b)], ['case'], comparison).rows;
  expect(rows[0][2]).toBe(1.1067941);
});

test('pairs of the same sample and seed are counted as in table 2 of WGAN-GP', () => {
  expect(pairsTable(results, ['case'], comparison)).toEqual({
    columns: ['w1 within', 'only A', 'only B', 'both', 'neither'],
    rows: [
      ['≤ 1', 0, 2, 2, 0],
      ['≤ 0.5', 1, 1, 1, 1],
    ],
  });
  expect(pairsTable(results, ['case'], { ...comparison, maximize: true })?.rows[0]).toEqual(['≥ 1', 1, 0, 0, 3]);
  expect(pairsTable(results, ['critic.width'], comparison)).toBeNull();
});

test('a group without results has no numbers, and a failed trial counts as one that did not succeed', () => {
  const few = [resultOf('A', 0, null, 'failed'), resultOf('B', 0, null, 'waiting')];
  expect(settingsTable(few, ['case'], comparison).rows).toEqual([
    ['A', 0, '', '', '', 0, 1, 0, 0, 0],
    ['B', 0, '', '', '', 0, 0, 1, '', ''],
  ]);
});

test('other settings group, too, and all trials are rows', () => {
  expect(settingsTable(results, ['critic.width', 'seed'], null).rows).toEqual(
    [8, 16, 24, 32, 40].map((width) => [
      width,
      1,
      width === 32 || width === 40 ? 1 : 2,
      width === 32 ? 1 : 0,
      0,
      width === 40 ? 1 : 0,
    ]),
  );
  expect(trialsTable(results, ['sample'], comparison).rows[6]).toEqual([1, 4, 'diverged', '']);
});

test('states have the names of the command line, and only finished, diverged and failed trials count as ended', () => {
  const some = [
    resultOf('A', 0, 0.5),
    ...(['stopped', 'canceled', 'exited', 'exited'] as const).map((state, k) => resultOf('A', k + 1, null, state)),
  ];
  const { columns, rows } = settingsTable(some, ['case'], comparison);
  expect(columns.slice(5, -2)).toEqual(['diverged', 'failed', 'canceled', 'exited unexpectedly', 'stopped']);
  expect(rows[0].slice(5)).toEqual([0, 0, 1, 2, 1, 100, 100]);
  expect(trialsTable(some, [], comparison).rows.map(([, state]) => state)).toEqual([
    ...['finished', 'stopped', 'canceled', 'exited unexpectedly', 'exited unexpectedly'],
  ]);
});

test('the number of a trial is the last, the best, or the mean of the last part of its curve', () => {
  const curve = {
    step: Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    columns: { w1: Float32Array.of(NaN, 4, NaN, 1, NaN, 3, NaN, 2, NaN, 6) },
  };
  const number = (change: Partial<Comparison>) => valueOf(curve, { ...comparison, ...change });
  expect(number({})).toBe(6);
  expect(number({ value: 'best' })).toBe(1);
  expect(number({ value: 'best', maximize: true })).toBe(6);
  expect(number({ value: 'tail' })).toBe(6);
  expect(number({ value: 'tail', tail: 0.3 })).toBe(4);
  expect(number({ metric: 'swd' })).toBeNull();
  // With the digits of a float32, as other files have them.
  const fine = { step: Uint32Array.of(1), columns: { w1: Float32Array.of(0.4057) } };
  expect((['last', 'best'] as const).map((value) => valueOf(fine, { ...comparison, value }))).toEqual([0.4057, 0.4057]);
  expect(valueOf({ step: curve.step, columns: { w1: new Float32Array(10).fill(NaN) } }, comparison)).toBeNull();
});

test('seeds keep all their digits in tables', () => {
  const table = { columns: ['seed', 'w1'], rows: [[20261201, 0.123456]] };
  expect(markdownTable(table)).toMatch(/\| 20261201 \| 0\.1235 \|$/);
  expect(latexTable(table)).toContain('20261201 & 0.1235');
});

test('tables are written as CSV, Markdown and LaTeX', () => {
  const table = { columns: ['case', '% ≤ 1'], rows: [['a_b, "c" | d', 12.34567]] };
  expect(csvOf(table)).toBe('case,% ≤ 1\n"a_b, ""c"" | d",12.34567\n');
  expect(markdownTable(table)).toBe('| case | % ≤ 1 |\n| --- | --- |\n| a_b, "c" \\| d | 12.35 |');
  expect(latexTable(table).split('\n')).toEqual([
    '\\begin{tabular}{lr}',
    '  \\toprule',
    '  case & \\% $\\le$ 1 \\\\',
    '  \\midrule',
    '  a\\_b, "c" | d & 12.35 \\\\',
    '  \\bottomrule',
    '\\end{tabular}',
  ]);
});
