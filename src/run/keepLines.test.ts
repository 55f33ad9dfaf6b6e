import fs from 'node:fs';
import { expect, test } from 'vitest';
import { openWhenRenamed } from '../../test/support/openFiles';
import { scratch } from '../../test/fixtures/run/scratch';
import { keepLines } from './keepLines';

const file = scratch('lines.jsonl');
const hasEven = (line: Buffer) => Number(/^\{"step":(\d+)/.exec(line.toString('latin1', 0, 30))?.[1] ?? 1) % 2 === 0;
const line = (step: number, length = 10) => `{"step":${step},"text":"${'x'.repeat(length)}"}\n`;

test('lines are kept or removed alone, across chunks of the file', () => {
  const lengths = [0, 10, 1000, 300_000, 1_048_576, 2_500_000];
  const lines = Array.from({ length: 60 }, (_, i) => line(i, lengths[i % lengths.length]));
  fs.writeFileSync(file(), lines.join(''));
  keepLines(file(), hasEven);
  expect(fs.readFileSync(file(), 'utf8') === lines.filter((_, i) => i % 2 === 0).join('')).toBe(true);
  expect(fs.readdirSync(file().replace('/lines.jsonl', ''))).toEqual(['lines.jsonl']);
});

test.runIf(process.platform === 'linux')('the file is replaced while it is not open, as Windows demands', () => {
  fs.writeFileSync(file(), line(1) + line(2));
  expect(openWhenRenamed(() => keepLines(file(), hasEven))).toEqual([[]]);
  expect(fs.readFileSync(file(), 'utf8')).toBe(line(2));
});

test('torn and damaged lines are removed', () => {
  fs.writeFileSync(file(), `${line(2)}\0\0\0\n\n${line(4)}{"step":6,"te`);
  keepLines(file(), hasEven);
  expect(fs.readFileSync(file(), 'utf8')).toBe(line(2) + line(4));
});

test('a line that is far too long is removed, and those after it are kept', () => {
  fs.writeFileSync(file(), line(2) + line(4, 20_000_000) + line(6));
  keepLines(file(), hasEven);
  expect(fs.readFileSync(file(), 'utf8') === line(2) + line(6)).toBe(true);
});

test('a missing file stays missing, an empty one empty', () => {
  keepLines(file(), hasEven);
  expect(fs.existsSync(file())).toBe(false);
  fs.writeFileSync(file(), '');
  keepLines(file(), hasEven);
  expect(fs.readFileSync(file(), 'utf8')).toBe('');
});

test('a file of more than 512 MiB, the longest string, takes little memory', () => {
  // A hole takes no space on the disk: one line of zeros between two good ones.
  fs.writeFileSync(file(), line(2));
  fs.truncateSync(file(), 2 ** 29 + 2 ** 20);
  fs.appendFileSync(file(), `\n${line(4)}`);
  const before = process.memoryUsage.rss();
  keepLines(file(), hasEven);
  expect(fs.readFileSync(file(), 'utf8')).toBe(line(2) + line(4));
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
});
