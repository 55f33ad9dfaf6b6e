// What the comments of the examples say about their training is measured by `npm run examples`, with bounds
// that hold for every seed in docs/results.md.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimCells, claimsOf, exampleClaims, exampleFiles, holds, rowsOf } from '../../../scripts/docs/exampleClaims';
import { root, textOf } from '../../support/documents';

const files = exampleFiles(readdirSync(path.join(root, 'examples'), { recursive: true }) as string[]);
const textOfExample = (name: string): string => textOf(`examples/${files.get(name)!}`);

/** The comments of an example as one text. */
const commentsOf = (name: string): string =>
  [...textOfExample(name).matchAll(/(?:^|\s)\/\/ ?(.*)$/gm)].map(([, comment]) => comment).join(' ');

const rows = rowsOf(textOf('docs/results.md'));

it('claims are about examples', () => {
  expect(Object.keys(exampleClaims).filter((name) => !files.has(name))).toEqual([]);
});

describe.each([...files.keys()])('%s', (name) => {
  const text = textOfExample(name);
  const claims = claimsOf(name, text);
  it('says what is measured', () => {
    const unsaid = claims.filter(({ says }) => !commentsOf(name).includes(says));
    expect(unsaid.map(({ says }) => says)).toEqual([]);
  });

  it('says nothing else with a number that only training can show', () => {
    const rest = claims.reduce((text, { says }) => text.replaceAll(says, '…'), commentsOf(name));
    const results = [
      /\d\s?%/,
      /\b(?:\d+|an?|one|two|few|half a) (?:second|minute|hour)s?\b/,
      /\bsteps? \d+|\(\d{3,}\)|\bwithin \d+ steps|\bafter \d+ steps/,
      /\b(?:W₁|estimate|curve|modes?"?|quality"?)\b[^.:]*? (?:to|of|near|at|about|reaches|nearly) \d+\.?\d*\b(?! \+)/,
    ];
    expect(results.map((result) => result.exec(rest)?.[0]).filter((found) => found !== undefined)).toEqual([]);
  });

  const measures = rows.filter(([example]) => example.startsWith(`${name} `));

  it('has its claims and settings in docs/results.md (if not, run npm run examples)', () => {
    expect(measures.map((row) => row.slice(0, 4))).toEqual(claims.map((claim) => [...claimCells(name, text, claim)]));
  });

  it.each(claims.map((claim, index) => ({ claim, index })))('"$claim.says" holds', ({ claim, index }) => {
    const values = measures[index].slice(4).map(Number);
    expect(values.length).toBeGreaterThanOrEqual(3);
    expect(values.filter((value) => !holds(claim, value))).toEqual([]);
  });
});
