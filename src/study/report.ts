// The texts that a study writes: tables as CSV, and the report in Markdown.
import path from 'node:path';
import { type StudyId, studies } from '../catalog';
import type { Conclusion, Table, Training } from './study';

/** RFC 4180, with all digits of every number. */
export function csvOf({ columns, rows }: Table): string {
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function markdownTable({ columns, rows }: Table): string {
  const text = (value: string | number) =>
    typeof value === 'number' ? String(Number(value.toPrecision(4))) : value.replaceAll('|', '\\|');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(text)))].join('\n');
}

export function reportOf(
  id: StudyId,
  { holds, verdict, tables }: Conclusion,
  runs: readonly Training[],
  folder: string,
) {
  const { title, claim, source } = studies[id];
  const sections = [
    `# ${title}`,
    `**The paper:** ${claim} (${source})`,
    `**Here:** ${verdict} The claim ${holds ? 'holds' : 'does not hold'} at this size.`,
    '![](figure.png)',
    ...Object.entries(tables).map(([name, table]) => `## ${name}\n\n${markdownTable(table)}`),
  ];
  const links = runs.map(({ name, seed, directory }) => {
    const relative = path.relative(folder, directory).split(path.sep).join('/');
    return `- [${name}, seed ${seed}](${relative})`;
  });
  if (links.length > 0) sections.push(`## Runs\n\n${links.join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}
