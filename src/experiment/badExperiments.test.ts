// Every file of test/fixtures/bad-experiments gives exactly the problems of its .expected.json, at their positions.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintExperiment, parseExperiment, rules } from './index';

const folder = new URL('../../test/fixtures/bad-experiments/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith('.gan.json') ? [file.replace('.gan.json', '')] : [],
);

describe('bad experiments', () => {
  test('each has an expectation file, and there are no other files', () => {
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(readdirSync(folder)).toHaveLength(2 * names.length);
  });

  test.each(names)('%s', (name) => {
    const text = read(`${name}.gan.json`);
    const parsed = parseExperiment(text, `${name}.gan.json`);
    const problems = [...parsed.problems, ...lintExperiment(parsed)];
    const seen = problems.map(({ severity, code, line, column, offset, length, message }) => {
      return { severity, code, line, column, text: text.slice(offset, offset + length), message };
    });
    const expected: unknown[] = JSON.parse(read(`${name}.expected.json`));
    expect(expected.length).toBeGreaterThan(0);
    expect(seen).toEqual(expected);
    expect(parsed.experiment === undefined).toBe(parsed.problems.length > 0);
  });

  test('break every rule of the linter', () => {
    const codes = names.flatMap((name) =>
      (JSON.parse(read(`${name}.expected.json`)) as { code: string }[]).map(({ code }) => code),
    );
    for (const id of Object.keys(rules)) expect(codes).toContain(id);
  });
});
