// The race of trainings with batches drawn ahead and between the updates, with a training that only says how long it took.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { feedCases, raceFeeds } from '../../bench/prefetch';
import { parseExperiment, setOverride } from '../../src/experiment';

let root: string;
beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'bench-feeds-'))));
afterEach(() => rmSync(root, { recursive: true }));

const pretender = `
const { appendFileSync, readFileSync } = require('node:fs');
const { root, ahead, steps } = JSON.parse(process.argv.at(-1));
appendFileSync(root + '/log', ahead ? 'a' : 'b');
const turn = Math.floor((readFileSync(root + '/log', 'utf8').length - 1) / 2);
console.log(JSON.stringify({ ms: (ahead ? [10, 50, 20] : [12, 80, 21])[turn], processorMs: ahead ? 15.5 : 14, share: ahead ? 0.986 : 0 }));
`;

test('ways take turns in alternating order; the ratio is the median over rounds of that within a round', () => {
  mkdirSync(path.join(root, 'dist/bench'), { recursive: true });
  writeFileSync(path.join(root, 'dist/prefetch-worker.cjs'), '');
  writeFileSync(path.join(root, 'dist/bench/training.cjs'), pretender);
  const said: string[] = [];
  raceFeeds([feedCases[0]], 3, root, (text) => said.push(text));
  expect(readFileSync(path.join(root, 'log'), 'utf8')).toBe('baabba');
  expect(said[2]).toBe('| eight-gaussians | 21.00 | 20.00 | 1.20 | 14.00, 15.50 | 99 % |');
});

test('what is not built is told', () => {
  expect(() => raceFeeds(feedCases, 1, root, () => {})).toThrow('npm run build');
});

test.each(feedCases.map((one) => [one.name, one] as const))('%s is an experiment', (_, { file, set }) => {
  const text = readFileSync(path.resolve(__dirname, '../..', file), 'utf8');
  const { experiment, problems } = parseExperiment(text, file, set.map(setOverride));
  expect(problems).toEqual([]);
  expect(experiment).toBeDefined();
});
