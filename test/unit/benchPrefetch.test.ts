// The prefetch benchmark, with a fake training run that only reports times.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prefetchCases, benchmarkPrefetch } from '../../bench/prefetch';
import { parseExperiment, setOverride } from '../../src/experiment';

let root: string;
beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'bench-prefetch-'))));
afterEach(() => rmSync(root, { recursive: true }));

const fakeTraining = `
const { appendFileSync, readFileSync } = require('node:fs');
const { root, prefetch, steps } = JSON.parse(process.argv.at(-1));
appendFileSync(root + '/log', prefetch ? 'p' : 'w');
const round = Math.floor((readFileSync(root + '/log', 'utf8').length - 1) / 2);
console.log(JSON.stringify({ ms: (prefetch ? [10, 50, 20] : [12, 80, 21])[round], cpuMs: prefetch ? 15.5 : 14, share: prefetch ? 0.986 : 0 }));
`;

test('runs alternate in order, and the speedup is the median over rounds', () => {
  mkdirSync(path.join(root, 'dist/bench'), { recursive: true });
  writeFileSync(path.join(root, 'dist/prefetch-worker.cjs'), '');
  writeFileSync(path.join(root, 'dist/bench/training.cjs'), fakeTraining);
  const printed: string[] = [];
  benchmarkPrefetch([prefetchCases[0]], 3, root, (text) => printed.push(text));
  expect(readFileSync(path.join(root, 'log'), 'utf8')).toBe('wppwwp');
  expect(printed[2]).toBe('| eight-gaussians | 21.00 | 20.00 | 1.20 | 14.00, 15.50 | 99% |');
});

test('a missing build is reported', () => {
  expect(() => benchmarkPrefetch(prefetchCases, 1, root, () => {})).toThrow('npm run build');
});

test.each(prefetchCases.map((each) => [each.name, each] as const))(
  'benchmark case %s is a valid experiment',
  (_, { file, set }) => {
    const text = readFileSync(path.resolve(__dirname, '../..', file), 'utf8');
    const { experiment, problems } = parseExperiment(text, file, set.map(setOverride));
    expect(problems).toEqual([]);
    expect(experiment).toBeDefined();
  },
);
