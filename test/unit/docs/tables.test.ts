// Tables of names in the documents against the program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { metrics, studies, type StudyId } from '../../../src/catalog';
import { evaluationMetrics } from '../../../src/catalog/evaluationMetrics';
import { settingsTaken } from '../../../src/study/runStudy';

/** The cells of the rows of the table in a document whose head begins with this text. */
function tableIn(file: string, head: string): string[][] {
  const lines = readFileSync(path.resolve(__dirname, '../../../docs', file), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith(head));
  const rows = lines.slice(from + 2);
  return rows.slice(0, rows.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

it('docs/metrics.md has the columns and labels of each metric', () => {
  const all = { ...evaluationMetrics, ...metrics };
  const expected = Object.entries(all).map(([id, { yields }]) => [
    code([id]),
    code(Object.keys(yields)),
    Object.values<{ readonly label: string }>(yields)
      .map(({ label }) => label)
      .join(', '),
  ]);
  expect(tableIn('metrics.md', '| `"metrics"`, `--metrics`').sort()).toEqual(expected.sort());
});

it('docs/command-line.md has what each study takes from a file', () => {
  const expected = (Object.keys(studies) as StudyId[]).flatMap((id) => {
    const takes = settingsTaken(id);
    return typeof takes === 'string' ? [] : [[code([id]), code(takes)]];
  });
  expect(tableIn('command-line.md', '| ID')).toEqual(expected);
});
