// Parsing: positions, syntax, hostile files; it never throws and every position is inside the text.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { experimentSchema } from './schema';
import { findSchemaErrors } from './schemaErrors';
import { formatProblem, lintExperiment, parseExperiment, type Problem } from './index';
import { pick, random } from '../../test/support/randomExperiment';

const bare = '{ "data": { "source": "gaussians-ring" } }';
const example = (name: string) => readFileSync(new URL(`../../examples/${name}.gan.json`, import.meta.url), 'utf8');
const examples = readdirSync(new URL('../../examples', import.meta.url)).flatMap(
  (file) => /^(.*)\.gan\.json$/.exec(file)?.[1] ?? [],
);

describe('valid files', () => {
  test.each(examples)('have no problem and keep their name: example %s', (name) => {
    const parsed = parseExperiment(example(name), `examples/${name}.gan.json`);
    expect([...parsed.problems, ...lintExperiment(parsed)]).toEqual([]);
    expect(parsed.experiment?.name).toBe(name);
  });

  test('may be as short as one data source', () => {
    const parsed = parseExperiment(bare, 'a.gan.json');
    expect([...parsed.problems, ...lintExperiment(parsed)]).toEqual([]);
  });

  test.each([
    ['comments and trailing commas', '// a\n{ /* b */ "data": { "source": "digits", }, } // c\n'],
    ['a byte order mark and Windows line ends', '\uFEFF{\r\n  "data": { "source": "digits" }\r\n}\r\n'],
    ['a schema for editors', '{ "$schema": "./gan.schema.json", "data": { "source": "digits" } }'],
  ])('may have %s', (_, text) => {
    expect(parseExperiment(text, 'a.gan.json').problems).toEqual([]);
  });

  test.each([
    ['runs/rings.gan.json', 'rings'],
    ['C:\\work\\my rings.gan.jsonc', 'my rings'],
    ['plain.json', 'plain'],
    ['/dev/stdin', 'stdin'],
    ['', 'experiment'],
  ])('without a name are named after the file: %s gives %s', (file, name) => {
    expect(parseExperiment(bare, file).experiment?.name).toBe(name);
  });
});

test('a name of spaces is rejected', () => {
  const { problems } = parseExperiment('{ "name": "  ", "data": { "source": "digits" } }', 'a');
  expect(problems).toMatchObject([{ code: 'wrong-value', offset: 10, length: 4 }]);
});

describe('problem positions', () => {
  const place = ({ line, column, endLine, endColumn, offset, length }: Problem) => {
    return { line, column, endLine, endColumn, offset, length };
  };

  test('count from 1, in UTF-16 units, with all three kinds of line breaks', () => {
    const text = '\uFEFF{\r\n"name": "\u{1F600}", "steps": 0,\r"data":\n\t{ "source": "digits",\n "size": [\n1] } }';
    const [steps, size] = parseExperiment(text, 'a').problems;
    expect(place(steps)).toEqual({ line: 2, column: 24, endLine: 2, endColumn: 25, offset: 27, length: 1 });
    expect(place(size)).toMatchObject({ line: 5, column: 10, endLine: 6, endColumn: 3, length: 4 });
    expect(text.slice(size.offset, size.offset + size.length)).toBe('[\n1]');
  });

  test('are the opening brace of the parent for a missing setting, and the key for an unknown one', () => {
    const text = '{ "data": { "source": "images" }, "step": 3 }';
    const [missing, unknown] = parseExperiment(text, 'a').problems;
    expect(missing).toMatchObject({ code: 'missing', offset: 10, length: 1 });
    expect(unknown).toMatchObject({ code: 'unknown-key', offset: 34, length: 6 });
  });

  test('are printed in the form that editors and terminals turn into links', () => {
    const [problem] = parseExperiment('{\n  "steps": 0\n}', 'dir/a.gan.json').problems.slice(1);
    expect(formatProblem(problem)).toBe(
      'dir/a.gan.json:2:12: error: steps must be a whole number from 1 to 100,000,000, got 0 (for example 2000). [wrong-value]',
    );
  });
});

