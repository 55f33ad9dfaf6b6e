// Quick fixes: each removes its problem, adds no other, and leaves the rest of the file unchanged.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintExperiment, parseExperiment, setOverride, type Problem } from './index';

const problemsOf = (text: string): Problem[] => {
  const parsed = parseExperiment(text, 'a.gan.json');
  return [...parsed.problems, ...lintExperiment(parsed)];
};
const apply = (text: string, { offset, length, text: inserted }: { offset: number; length: number; text: string }) =>
  text.slice(0, offset) + inserted + text.slice(offset + length);

/** The text after the first fix of the first problem that has one. */
const fixed = (text: string): string => {
  const [fix] = problemsOf(text).flatMap(({ fixes = [] }) => fixes);
  expect(fix).toBeDefined();
  return apply(text, fix);
};

const folder = new URL('../../test/fixtures/bad-experiments/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.gan.json'));

describe('quick fixes for every bad experiment', () => {
  test.each(files)('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const before = problemsOf(text);
    const count = (problems: Problem[], { message }: Problem) => problems.filter((p) => p.message === message).length;
    for (const problem of before) {
      for (const fix of problem.fixes ?? []) {
        const after = problemsOf(apply(text, fix));
        expect(count(after, problem), `${fix.title}: ${problem.message}`).toBe(count(before, problem) - 1);
        expect(after.filter(({ code }) => code === 'json-syntax')).toEqual([]);
        // Once a file parses, the linter also checks it.
        const errors = after.filter((p) => p.severity === 'error' && count(before, p) === 0);
        if (before.every(({ severity, code }) => severity === 'warning' || code in problem)) expect(errors).toEqual([]);
      }
    }
  });

  test('exist for most mistakes that can be fixed automatically', () => {
    const all = files.flatMap((name) => problemsOf(readFileSync(new URL(name, folder), 'utf8')));
    const without = (code: string) => all.filter((p) => p.code === code && p.fixes === undefined);
    for (const code of [
      'unknown-key',
      'unconstrained-wasserstein',
      'critic-steps',
      'batch-fits-data',
      'penalty-weight',
    ])
      expect(without(code), code).toEqual([]);
  });
});

describe('a quick fix', () => {
  const ring = '"data": { "source": "gaussians-ring" }';

  test('keeps comments, trailing commas and indentation', () => {
    const text = `// mine\n{\n\t// the ring\n\t${ring},\n\t"objective": "wgan", // Wasserstein\n\t"constraint": null, /* none */\n}\n`;
    expect(fixed(text)).toBe(text.replace('null', '"gradient-penalty"'));
  });

  test('keeps Windows line breaks and a byte order mark', () => {
    const text = `\uFEFF{\r\n  ${ring},\r\n  "criticSteps": 1\r\n}\r\n`;
    expect(fixed(text)).toBe(text.replace('"criticSteps": 1', '"criticSteps": 5'));
  });

  test.each([
    ['a short form', '"constraint": "clip"', '"constraint": "clip"'],
    ['one constraint outside a list', '"constraint": { "kind": "gradient-penalty", "lambda": 0.001 }', '"lambda": 0.1'],
    ['one in a list', '"constraint": [{ "kind": "gradient-penalty", "lambda": 0.001 }]', '"lambda": 0.1 }]'],
    ['one optimizer for both', '"optimizer": { "kind": "adam", "learningRate": 1 }', '"learningRate": 0.0001'],
  ])('keeps the form of %s', (_, setting, expected) => {
    const text = `{ ${ring}, ${setting}, "criticSteps": 5 }`;
    const [problem] = problemsOf(text);
    expect(problem?.fixes ? fixed(text) : text).toContain(expected);
  });

  test('adds a setting that only the preset has', () => {
    const text = `{\n  "preset": "gan",\n  "objective": "wgan",\n  ${ring}\n}`;
    const once = fixed(text);
    expect(once).toMatch(/"constraint": "gradient-penalty"\n}$/);
    expect(fixed(once)).toMatch(/"criticSteps": 5\n}$/);
  });

  test('keeps an object on its line, and a file on one line', () => {
    const text = `{\n  "data": { "source": "digits", "samples": 100 }, // few\n}`;
    expect(fixed(text)).toBe(text.replace('100 }', '100, "validation": 0.1 }'));
    expect(fixed(`{ ${ring}, "preset": "gan", "objective": "wgan", "criticSteps": 5 }`)).toBe(
      `{ ${ring}, "preset": "gan", "objective": "wgan", "criticSteps": 5, "constraint": "gradient-penalty" }`,
    );
  });

  test.each([
    [
      'the last of a list, with its comment',
      '[\n    "gradient-penalty", // first\n    "r1" // second\n  ]',
      '[\n    "gradient-penalty" // first\n  ]',
    ],
    [
      'the first',
      '[\n    "r1", // first\n    "gradient-penalty", // second\n  ]',
      '[\n    "gradient-penalty", // second\n  ]',
    ],
    ['one on the line of others', '["r1", "gradient-penalty"]', '["gradient-penalty"]'],
    [
      'one between others',
      '[ "gradient-penalty", /* , */ "r1" , "spectral-norm" ]',
      '[ "gradient-penalty", /* , */ "spectral-norm" ]',
    ],
    ['the last on a line', '["gradient-penalty", "r1"] // why', '["gradient-penalty"] // why'],
    ['the last before a trailing comma', '["gradient-penalty", "r1", ]', '["gradient-penalty", ]'],
  ])('removes a list item: %s', (_, list, left) => {
    const text = `{\r\n  ${ring}, "criticSteps": 5,\r\n  "constraint": ${list}\r\n}`;
    expect(fixed(text)).toBe(text.replace(list, left));
  });

  test('renames an unknown key, or removes it if no setting is similar', () => {
    expect(fixed(`{ ${ring}, "critic_steps": 3 }`)).toBe(`{ ${ring}, "criticSteps": 3 }`);
    expect(fixed(`{ ${ring}, "zzz": [1, { "a": 2 }] }`).replace(/\s/g, '')).toBe(`{${ring}}`.replace(/\s/g, ''));
    expect(fixed(`{ ${ring}, "objective": "wgam", "steps": 5 }`)).toBe(`{ ${ring}, "objective": "wgan", "steps": 5 }`);
  });
});

test('a value set by an option has no quick fix in the file', () => {
  const parsed = parseExperiment('{ "data": { "source": "gaussians-ring" } }', 'a.gan.json', [
    setOverride('criticSteps=1'),
  ]);
  const [problem] = lintExperiment(parsed);
  expect(problem).toMatchObject({ code: 'critic-steps', option: '--set criticSteps=1' });
  expect(problem.fixes).toBeUndefined();
});