describe('hostile files', () => {
  test('are rejected above one megabyte', () => {
    const padded = (length: number) => bare + ' '.repeat(length - bare.length);
    expect(parseExperiment(padded(2 ** 20), 'a').problems).toEqual([]);
    expect(parseExperiment(padded(2 ** 20 + 1), 'a').problems).toMatchObject([{ code: 'too-large' }]);
  });

  test('in Latin-1 are rejected at their text, but not in a comment', () => {
    const at = '{ "data": { "source": "images", "path": "./';
    const bytes = Buffer.from(`${at}M\xfcll" } } // \xe9`, 'latin1');
    const { problems } = parseExperiment(bytes.toString('utf8'), 'a');
    expect(problems).toMatchObject([{ code: 'encoding', line: 1, column: at.length - 2, length: 8 }]);
    expect(problems[0].message).toBe(
      '"./M\uFFFDll" has a character that is not UTF-8, shown as \uFFFD. Save the file as UTF-8.',
    );
    const plain = Buffer.from('{ "data": { "source": "gaussians-ring" }, "name": "\\ufffd" } // \xe9', 'latin1');
    expect(parseExperiment(plain.toString('utf8'), 'a').problems).toEqual([]);
  });

  test('with an ε that is 0 in float32 are rejected', () => {
    const withEpsilon = (epsilon: string) =>
      parseExperiment(
        `{ "data": { "source": "gaussians-ring" }, "optimizer": { "kind": "adam", "epsilon": ${epsilon} } }`,
        'a',
      );
    expect(withEpsilon('1e-30').problems).toEqual([]);
    expect(withEpsilon('1e-50').problems[0].message).toContain('optimizer.epsilon must be a number from 1e-30 to 1');
  });

  test.each([
    ['UTF-16, little end first, with its mark', [0xff, 0xfe, 0x7b, 0, 0x7d, 0]],
    ['UTF-16, little end first, without a mark', [0x7b, 0, 0x7d, 0]],
    ['UTF-16, big end first, with its mark', [0xfe, 0xff, 0, 0x7b, 0, 0x7d]],
    ['UTF-16, big end first, without a mark', [0, 0x7b, 0, 0x7d]],
    ['UTF-32', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0, 0x7d, 0, 0, 0]],
  ])('in %s are rejected with advice', (_, bytes) => {
    const { problems } = parseExperiment(Buffer.from(bytes).toString('utf8'), 'a');
    expect(problems).toMatchObject([{ code: 'encoding', line: 1, column: 1 }]);
    expect(problems[0].message).toContain('Save it as UTF-8');
  });

  test('are rejected if nested too deeply, before anything recurses', () => {
    const text = `{ "data": ${'{"a":'.repeat(200_000)}`;
    expect(parseExperiment(text, 'a').problems).toMatchObject([{ code: 'too-deep' }]);
    const wide = `{ "data": { "source": "digits" }, "metrics": [${'[], '.repeat(40)}] }`;
    expect(parseExperiment(wide, 'a').problems.map(({ code }) => code)).toEqual(Array(40).fill('wrong-value'));
    const brackets = `// ${'['.repeat(99)}\n{ "name": "${'['.repeat(99)}", "data": { "source": "digits" } }`;
    expect(parseExperiment(brackets, 'a').problems).toEqual([]);
  });

  test.each([
    ['unknown keys', `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}}`],
    ['the same key', `{${'"steps":1,'.repeat(60_000)}}`],
    ['metrics', `{ "data": { "source": "digits" }, "metrics": [${'"w1",'.repeat(60_000)}]}`],
    ['faults', '{'.concat('x\n'.repeat(60_000))],
  ])('full of %s give a list of at most 60 problems', (_, text) => {
    const { problems } = parseExperiment(text, 'a');
    expect(problems.length).toBeGreaterThan(1);
    expect(problems.length).toBeLessThanOrEqual(60);
  });

  test('cannot change a prototype: __proto__ is an unknown key', () => {
    const text = '{ "__proto__": { "steps": 7 }, "data": { "source": "digits", "__proto__": { "size": 16 } } }';
    const { problems, experiment } = parseExperiment(text, 'a');
    expect(experiment).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['unknown-key', 'unknown-key']);
    expect(({} as { steps?: number }).steps).toBeUndefined();
  });

  test('cannot send control characters to the terminal', () => {
    const text = '{ "data": { "source": "\\u001b[2Jdigits\\u202e" }, "\\u001b]0;x\\u0007": 1, "a\u2028b": 2 }';
    const printed = parseExperiment(text, 'a\u001b[1m').problems.map(formatProblem).join('');
    expect(printed).toContain('digits');
    expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  test('have long values and keys shortened in messages', () => {
    const long = 'x'.repeat(10_000);
    const text = JSON.stringify({ data: { source: long }, [long]: 1, steps: Array(9999).fill(1) });
    for (const { message } of parseExperiment(text, 'a').problems) expect(message.length).toBeLessThan(600);
  });

  test('never throw: 2,000 damaged examples report positions inside their text', () => {
    const next = random(7);
    const pieces = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '//',
      '/*',
      '1e',
      '-',
      'null',
      '\\',
      '\n',
      '"data"',
      '0',
      '\u0000',
    ];
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      let text = example(pick(next, examples)).slice(Math.floor(next() * 40));
      for (let edit = 0; edit < 1 + 3 * next(); edit++) {
        const at = Math.floor(next() * text.length);
        text = text.slice(0, at) + (next() < 0.5 ? pick(next, pieces) : '') + text.slice(at + Math.floor(next() * 4));
      }
      const parsed = parseExperiment(text, 'a');
      expect(parsed.experiment === undefined).toBe(parsed.problems.length > 0);
      for (const problem of [...parsed.problems, ...lintExperiment(parsed)]) {
        expect(problem.message).toMatch(/[.?]$/);
        expect(problem.offset + problem.length).toBeLessThanOrEqual(text.length);
        const before = text.slice(0, problem.offset).split(/\r\n|\r|\n/);
        expect([problem.line, problem.column]).toEqual([before.length, before[before.length - 1].length + 1]);
      }
      refused += parsed.problems.length > 0 ? 1 : 0;
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

test('every invalid value is rejected, and no valid one is', () => {
  const values = [
    undefined,
    null,
    0,
    '',
    'wgan',
    true,
    [],
    {},
    [[]],
    { kind: 'clip' },
    { source: 'digits' },
    NaN,
    [1, 2],
  ];
  for (const key of [...Object.keys(experimentSchema.shape), 'x']) {
    for (const value of values) {
      const file = { data: { source: 'digits' }, [key]: value };
      expect(findSchemaErrors(experimentSchema, file).length === 0).toBe(experimentSchema.safeParse(file).success);
    }
  }
  for (const value of values) expect(findSchemaErrors(experimentSchema, value).length).toBeGreaterThan(0);
});
